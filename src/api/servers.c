#include "api/servers.h"

#include "api/list.h"
#include "api/row.h"
#include "core/arena.h"
#include "core/config.h"
#include "core/json.h"
#include "core/text.h"
#include "db/db.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/request.h"
#include "web/response.h"

enum { NAME_MOST = 255, SOURCES_MOST = 1000, ECHO_MOST = 100 };

/* source_ids as a Postgres array, in lower case with hyphens. NULL when the
 * client says none. Whose they are is for the statement to see. */
static CAN_FAIL read_ids(struct request *req, json_object *list,
                         const char **ids)
{
	size_t count = js_count(list);
	const char **each = arena_array(req->mem, count + 1, sizeof(*each));

	*ids = NULL;
	if (!list)
		return NULL;
	if (count > SOURCES_MOST)
		return fault_told(req->mem, FAULT_BAD_FIELD,
		                  "source_ids may hold %d ids at most.",
		                  SOURCES_MOST);
	for (size_t i = 0; i < count; i++) {
		const char *text = js_text(js_item(list, i));

		if (!text)
			return fault_told(req->mem, FAULT_BAD_FIELD,
			                  "source_ids must hold strings only.");
		each[i] = text_uuid(req->mem, text);
		if (!each[i])
			return fault_told(req->mem, FAULT_BAD_ID,
			                  "Invalid source ID format: %s",
			                  text_cut(req->mem,
			                           text_visible(req->mem, text),
			                           ECHO_MOST));
	}
	*ids = db_array(req->mem, each, count);
	return NULL;
}

/* Who may use a server beside its owner; NULL when the client says nothing. */
static CAN_FAIL read_access(struct request *req, struct fields *body,
                            const char **access)
{
	static const char *const known[] = { "private", "shared", "public" };

	*access = field_choice_maybe(body, "access", known, 3);
	TRY(body->fault);
	if (text_same(*access, "public") && !req->app->config.public_servers)
		return fault_told(req->mem, FAULT_BAD_FIELD,
		                  "access may not be public: this gateway's "
		                  "operator has not allowed it "
		                  "(GATEHOUSE_PUBLIC_SERVERS).");
	return NULL;
}

/* The pool as it is now: it may have grown since the start. What is wrong with
 * it is the operator's to read, not the client's. */
static CAN_FAIL read_pool(struct request *req, const char **domains)
{
	size_t count = 0;
	struct fault *wrong;
	char **each;

	wrong = config_pool(req->mem, &req->app->config, &each);
	if (wrong)
		return fault(req->mem, FAULT_INTERNAL, "%s", wrong->note);
	while (each[count])
		count++;
	*domains = db_array(req->mem, (const char *const *)each, count);
	return NULL;
}

CAN_FAIL servers_list(struct request *req, struct response *out)
{
	struct list list;
	struct rows *rows;

	TRY(list_read(req, &list));
	TRY(db_run(&req->db, SQL_SERVER_LIST, &rows, list.limit, list.offset));
	list_answer(req, &list, rows, "/api/v1/mcp-servers", out);
	return NULL;
}

CAN_FAIL server_create(struct request *req, struct response *out)
{
	const struct config *config = &req->app->config;
	struct fields body = fields_of(req->mem, req->json);
	const char *name = field_text(&body, "name", 0, NAME_MOST);
	json_object *list = field_array_maybe(&body, "source_ids");
	const char *ids, *domains, *access;
	struct rows *rows;

	TRY(read_access(req, &body, &access));
	TRY(read_ids(req, list, &ids));
	TRY(read_pool(req, &domains));
	TRY(db_run(&req->db, SQL_SERVER_CREATE, &rows, random_uuid(req->mem),
	           name, ids ? ids : "{}", domains,
	           text_format(req->mem, "%ld", config->domain_rest_hours),
	           text_format(req->mem, "%ld", config->servers_per_user),
	           access ? access : "private"));
	return row_answer(req, rows, 201, FAULT_NO_SERVER, out);
}

CAN_FAIL server_get(struct request *req, struct response *out)
{
	struct rows *rows;

	TRY(db_run(&req->db, SQL_SERVER_GET, &rows, req->parts[0]));
	return row_answer(req, rows, 200, FAULT_NO_SERVER, out);
}

CAN_FAIL server_change(struct request *req, struct response *out)
{
	struct fields body = fields_of(req->mem, req->json);
	const char *name = field_text_maybe(&body, "name", 0, NAME_MOST);
	json_object *list = field_array_maybe(&body, "source_ids");
	const char *ids, *access;
	struct rows *rows;

	TRY(read_access(req, &body, &access));
	TRY(read_ids(req, list, &ids));
	if (!name && !ids && !access)
		return fault(req->mem, FAULT_NOTHING_TO_CHANGE, "empty change");
	TRY(db_run(&req->db, SQL_SERVER_CHANGE, &rows, req->parts[0], name, ids,
	           access));
	return row_answer(req, rows, 200, FAULT_NO_SERVER, out);
}

CAN_FAIL server_delete(struct request *req, struct response *out)
{
	struct rows *rows;

	TRY(db_run(&req->db, SQL_SERVER_DELETE, &rows, req->parts[0]));
	return row_deleted(req, rows, "MCP server deleted successfully",
	                   FAULT_NO_SERVER, out);
}
