#include "oauth/answer.h"

#include <assert.h>
#include <string.h>

#include "auth/bearer.h"
#include "auth/cors.h"
#include "auth/limit.h"
#include "auth/whose.h"
#include "core/text.h"
#include "web/app.h"
#include "web/page.h"
#include "web/request.h"
#include "web/response.h"
#include "web/route.h"

enum { RETRY = 2 };

/* Who looks at the answer: a person or a client, at the app host or a gateway. */
static const struct address {
	const char *start;
	bool page;
	bool app;
} addresses[] = {
	{ "/oauth/", true, true },   { "/invitations/", true, true },
	{ "/connect/", true, true }, { "/authorize", true, false },
	{ "/token", false, false },  { "/register", false, false },
	{ "/revoke", false, false }, { "/.well-known/oauth-", false, false },
};

bool wants_page(const struct request *req)
{
	const char *accept = request_header(req, "Accept");

	return accept && strstr(accept, "text/html");
}

/* NULL: none of ours. */
static const struct address *address_of(const struct request *req)
{
	/* A browser on its way to a provider or back; a program is answered as
	 * everywhere in the API. */
	static const struct address provider = { "/api/v1/auth/", true, true };

	for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++)
		if (text_starts(req->path, addresses[i].start))
			return &addresses[i];
	return text_starts(req->path, provider.start) && wants_page(req)
	               ? &provider
	               : NULL;
}

bool oauth_is_asked(const struct request *req)
{
	return address_of(req);
}

const char *oauth_code(const struct fault *wrong)
{
	static const struct {
		enum fault_kind kind;
		const char *code;
	} rows[] = {
		{ FAULT_BAD_CLIENT, "invalid_client" },
		{ FAULT_CLIENT_MAY_NOT, "unauthorized_client" },
		{ FAULT_BAD_CLIENT_DATA, "invalid_client_metadata" },
		{ FAULT_BAD_REDIRECT, "invalid_redirect_uri" },
		{ FAULT_BAD_GRANT, "invalid_grant" },
		{ FAULT_BAD_GRANT_TYPE, "unsupported_grant_type" },
		{ FAULT_BAD_RESPONSE_TYPE, "unsupported_response_type" },
		{ FAULT_BAD_SCOPE, "invalid_scope" },
		{ FAULT_BAD_TARGET, "invalid_target" },
		{ FAULT_DENIED, "access_denied" },
		{ FAULT_TOO_MANY, "temporarily_unavailable" },
		{ FAULT_QUOTA, "temporarily_unavailable" },
		{ FAULT_BUSY, "temporarily_unavailable" },
		{ FAULT_NO_DATABASE, "temporarily_unavailable" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].kind == wrong->kind)
			return rows[i].code;
	return fault_row(wrong->kind)->http < 500 ? "invalid_request"
	                                          : "server_error";
}

/* A client that used Basic is told which scheme would do (RFC 6749 5.2). */
static void tell_client(struct request *req, const struct fault *wrong,
                        struct response *out)
{
	json_object *body = js_object(req->mem);
	const char *user = NULL, *password;

	if (wrong->kind == FAULT_BAD_CLIENT &&
	    !basic_credentials(req, &user, &password) && user)
		response_header(out, "WWW-Authenticate",
		                "Basic realm=\"gatehouse\"");
	js_put_text(body, "error", oauth_code(wrong));
	js_put_text(body, "error_description", wrong->told);
	response_json(out, fault_row(wrong->kind)->http, body);
}

/* 401 is for clients: a browser would ask for a password of its own. */
static void tell_person(struct request *req, const struct fault *wrong,
                        struct response *out)
{
	struct html_page page = page_new(req->mem, "This does not go on here");
	int status = fault_row(wrong->kind)->http;

	page_add(&page, "<p>{}</p>\n", wrong->told);
	page_add(&page, "<p>Go back to the application you came from and try "
	                "again. Nothing was given to it.</p>\n");
	page_send(&page, status == 401 ? 400 : status, out);
}

static void tell(const struct address *address, struct request *req,
                 const struct fault *wrong, struct response *out)
{
	int status = fault_row(wrong->kind)->http;
	int wait = wrong->retry_after;

	if (!wait && (status == 429 || status == 503))
		wait = RETRY;
	if (wait)
		response_header(out, "Retry-After",
		                text_format(req->mem, "%d", wait));
	if (address->page)
		tell_person(req, wrong, out);
	else
		tell_client(req, wrong, out);
}

void oauth_answer(struct request *req, struct response *out)
{
	const struct address *address = address_of(req);
	const struct route *route = NULL;
	int64_t began = clock_ms();
	struct fault *wrong;

	assert(address); /* oauth_is_asked() has said so */
	/* What a person reads is for no other page to read. */
	if (!address->page)
		cors_headers(req, out);
	response_header(out, "Cache-Control", "no-store");
	response_header(out, "X-Request-Id", req->id);
	wrong = route_serve(req, &route, out);
	if (wrong) {
		limit_record(req, wrong, route ? route->path : "(none)");
		tell(address, req, wrong, out);
	}
	if (address->app)
		record_account(req, route, out, wrong, began);
	else
		record_token(req, route, out, wrong, began);
}
