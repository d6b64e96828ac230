/* One JSON-RPC request being answered, and what a handler may do with it.
 *
 * A method's handler reads turn->params and fills turn->result, as the newest
 * revision has it; what an older one may not see is taken away afterwards.
 * Tools, prompts and resources of any kind of source get the same struct. */
#ifndef GATEHOUSE_MCP_TURN_H
#define GATEHOUSE_MCP_TURN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/fault.h"
#include "core/json.h"
#include "mcp/revision.h"

struct arena;
struct method;
struct offer;
struct request;
struct response;

struct turn {
	struct arena *mem;
	struct request *req;
	struct response *out;        /* where an event stream goes */
	const struct method *method; /* NULL until it is known */
	enum revision revision;
	bool alone;                  /* not an item of a batch: may stream */
	bool dispatched;             /* its handler was called */
	bool refused;                /* a tool's fault is the protocol's */
	bool opens;                  /* 2025-11-25: it opens addresses */
	bool left;                   /* the client closed its stream */

	json_object *id;        /* string or integer */
	const char *name;       /* of the method, as sent */
	json_object *params;    /* an object, or NULL */
	json_object *meta;      /* params._meta, or NULL */
	json_object *arguments; /* params.arguments, or NULL */

	json_object *result; /* being made */
	json_object *data;   /* of the error, where it ends in one */
	json_object *asks;   /* questions to the user; NULL: none */
	const char *state;   /* sealed, for the next round; NULL: none */
};

/* ---- what is offered to this server ---- */

/* The offer at or after *i that the asked server has; NULL after the last. */
const struct offer *turn_offer(const struct turn *turn, size_t *i);

/* The capabilities of all its offers: enum offer_capability. */
unsigned turn_capabilities(const struct turn *turn);

/* ---- content: of a tool's result, or of one prompt message ---- */

/* Adds a text to the content of a tool's result. */
void turn_text(struct turn *turn, const char *text);

/* Adds an empty content object, to be filled. */
json_object *turn_content(struct turn *turn);

/* Structured content, and the same JSON as one text. */
void turn_structured(struct turn *turn, json_object *content);

/* Adds a text and marks the result as a failure the model can act on. */
void turn_failed(struct turn *turn, const char *text);

/* Adds a prompt message and returns its content object, to be filled. */
json_object *turn_message(struct turn *turn, const char *role);

/* ---- while it works ---- */

/* Sends progress, if the client asked for it and takes an event stream;
 * each number must be greater than the one before. Fault: BUSY (the client
 * has gone). */
CAN_FAIL turn_progress(struct turn *turn, int64_t progress, int64_t total,
                       const char *message);

/* Sends a notification that belongs to this request; the same conditions, but
 * for the progress token. */
CAN_FAIL turn_notify(struct turn *turn, const char *method,
                     json_object *params);

/* ---- refusals ---- */

/* A fault of the protocol's: -32602, told. */
CAN_FAIL turn_refuse(struct turn *turn, const char *told, ...)
	__attribute__((format(printf, 2, 3)));

/* -32602 (or -32002 for older revisions) with data.uri. */
CAN_FAIL turn_no_resource(struct turn *turn, const char *uri);

/* -32021 with data.requiredCapabilities, JSON text such as
 * {"sampling":{}}. */
CAN_FAIL turn_needs(struct turn *turn, const char *capabilities);

#endif
