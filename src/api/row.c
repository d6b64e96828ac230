#include "api/row.h"

#include "core/json.h"
#include "db/db.h"
#include "web/request.h"
#include "web/response.h"

CAN_FAIL row_answer(struct request *req, const struct rows *rows, int status,
                    enum fault_kind missing, struct response *out)
{
	const char *json = rows_text(rows, 0, 0);

	if (!json)
		return fault(req->mem, missing, "no such row");
	response_json(out, status, js_literal(req->mem, json));
	return NULL;
}

CAN_FAIL row_deleted(struct request *req, const struct rows *rows,
                     const char *message, enum fault_kind missing,
                     struct response *out)
{
	json_object *body = js_object(req->mem);

	if (!rows_text(rows, 0, 0) && !req->db.repeated)
		return fault(req->mem, missing, "no such row");
	js_put_text(body, "message", message);
	response_json(out, 200, body);
	return NULL;
}
