#include "mcp/answer.h"

#include "auth/challenge.h"
#include "auth/cors.h"
#include "auth/limit.h"
#include "auth/whose.h"
#include "core/arena.h"
#include "core/text.h"
#include "mcp/endpoint.h"
#include "mcp/reply.h"
#include "web/app.h"
#include "web/request.h"
#include "web/response.h"
#include "web/route.h"

/* Seconds, where a fault names none. */
enum { RETRY = 2 };

/* What concerns the message is a JSON-RPC error, which clients look for before
 * they take a server for an old one; what concerns the address or the token is
 * plain. A body that older revisions would not take is plain too. */
static json_object *body_of(struct request *req, const struct fault *wrong)
{
	int status = fault_row(wrong->kind)->http;
	bool message = status == 400 || status == 403 || status == 413 ||
	               status == 415 || status == 429 || status >= 500;
	json_object *tree;

	if (message && endpoint_may_lack_id(req))
		return reply_error(req->mem, wrong);
	tree = js_object(req->mem);
	js_put_text(tree, "detail", wrong->told);
	return tree;
}

static void tell(struct request *req, const struct fault *wrong,
                 struct response *out)
{
	int status = fault_row(wrong->kind)->http;
	int wait = wrong->retry_after;

	if (status == 401)
		challenge(req, wrong, out);
	if (!wait && (status == 429 || status == 503))
		wait = RETRY;
	if (wait)
		response_header(out, "Retry-After",
		                text_format(req->mem, "%d", wait));
	response_json(out, status, body_of(req, wrong));
}

void mcp_answer(struct request *req, struct response *out)
{
	const struct route *route = NULL;
	int64_t began = clock_ms();
	struct fault *wrong;

	/* a stream's head goes out while the handler works */
	cors_headers(req, out);
	response_header(out, "Cache-Control", "no-store");
	response_header(out, "X-Request-Id", req->id);
	wrong = route_serve(req, &route, out);
	if (wrong && !out->streaming) {
		limit_record(req, wrong, route ? route->path : "(none)");
		tell(req, wrong, out);
	}
	record_token(req, route, out, wrong, began);
}
