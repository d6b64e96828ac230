#include "auth/cors.h"

#include "auth/origin.h"
#include "core/text.h"
#include "web/request.h"
#include "web/response.h"

CAN_FAIL cors_check(struct request *req)
{
	const char *origin = request_header(req, "Origin");

	if (request_header_twice(req, "Origin"))
		return fault(req->mem, FAULT_BAD_REQUEST, "two Origin headers");
	if (origin && !origin_allowed_at_gateway(req, origin))
		return fault(req->mem, FAULT_BAD_ORIGIN, "%s",
		             text_cut(req->mem, origin, 100));
	return NULL;
}

void cors_headers(struct request *req, struct response *out)
{
	const char *origin = request_header(req, "Origin");

	response_header(out, "Vary", "Origin");
	if (!origin || request_header_twice(req, "Origin") ||
	    !origin_allowed_at_gateway(req, origin))
		return;
	response_header(out, "Access-Control-Allow-Origin", origin);
	response_header(out, "Access-Control-Expose-Headers",
	                "WWW-Authenticate, Retry-After, Mcp-Session-Id");
}

void cors_preflight(struct request *req, struct response *out)
{
	(void)req;
	response_header(out, "Access-Control-Allow-Methods",
	                "POST, GET, DELETE, OPTIONS");
	response_header(out, "Access-Control-Allow-Headers",
	                "Authorization, Content-Type, Accept, "
	                "MCP-Protocol-Version, Mcp-Method, Mcp-Name, "
	                "Mcp-Session-Id, Last-Event-ID, traceparent, "
	                "tracestate");
	response_header(out, "Access-Control-Max-Age", "600");
	response_json(out, 204, NULL);
}
