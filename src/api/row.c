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
