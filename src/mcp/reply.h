/* The answer to one JSON-RPC request: a result in the dress of its revision,
 * or an error. */
#ifndef GATEHOUSE_MCP_REPLY_H
#define GATEHOUSE_MCP_REPLY_H

#include "core/fault.h"
#include "core/json.h"

struct arena;
struct response;
struct turn;

/* The JSON-RPC response object: turn->result, or an error if something is
 * wrong. A fault is logged here. */
json_object *reply_of(struct turn *turn, struct fault *wrong);

/* Sends it: as the last event of a stream that was begun, else as a JSON body
 * with its status. Fault: BUSY (the client has gone). */
CAN_FAIL reply_send(struct turn *turn, struct fault *wrong);

/* An error without an id, for what went wrong before there was a request. */
json_object *reply_error(struct arena *mem, const struct fault *wrong);

/* Who answers: name, title, version, for an Implementation object. */
void reply_implementation(json_object *tree);

#endif
