/* prompts/list and prompts/get. */
#ifndef GATEHOUSE_MCP_PROMPTS_H
#define GATEHOUSE_MCP_PROMPTS_H

#include "core/fault.h"

struct offer_prompt;
struct turn;

CAN_FAIL prompts_list(struct turn *turn);
CAN_FAIL prompt_get(struct turn *turn);

/* The prompt of a name that the server has; NULL if there is none. */
const struct offer_prompt *prompt_find(const struct turn *turn,
                                       const char *name);

#endif
