#include "mcp/endpoint.h"

#include "auth/origin.h"
#include "auth/principal.h"
#include "core/text.h"
#include "auth/cors.h"
#include "mcp/era.h"
#include "mcp/rpc.h"
#include "web/request.h"
#include "web/response.h"
#include "web/route.h"

enum { BODY_MOST = 1 << 20 };

static const struct route body = { .body = RAW_BODY, .most = BODY_MOST };

bool endpoint_may_lack_id(const struct request *req)
{
	enum revision revision;

	if (!request_header(req, "MCP-Protocol-Version"))
		return true;
	return !era_of_header(req, &revision) || revision > REVISION_2025_06_18;
}

static bool about_token(const struct fault *wrong)
{
	return wrong && (wrong->kind == FAULT_NO_TOKEN ||
	                 wrong->kind == FAULT_BAD_TOKEN);
}

/* The trip to the database that knows the token knows the host too, which is
 * the first thing to be decided; what it says of the token waits until the
 * origin and a preflight, which carries none, are dealt with. */
CAN_FAIL endpoint(struct request *req, struct response *out)
{
	struct fault *token = gateway_token(req);

	if (token && !about_token(token))
		return token;
	TRY(cors_check(req));
	if (text_same(req->method, "OPTIONS")) {
		cors_preflight(req, out);
		return NULL;
	}
	TRY(token);
	if (!text_same(req->method, "POST")) {
		response_header(out, "Allow", "POST");
		return fault(req->mem, FAULT_WRONG_METHOD, "no POST");
	}
	if (request_header_twice(req, "Accept"))
		return fault(req->mem, FAULT_BAD_REQUEST, "two Accept headers");
	TRY(read_body(&body, req));
	return rpc_answer(req, out);
}

CAN_FAIL gone(struct request *req, struct response *out)
{
	json_object *tree = js_object(req->mem);
	const char *url = gateway_origin(req);
	struct fault *token = gateway_token(req);

	if (token && !about_token(token))
		return token;
	js_put_text(tree, "detail",
	            text_format(req->mem,
	                        "The HTTP+SSE transport is no longer served: "
	                        "set your client to Streamable HTTP at %s",
	                        url));
	js_put_text(tree, "endpoint", url);
	response_json(out, 410, tree);
	return NULL;
}
