/* completion/complete: suggestions for the arguments of prompts and
 * templates. */
#ifndef GATEHOUSE_MCP_COMPLETION_H
#define GATEHOUSE_MCP_COMPLETION_H

#include "core/fault.h"

struct turn;

enum { COMPLETIONS_MOST = 100 };

CAN_FAIL complete(struct turn *turn);

#endif
