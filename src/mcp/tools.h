/* tools/list and tools/call. */
#ifndef GATEHOUSE_MCP_TOOLS_H
#define GATEHOUSE_MCP_TOOLS_H

#include "core/fault.h"

struct turn;

CAN_FAIL tools_list(struct turn *turn);

/* Calls a tool. Wrong arguments and what goes wrong inside are results with
 * isError; an unknown tool is -32602. Each call is in the audit log. */
CAN_FAIL tool_call(struct turn *turn);

#endif
