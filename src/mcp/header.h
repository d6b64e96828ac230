/* Values of MCP's request headers, and whether they agree with the body.
 *
 * Each such header repeats something of the body, so that a proxy can route
 * without reading it; a header that is missing, malformed, sent twice or
 * different is refused with -32020 (security MC-7, TV-11). */
#ifndef GATEHOUSE_MCP_HEADER_H
#define GATEHOUSE_MCP_HEADER_H

#include <stdbool.h>

#include "core/fault.h"
#include "core/json.h"

struct arena;
struct request;

/* What a raw value stands for: itself, or the text inside =?base64?...?=. NULL
 * when it is malformed: bytes outside 0x20 to 0x7E and tab, bad base64, or
 * base64 of something that is not text. Of mem. */
const char *header_value(struct arena *mem, const char *raw);

/* Whether a header's value says the same as a JSON string, integer or boolean;
 * integers compare as numbers. */
bool header_says(struct arena *mem, const char *raw, json_object *value);

/* Fault: HEADER_MISMATCH, told, when one of the three headers came twice. */
CAN_FAIL header_once(struct request *req);

/* A header against the text it must equal. absent_ok: whether it may be
 * missing at this point. Fault: HEADER_MISMATCH, told. */
CAN_FAIL header_agrees(struct request *req, const char *name,
                       const char *expected, bool absent_ok);

/* The Mcp-Param- headers that a tool's input schema asks for (x-mcp-header)
 * against the arguments. Fault: HEADER_MISMATCH, told. */
CAN_FAIL header_parameters(struct request *req, json_object *schema,
                           json_object *arguments);

#endif
