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
#include "sources/registry.h"
#include "sources/vendor.h"
#include "web/app.h"
#include "web/request.h"
#include "web/route.h"
#include "web/start.h"

#define WELL_KNOWN "/.well-known/oauth-protected-resource"

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
	{ "*",  WELL_KNOWN,             anyone, NO_BODY, 0,   metadata, NULL },
	{ "*",  WELL_KNOWN "/",         anyone, NO_BODY, 0,   metadata, NULL },
	{ "*",  WELL_KNOWN "/mcp",      anyone, NO_BODY, 0,   metadata, NULL },
	{ "POST", "/api/v1/sources/{}/test", signed_in_at_app, NO_BODY, 0, source_test, source_id },
	{ 0 },
};
// clang-format on

static const struct offer *const offers[] = {
	&gateway_offer,
	&box_offer,
	&outlook_offer,
	&snowflake_offer,
	NULL,
};

static CAN_FAIL open_rest(struct app *app)
{
	TRY(session_keys_open(app));
	vendors_report(app->kinds);
	return start_outbound(app);
}

/* nginx sends one address of the app host here, for what only this program can
 * open: it answers as the API does. */
static void answer(struct request *req, struct response *out)
{
	if (text_starts(req->path, "/api/"))
		api_answer(req, out);
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
