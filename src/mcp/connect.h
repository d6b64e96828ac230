/* A call that needs an account of the user's to be connected first: what the
 * client is answered with, as its revision and what it can do have it. */
#ifndef GATEHOUSE_MCP_CONNECT_H
#define GATEHOUSE_MCP_CONNECT_H

#include "core/fault.h"

struct turn;

/* Turns a fault NOT_CONNECTED into what the client can act on: questions that
 * lead its user to the pages (2026-07-28, where it can open addresses), or the
 * error -32042 (2025-11-25, likewise). Any other, and whatever else is wrong,
 * is given back as it is. */
CAN_FAIL connect_first(struct turn *turn, struct fault *wrong);

/* For a tool's result that tells of it in words: what opens the linking page
 * of clients that look there. */
void connect_challenge(struct turn *turn);

/* ---- 2025-11-25, without sessions on our side ---- */

/* At initialize: where the client can open addresses and a source is personal,
 * gives it a session id that says so, sealed. It is no right to anything. */
CAN_FAIL connect_hello(struct turn *turn);

/* Reads it back; ids that are none of ours are nobody's business. Fault:
 * NO_SESSION, for one that is over or was changed: the client begins anew. */
CAN_FAIL connect_session(struct turn *turn);

#endif
