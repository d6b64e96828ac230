#include "oauth/refusal.h"

#include "auth/throttle.h"
#include "core/log.h"
#include "core/text.h"
#include "db/db.h"
#include "oauth/client.h"
#include "web/request.h"

/* A refusal has to be quick. */
enum { RECORD_MS = 500 };

void refusal_record(struct request *req, const struct oauth_server *server,
                    const struct oauth_client *client, const char *event,
                    const struct fault *wrong)
{
	const struct fault_row *row = fault_row(wrong->kind);
	const char *id = client->id ? client->id : "";
	struct db db = db_unwatched(&req->db, RECORD_MS);
	json_object *detail = js_object(req->mem);

	if (!server->id || row->http >= 500)
		return;
	js_put_text(detail, "request", req->id);
	js_put_text(detail, "server", server->id);
	js_put_text(detail, "fault", row->name);
	js_put_text(detail, "address", req->address);
	if (client->id)
		js_put_text(detail, "client", id);
	if (db_run(&db, SQL_AUDIT_SELDOM, NULL,
	           text_format(req->mem, "refused %s %s %s %s %s",
	                       throttle_network(req), server->id, event,
	                       row->name, id),
	           server->owner, event, js_print(req->mem, detail)))
		log_line(LOG_WARNING, "audit-lost",
		         { "request_id", req->id, 0 },
		         { "note", text_format(req->mem, "%s refused", event),
		           0 });
}
