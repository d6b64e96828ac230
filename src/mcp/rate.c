#include "mcp/rate.h"

#include "auth/limit.h"
#include "auth/principal.h"
#include "core/json.h"
#include "core/text.h"
#include "mcp/offer.h"
#include "mcp/turn.h"
#include "web/app.h"
#include "web/request.h"

enum { SECOND_US = 1000000, MINUTE_US = 60 * SECOND_US };

int64_t rate_step(const struct turn *turn, const struct offer_tool *tool)
{
	int64_t counts_as = tool->counts_as ? tool->counts_as : 1;

	return MINUTE_US * counts_as / turn->req->app->config.tool_rate;
}

static CAN_FAIL refuse(struct turn *turn, const struct offer_tool *tool,
                       int64_t wait)
{
	struct fault *wrong = fault_told(
		turn->mem, FAULT_TOO_MANY,
		"Too many calls of %s with this token: wait and try again.",
		tool->name);

	wrong->retry_after = (int)((wait + SECOND_US - 1) / SECOND_US);
	limit_record(turn->req, wrong,
	             text_format(turn->mem, "tools/call %s", tool->name));
	return wrong;
}

CAN_FAIL rate_pass(struct turn *turn, const struct offer_tool *tool)
{
	json_object *rates = turn->req->principal->rates;
	int64_t taken = js_integer(js_get(rates, tool->name));
	int64_t step = rate_step(turn, tool);
	/* One that takes more than a minute may be called when nothing is
	 * taken. */
	int64_t most = step < MINUTE_US ? MINUTE_US - step : 0;

	if (taken > most)
		return refuse(turn, tool, taken - most);
	js_put_integer(rates, tool->name, taken + step);
	return NULL;
}
