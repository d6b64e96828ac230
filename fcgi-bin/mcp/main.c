/* The gateway domains' program: the Model Context Protocol. It can open vendor
 * credentials, and neither change accounts nor see a password hash. */
#include "api/answer.h"
#include "api/source_test.h"
#include "auth/principal.h"
#include "auth/session.h"
#include "core/text.h"
#include "mcp/answer.h"
#include "mcp/box_tools.h"
#include "mcp/endpoint.h"
#include "mcp/gateway.h"
#include "mcp/outlook_tools.h"
#include "mcp/snowflake_tools.h"
#include "oauth/answer.h"
#include "oauth/authorize.h"
#include "oauth/connected.h"
#include "oauth/metadata.h"
#include "oauth/register.h"
#include "oauth/token.h"
#include "sources/registry.h"
#include "sources/vendor.h"
#include "web/app.h"
#include "web/request.h"
#include "web/route.h"
#include "web/start.h"

#define RESOURCE "/.well-known/oauth-protected-resource"
#define SERVER "/.well-known/oauth-authorization-server"

enum { OAUTH_MOST = 32 << 10 };

static const char source_id[] = "Invalid source ID format";

/* The endpoint asks for a token itself: a preflight comes without one, and an
 * unknown host is told before a missing token is. */
// clang-format off
static const struct route routes[] = {
	/* method address                  who may body     most handler   a part is no id */
	{ "*",  "/",                    anyone, NO_BODY, 0,   endpoint, NULL },
	{ "*",  "/mcp",                 anyone, NO_BODY, 0,   endpoint, NULL },
	{ "*",  "/sse",                 anyone, NO_BODY, 0,   gone,     NULL },
	{ "*",  "/messages",            anyone, NO_BODY, 0,   gone,     NULL },
	{ "*",  "/messages/",           anyone, NO_BODY, 0,   gone,     NULL },
	{ "GET", RESOURCE,              anyone, NO_BODY, 0,   resource_metadata, NULL },
	{ "GET", RESOURCE "/",          anyone, NO_BODY, 0,   resource_metadata, NULL },
	{ "GET", RESOURCE "/mcp",       anyone, NO_BODY, 0,   resource_metadata, NULL },
	{ "GET", SERVER,                anyone, NO_BODY, 0,   server_metadata,   NULL },
	{ "GET", SERVER "/",            anyone, NO_BODY, 0,   server_metadata,   NULL },
	{ "GET", SERVER "/mcp",         anyone, NO_BODY, 0,   server_metadata,   NULL },
	{ "GET", "/authorize",          anyone, NO_BODY, 0,   authorize,         NULL },
	{ "POST", "/token",             anyone, FORM_BODY, OAUTH_MOST, token_issue,     NULL },
	{ "POST", "/register",          anyone, JSON_BODY, OAUTH_MOST, client_register, NULL },
	{ "POST", "/revoke",            anyone, FORM_BODY, OAUTH_MOST, token_revoke,    NULL },
	{ "OPTIONS", "/.well-known/{}", anyone, NO_BODY, 0,   oauth_preflight,   NULL },
	{ "OPTIONS", "/.well-known/{}/mcp", anyone, NO_BODY, 0, oauth_preflight, NULL },
	{ "OPTIONS", "/token",          anyone, NO_BODY, 0,   oauth_preflight,   NULL },
	{ "OPTIONS", "/register",       anyone, NO_BODY, 0,   oauth_preflight,   NULL },
	{ "OPTIONS", "/revoke",         anyone, NO_BODY, 0,   oauth_preflight,   NULL },
	{ "POST", "/api/v1/sources/{}/test", signed_in_at_app, NO_BODY, 0, source_test, source_id },
	{ "GET", "/connect/callback",   anyone, NO_BODY, 0,   connect_callback,  NULL },
	{ 0 },
};
// clang-format on

static const struct offer *const offers[] = {
	&gateway_offer, &box_offer, &outlook_offer, &snowflake_offer, NULL,
};

static CAN_FAIL open_rest(struct app *app)
{
	TRY(session_keys_open(app));
	vendors_report(app->kinds);
	return start_outbound(app);
}

/* nginx sends two addresses of the app host here, for what only this program can
 * open: one answers as the API does, the other is a page. */
static void answer(struct request *req, struct response *out)
{
	if (text_starts(req->path, "/api/"))
		api_answer(req, out);
	else if (oauth_is_asked(req))
		oauth_answer(req, out);
	else
		mcp_answer(req, out);
}

int main(int count, char **arguments)
{
	struct app app = {
		.name = "mcp",
		.routes = routes,
		.kinds = registry,
		.offers = offers,
		.answer = answer,
	};

	return start(&app, FOR_MCP, count, arguments, open_rest);
}
