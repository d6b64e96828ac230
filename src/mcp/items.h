/* Documents and search results as resources. */
#ifndef GATEHOUSE_MCP_ITEMS_H
#define GATEHOUSE_MCP_ITEMS_H

#include "core/fault.h"
#include "core/json.h"

struct turn;

/* Fills a content object with the text of the item of an id. */
CAN_FAIL item_read(struct turn *turn, const char *id, json_object *content);

/* Adds a page of the server's documents (mcp/offer.h: list_more). */
CAN_FAIL items_list(struct turn *turn, const char *after, json_object *array,
                    const char **next);

/* Suggests ids of documents, by the beginning of their titles. */
CAN_FAIL item_complete(struct turn *turn, const char *argument,
                       const char *value, json_object *values);

/* Suggests titles of documents by their beginning. */
CAN_FAIL title_complete(struct turn *turn, const char *argument,
                        const char *value, json_object *values);

/* Suggests names of the server's sources by their beginning. */
CAN_FAIL source_complete(struct turn *turn, const char *argument,
                         const char *value, json_object *values);

#endif
