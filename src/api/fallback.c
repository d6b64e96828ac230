#include "api/fallback.h"

#include "core/fault.h"
#include "core/json.h"
#include "core/text.h"
#include "web/request.h"
#include "web/response.h"

void fallback(struct request *req, struct response *out)
{
	json_object *body = js_object(req->mem);

	if (text_same(req->method, "OPTIONS") &&
	    text_starts(req->path, "/api/v1/")) {
		response_json(out, 200, body);
		return;
	}
	js_put_text(body, "message", fault_row(FAULT_NO_ROUTE)->told);
	js_put_text(body, "method", req->method);
	js_put_text(body, "url", req->path);
	response_json(out, 404, body);
}
