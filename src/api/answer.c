#include "api/answer.h"

#include "api/fallback.h"
#include "auth/limit.h"
#include "auth/origin.h"
#include "auth/whose.h"
#include "core/arena.h"
#include "core/text.h"
#include "web/app.h"
#include "web/request.h"
#include "web/response.h"
#include "web/route.h"

/* Seconds, where a fault names none: a full account or pool does not empty
 * itself soon, a database or a busy worker may be back at once. */
enum { RETRY_FULL = 60, RETRY_BUSY = 2 };

/* nginx forwards a header that came twice as it is, and a look-up would answer
 * the first, where another reader may take the second (TV-11). */
static CAN_FAIL check_once(struct request *req)
{
	static const char *const names[] = { "Origin", "Content-Type", "Accept",
		                             NULL };

	for (size_t i = 0; names[i]; i++)
		if (request_header_twice(req, names[i]))
			return fault_told(req->mem, FAULT_BAD_REQUEST,
			                  "The header %s came twice.",
			                  names[i]);
	return NULL;
}

static CAN_FAIL serve(struct request *req, const struct route **route,
                      struct response *out)
{
	TRY(request_in_time(req));
	TRY(route_find(req->app->routes, req, route)); /* which row? */
	TRY(check_once(req));
	TRY((*route)->who(req));      /* who asks, and may they? */
	TRY(read_parts(*route, req)); /* about which things? */
	TRY(read_body(*route, req));  /* what do they say? */
	if (arena_full(req->mem))
		return fault(req->mem, FAULT_TOO_LARGE, "the arena is full");
	TRY((*route)->handle(req, out)); /* do it */
	return NULL;
}

static void tell(struct request *req, const struct fault *wrong,
                 struct response *out)
{
	json_object *body = js_object(req->mem);
	int status = fault_row(wrong->kind)->http;
	int wait = wrong->retry_after;

	out->headers = NULL; /* of an answer that did not come about */
	if (!wait && (status == 429 || wrong->kind == FAULT_NO_DOMAIN))
		wait = RETRY_FULL;
	if (!wait && status == 503)
		wait = RETRY_BUSY;
	if (wait)
		response_header(out, "Retry-After",
		                text_format(req->mem, "%d", wait));
	js_put_text(body, "detail", wrong->told);
	response_json(out, status, body);
}

static void refuse(struct request *req, const struct route *route,
                   const struct fault *wrong, struct response *out)
{
	limit_record(req, wrong, route ? route->path : "(none)");
	tell(req, wrong, out);
}

/* What every answer carries; nginx adds what does not depend on the request.
 * Nothing of this host is worth a cache: answers differ by who asks. */
static void add_headers(struct request *req, struct response *out)
{
	origin_headers(req, out);
	response_header(out, "Cache-Control", "no-store");
	response_header(out, "X-Request-Id", req->id);
}

void api_answer(struct request *req, struct response *out)
{
	const struct route *route = NULL;
	int64_t began = clock_ms();
	struct fault *wrong = serve(req, &route, out);

	if (wrong && wrong->kind == FAULT_NO_ROUTE && !route)
		fallback(req, out);
	else if (wrong)
		refuse(req, route, wrong, out);
	add_headers(req, out);
	record_account(req, route, out, wrong, began);
}
