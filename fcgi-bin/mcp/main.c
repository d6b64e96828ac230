/* The gateway domains' program: the Model Context Protocol. It can open vendor
 * credentials, and neither change accounts nor see a password hash. */
#include "auth/principal.h"
#include "core/arena.h"
#include "mcp/answer.h"
#include "mcp/endpoint.h"
#include "mcp/gateway.h"
#include "outbound/outbound.h"
#include "sources/registry.h"
#include "web/app.h"
#include "web/route.h"
#include "web/start.h"

#define WELL_KNOWN "/.well-known/oauth-protected-resource"

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
	{ 0 },
};
// clang-format on

static const struct offer *const offers[] = { &gateway_offer, NULL };

static void close_outbound(void *outbound)
{
	outbound_close(outbound);
}

static CAN_FAIL open_outbound(struct app *app)
{
	TRY(outbound_open(app->mem, &app->config, &app->outbound));
	arena_defer(app->mem, close_outbound, app->outbound);
	return NULL;
}

int main(int count, char **arguments)
{
	struct app app = {
		.name = "mcp",
		.routes = routes,
		.kinds = registry,
		.offers = offers,
		.answer = mcp_answer,
	};

	return start(&app, FOR_MCP, count, arguments, open_outbound);
}
