#include "api/sessions.h"

#include "api/list.h"
#include "api/row.h"
#include "auth/principal.h"
#include "core/text.h"
#include "db/db.h"
#include "web/app.h"
#include "web/request.h"
#include "web/response.h"

CAN_FAIL sessions_list(struct request *req, struct response *out)
{
	struct list list;
	struct rows *rows;

	TRY(list_read(req, &list));
	TRY(db_run(&req->db, SQL_SESSION_LIST, &rows,
	           text_format(req->mem, "%ld",
	                       req->app->config.session_idle_hours),
	           list.limit, list.offset));
	list_answer(req, &list, rows, "/api/v1/sessions", out);
	for (size_t i = 0; i < js_count(out->json); i++) {
		json_object *one = js_item(out->json, i);

		js_put_boolean(one, "current",
		               text_same(js_text(js_get(one, "id")),
		                         req->principal->session_id));
	}
	return NULL;
}

CAN_FAIL sessions_end(struct request *req, struct response *out)
{
	json_object *body = js_object(req->mem);
	struct rows *rows;

	TRY(db_run(&req->db, SQL_SESSION_END_OTHER, &rows, NULL,
	           req->principal->session_id));
	js_put_text(body, "message", "All other sessions ended successfully");
	js_put_integer(body, "ended", (int64_t)rows_count(rows));
	response_json(out, 200, body);
	return NULL;
}

CAN_FAIL session_end(struct request *req, struct response *out)
{
	struct rows *rows;

	TRY(db_run(&req->db, SQL_SESSION_END_OTHER, &rows, req->parts[0],
	           req->principal->session_id));
	return row_deleted(req, rows, "Session ended successfully",
	                   FAULT_NO_SESSION, out);
}
