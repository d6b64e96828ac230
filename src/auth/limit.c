#include "auth/limit.h"

#include <stdbool.h>

#include "auth/principal.h"
#include "auth/throttle.h"
#include "core/log.h"
#include "core/text.h"
#include "web/request.h"

/* A refusal has to be quick, above all where there are many. */
enum { RECORD_MS = 500 };

static const enum fault_kind limits[] = {
	FAULT_TOO_MANY,
	FAULT_QUOTA,
	FAULT_NO_DOMAIN,
};

static bool is_limit(enum fault_kind kind)
{
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++)
		if (limits[i] == kind)
			return true;
	return false;
}

/* Who it is that is counted: a token, a person, or else where they are. */
static const char *subject_of(const struct request *req)
{
	const struct principal *who = req->principal;

	if (!who)
		return throttle_network(req);
	return who->token_id ? who->token_id : who->user_id;
}

void limit_record(struct request *req, const struct fault *wrong,
                  const char *what)
{
	const struct principal *who = req->principal;
	struct db db = db_unwatched(&req->db, RECORD_MS);
	const char *name = fault_row(wrong->kind)->name;
	json_object *detail;
	const char *key;

	if (!is_limit(wrong->kind))
		return;
	key = text_format(req->mem, "limit %s %s %s", subject_of(req), name,
	                  what);
	detail = js_object(req->mem);
	js_put_text(detail, "request", req->id);
	js_put_text(detail, "fault", name);
	js_put_text(detail, "of", what);
	js_put_text(detail, "address", req->address);
	if (who && who->token_id) {
		js_put_text(detail, "server", who->server_id);
		js_put_text(detail, "token", who->token_id);
	}
	if (db_run(&db, SQL_AUDIT_SELDOM, NULL, key, who ? who->user_id : NULL,
	           "limit", js_print(req->mem, detail)))
		log_line(LOG_WARNING, "audit-lost",
		         { "request_id", req->id, 0 },
		         { "note", "limit refused", 0 });
}
