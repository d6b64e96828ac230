#include "api/shares.h"

#include "api/invitations.h"
#include "api/list.h"
#include "api/row.h"
#include "core/arena.h"
#include "core/json.h"
#include "core/moment.h"
#include "core/text.h"
#include "db/db.h"
#include "sources/source.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/request.h"
#include "web/response.h"

enum { TEXT_MOST = 100, SCOPES_MOST = 100 };

/* What somebody may be let in for: both tools every server has, and the tools
 * that a kind of source has of its own. */
static bool scope_known(const struct request *req, const char *scope)
{
	const struct source_kind *kind = kind_find(req->app->kinds, scope);

	return text_same(scope, "search") || text_same(scope, "fetch") ||
	       (kind && kind->vendor);
}

/* scopes as a Postgres array; NULL, for all of them, when there are none. */
static CAN_FAIL read_scopes(struct request *req, struct fields *body,
                            const char **scopes)
{
	json_object *list = field_array_maybe(body, "scopes");
	size_t count = js_count(list);
	const char **each = arena_array(req->mem, count + 1, sizeof(*each));

	*scopes = NULL;
	if (!list)
		return body->fault;
	if (count == 0 || count > SCOPES_MOST)
		field_wrong(body, "scopes must name one at least; leave it out "
		                  "for all of them.");
	for (size_t i = 0; i < count; i++) {
		each[i] = js_text(js_item(list, i));
		if (!each[i] || !scope_known(req, each[i]))
			field_wrong(body, "scopes may be search, fetch, and "
			                  "types of sources that have tools of "
			                  "their own.");
	}
	TRY(body->fault);
	*scopes = db_array(req->mem, each, count);
	return NULL;
}

static CAN_FAIL read_end(struct request *req, struct fields *body,
                         const char **end)
{
	const char *text = field_text_maybe(body, "expires_at", 1, TEXT_MOST);
	time_t moment;

	*end = NULL;
	if (text && !moment_read(req->mem, text, &moment))
		field_wrong(body, "expires_at must be a time such as "
		                  "2026-12-31T12:00:00Z.");
	else if (text)
		*end = moment_text(req->mem, moment);
	return body->fault;
}

/* With whom: an address, to invite, or a team. */
static CAN_FAIL read_whom(struct request *req, struct fields *body,
                          struct invitation *to, const char **team)
{
	const char *id = field_text_maybe(body, "team_id", 0, TEXT_MOST);
	bool email = !js_is_null(js_get(body->tree, "email"));

	*team = NULL;
	if (email == (id != NULL))
		field_wrong(body, "Share with an email or with a team_id.");
	if (email)
		return invitation_new(req, body, to);
	TRY(body->fault);
	*team = text_uuid(req->mem, id);
	if (!*team)
		return fault_told(req->mem, FAULT_BAD_ID,
		                  "Invalid team ID format");
	return NULL;
}

CAN_FAIL shares_list(struct request *req, struct response *out)
{
	struct list list;
	struct rows *rows;

	TRY(list_read(req, &list));
	TRY(db_run(&req->db, SQL_SHARE_LIST, &rows, req->parts[0], list.limit,
	           list.offset));
	list_answer(req, &list, rows,
	            text_format(req->mem, "/api/v1/mcp-servers/%s/shares",
	                        req->parts[0]),
	            out);
	return NULL;
}

CAN_FAIL share_create(struct request *req, struct response *out)
{
	struct fields body = fields_of(req->mem, req->json);
	const char *scopes, *end, *team;
	struct invitation to = { 0 };
	struct rows *rows;

	TRY(read_scopes(req, &body, &scopes));
	TRY(read_end(req, &body, &end));
	TRY(read_whom(req, &body, &to, &team));
	TRY(db_run(&req->db, SQL_SHARE_CREATE, &rows, random_uuid(req->mem),
	           req->parts[0], to.email.shown, to.email.key, team, scopes,
	           end, to.digest,
	           text_format(req->mem, "%ld",
	                       req->app->config.shares_per_server)));
	if (team)
		return row_answer(req, rows, 201, FAULT_NO_SERVER, out);
	return invitation_answer(req, rows, &to, out);
}

CAN_FAIL share_end(struct request *req, struct response *out)
{
	struct rows *rows;

	TRY(db_run(&req->db, SQL_SHARE_END, &rows, req->parts[0],
	           req->parts[1]));
	return row_deleted(req, rows, "Share deleted successfully",
	                   FAULT_NO_SHARE, out);
}

CAN_FAIL shared_servers_list(struct request *req, struct response *out)
{
	struct list list;
	struct rows *rows;

	TRY(list_read(req, &list));
	TRY(db_run(&req->db, SQL_SHARED_SERVERS, &rows, list.limit,
	           list.offset));
	list_answer(req, &list, rows, "/api/v1/shared-servers", out);
	return NULL;
}
