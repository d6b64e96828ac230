/* resources/list, resources/templates/list and resources/read. */
#ifndef GATEHOUSE_MCP_RESOURCES_H
#define GATEHOUSE_MCP_RESOURCES_H

#include "core/fault.h"
#include "mcp/offer.h"

struct arena;
struct turn;

CAN_FAIL resources_list(struct turn *turn);
CAN_FAIL templates_list(struct turn *turn);
CAN_FAIL resource_read(struct turn *turn);

/* What the one {name} of a template stands for in a URI, decoded; NULL when
 * the URI is not of its form. Of mem. */
const char *template_part(struct arena *mem, const char *form,
                          const char *uri);

/* A document or result as a resource: gatehouse://item/ and its id. Of mem. */
const char *item_uri(struct arena *mem, const char *id);

#endif
