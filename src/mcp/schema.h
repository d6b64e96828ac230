/* A tool's arguments against its input schema, as far as every tool needs it:
 * required members, types, enumerations, lengths, bounds, and names that the
 * schema closes the door to. What else a schema says is for the model. */
#ifndef GATEHOUSE_MCP_SCHEMA_H
#define GATEHOUSE_MCP_SCHEMA_H

#include "core/json.h"

struct arena;

/* What is wrong with the arguments (NULL stands for none), as text for the
 * model; NULL if fine. Of mem. */
const char *schema_wrong(struct arena *mem, json_object *schema,
                         json_object *arguments);

#endif
