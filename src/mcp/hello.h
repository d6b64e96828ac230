/* Who is here and what can it do: server/discover, initialize, ping. */
#ifndef GATEHOUSE_MCP_HELLO_H
#define GATEHOUSE_MCP_HELLO_H

#include "core/fault.h"

struct turn;

CAN_FAIL discover(struct turn *turn);
CAN_FAIL initialize(struct turn *turn);

/* An empty result: ping, and what needs no more. */
CAN_FAIL say_nothing(struct turn *turn);

#endif
