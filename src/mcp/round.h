/* Questions to the user in the middle of a request (MRTR).
 *
 * A tool, prompt or resource that needs an answer asks; the request ends with
 * resultType input_required, and the client repeats it with the answers. What
 * must be remembered between the rounds travels through the client, sealed and
 * bound to the principal, the method, the name and arguments, with an expiry
 * (security MC-8). Possession of it is not permission: every round is
 * authenticated anew. */
#ifndef GATEHOUSE_MCP_ROUND_H
#define GATEHOUSE_MCP_ROUND_H

#include <stdbool.h>
#include <stdint.h>

#include "core/fault.h"
#include "core/json.h"

struct turn;

enum { ROUND_SECONDS = 600 };

/* Whether the client can do a thing: "elicitation", "sampling", "roots". */
bool round_can(const struct turn *turn, const char *capability);

/* Asks, under a key of the tool's choosing. method: elicitation/create,
 * sampling/createMessage or roots/list; params: its parameters, or NULL.
 * Faults: NEEDS_CAPABILITY; BAD_INPUT, told, in a revision without rounds. */
CAN_FAIL round_ask(struct turn *turn, const char *key, const char *method,
                   json_object *params);

/* The answer under a key, an object; NULL when there is none or it is
 * something else, and then the tool asks again. */
json_object *round_answer(const struct turn *turn, const char *key);

/* Keeps text for the next round; now is in seconds since 1970. */
CAN_FAIL round_keep(struct turn *turn, const char *text, int64_t now);

/* The text kept in the round before; NULL when none came. Fault: BAD_FIELD,
 * the protocol's, for one that was changed, is late, or belongs to another
 * principal or request. */
CAN_FAIL round_kept(struct turn *turn, int64_t now, const char **text);

/* Puts the questions in the place of the result, if any were asked. */
void round_finish(struct turn *turn);

#endif
