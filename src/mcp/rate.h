/* How often a tool may be called with one token (security MC-16).
 *
 * GATEHOUSE_TOOL_RATE calls a minute for each tool, of which a minute's worth
 * may come at once. What was called stands in Postgres, so that it holds for
 * all workers; it comes with the token (gateway_open) and goes with the audit
 * row (tool_called), so that it costs no trip. A call counts when it is over:
 * those that run at the same time, which nginx bounds, are let in together. */
#ifndef GATEHOUSE_MCP_RATE_H
#define GATEHOUSE_MCP_RATE_H

#include <stdint.h>

#include "core/fault.h"

struct offer_tool;
struct turn;

/* The microseconds of its rate that one call of a tool takes. */
int64_t rate_step(const struct turn *turn, const struct offer_tool *tool);

/* Whether the tool may be called now; then the call counts for what else this
 * request calls. Fault: TOO_MANY with the seconds to wait, told and audited. */
CAN_FAIL rate_pass(struct turn *turn, const struct offer_tool *tool);

#endif
