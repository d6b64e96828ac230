/* The prompts every gateway has. */
#ifndef GATEHOUSE_MCP_QUESTIONS_H
#define GATEHOUSE_MCP_QUESTIONS_H

#include "mcp/offer.h"

/* Ends with a row without a name. */
extern const struct offer_prompt questions[];

#endif
