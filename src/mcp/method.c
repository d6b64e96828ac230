#include "mcp/method.h"

#include "core/text.h"
#include "mcp/completion.h"
#include "mcp/hello.h"
#include "mcp/offer.h"
#include "mcp/prompts.h"
#include "mcp/resources.h"
#include "mcp/tools.h"
#include "mcp/turn.h"

/* No change is announced (no stream is held open for it), so this is how long
 * a changed list stays unseen. */
enum { LIST_MS = 60000, READ_MS = 0, NEVER = -1 };

// clang-format off
static const struct method methods[] = {
	/* method                     eras             needs      Mcp-Name  kept for  rounds  answer */
	{ "server/discover",          MODERN,          0,         NULL,     LIST_MS,  false, discover },
	{ "initialize",               LEGACY,          0,         NULL,     NEVER,    false, initialize },
	{ "ping",                     LEGACY,          0,         NULL,     NEVER,    false, say_nothing },
	{ "tools/list",               LEGACY | MODERN, 0,         NULL,     LIST_MS,  false, tools_list },
	{ "tools/call",               LEGACY | MODERN, 0,         "name",   NEVER,    true,  tool_call },
	{ "resources/list",           LEGACY | MODERN, 0,         NULL,     LIST_MS,  false, resources_list },
	{ "resources/templates/list", LEGACY | MODERN, 0,         NULL,     LIST_MS,  false, templates_list },
	{ "resources/read",           LEGACY | MODERN, 0,         "uri",    READ_MS,  true,  resource_read },
	{ "resources/subscribe",      LEGACY,          SUBSCRIBE, NULL,     NEVER,    false, say_nothing },
	{ "resources/unsubscribe",    LEGACY,          SUBSCRIBE, NULL,     NEVER,    false, say_nothing },
	{ "prompts/list",             LEGACY | MODERN, 0,         NULL,     LIST_MS,  false, prompts_list },
	{ "prompts/get",              LEGACY | MODERN, 0,         "name",   NEVER,    true,  prompt_get },
	{ "completion/complete",      LEGACY | MODERN, 0,         NULL,     NEVER,    false, complete },
	{ "logging/setLevel",         LEGACY,          LOGGING,   NULL,     NEVER,    false, say_nothing },
	{ 0 },
};
// clang-format on

const struct method *method_find(const char *name)
{
	for (const struct method *method = methods; method->name; method++) {
		if (text_same(method->name, name))
			return method;
	}
	return NULL;
}

bool method_offered(const struct turn *turn, const struct method *method)
{
	unsigned era = turn->revision >= REVISION_MODERN ? MODERN : LEGACY;

	return (method->eras & era) &&
	       (turn_capabilities(turn) & method->needs) == method->needs;
}
