/* The answer to one request: made whole by a handler and sent by the worker,
 * or an event stream, which sends as it goes. */
#ifndef GATEHOUSE_WEB_RESPONSE_H
#define GATEHOUSE_WEB_RESPONSE_H

#include <stdbool.h>

#include "core/fault.h"
#include "core/json.h"

struct arena;
struct response;

struct header {
	const char *name;
	const char *value;
	struct header *next;
};

struct response {
	struct arena *mem;
	int status;               /* 0 until set; then 200 */
	struct header *headers;
	json_object *json;        /* the body, if JSON */
	const char *text;         /* the body, if something else */
	const char *type;         /* its media type */
	bool streaming;           /* the head and some events were sent */
	void *wire;               /* the worker's own: where bytes go */
};

/* A response with a status and a JSON body (of mem, or NULL for none). */
void response_json(struct response *out, int status, json_object *json);

/* Adds a header. Both are of mem or constant. A value with CR, LF or NUL is a
 * bug and asserts (security RP-14); so is X-Accel-Redirect (TV-16). */
void response_header(struct response *out, const char *name,
                     const char *value);

/* Begins an event stream (text/event-stream, X-Accel-Buffering: no) with
 * status 200 and the headers so far. */
CAN_FAIL response_stream(struct response *out);

/* Sends one "message" event with compact JSON, at once. Fault: BUSY when the
 * client has gone. */
CAN_FAIL response_event(struct response *out, json_object *json);

#endif
