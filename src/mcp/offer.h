/* What MCP servers offer: tools, prompts, resources and templates, as tables.
 *
 * An offer belongs to a kind of source and stands for every server that has
 * such a source; the gateway's own (mcp/gateway.h) belongs to none and stands
 * for all. The program's offers are a table too, app->offers. Names,
 * descriptions and schemas are constants: nothing of a tenant or a vendor
 * stands in them, and their order is fixed (security MC-12). */
#ifndef GATEHOUSE_MCP_OFFER_H
#define GATEHOUSE_MCP_OFFER_H

#include <stdbool.h>

#include "core/fault.h"
#include "core/json.h"

struct turn;

/* What a model's host is told of a tool, each of them stated. */
enum tool_hint {
	READ_ONLY = 1,
	DESTRUCTIVE = 2,
	IDEMPOTENT = 4,
	OPEN_WORLD = 8,
};

struct offer_tool {
	const char *name;
	const char *title;
	const char *description;
	const char *input;  /* JSON Schema as text; type is object */
	const char *output; /* the same, or NULL */
	unsigned hints;     /* enum tool_hint */

	/* turn->arguments fits the input schema as far as mcp/schema.h goes. A
	 * fault becomes an isError result with its told text, unless it came
	 * from turn_refuse() and the like. */
	CAN_FAIL (*answer)(struct turn *turn);

	const char *scope;  /* what a token needs; NULL: that of its kind */
	unsigned counts_as; /* so many calls, towards its rate; 0 is one */
};

struct offer_argument {
	const char *name;
	const char *title;
	const char *description;
	bool required;
};

/* Adds suggestions, at most 100, to values for an argument that begins with
 * value. */
typedef CAN_FAIL (*suggest)(struct turn *turn, const char *argument,
                            const char *value, json_object *values);

struct offer_prompt {
	const char *name;
	const char *title;
	const char *description;
	const struct offer_argument *arguments; /* or NULL */
	CAN_FAIL (*answer)(struct turn *turn);  /* turn_message() */
	suggest complete;                       /* or NULL */
};

/* One resource, or all of a template: uri then holds {names}. */
struct offer_resource {
	const char *uri;
	const char *name;
	const char *title;
	const char *description;
	const char *type; /* media type, or NULL */

	/* Fills one content object (uri and mimeType are there): text or blob.
	 * part: what the template's name stood for, decoded; NULL where uri
	 * is none. Fault: turn_no_resource(). */
	CAN_FAIL (*read)(struct turn *turn, const char *part,
	                 json_object *content);
	suggest complete; /* or NULL */
};

/* Adds a page of resources after a place to the array; next: set to the place
 * the next page begins after, or NULL. after is NULL for the first page. */
typedef CAN_FAIL (*list_more)(struct turn *turn, const char *after,
                              json_object *array, const char **next);

/* Capabilities beyond those every server has; for older revisions only. */
enum offer_capability {
	LOGGING = 1,
	SUBSCRIBE = 2,
};

struct offer {
	const char *kind; /* of source; NULL: every server */
	const struct offer_tool *tools;
	const struct offer_prompt *prompts;
	const struct offer_resource *resources;
	const struct offer_resource *templates;
	list_more more; /* resources that are no constants; or NULL */
	unsigned capabilities;
};

#endif
