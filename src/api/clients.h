/* OAuth clients of an MCP server: those its owner enters, and those that
 * registered themselves. */
#ifndef GATEHOUSE_API_CLIENTS_H
#define GATEHOUSE_API_CLIENTS_H

#include "core/fault.h"

struct request;
struct response;

/* Handlers. A secret is in the answer that makes it and nowhere else; with a
 * client all that was granted to it ends. */
CAN_FAIL clients_list(struct request *req, struct response *out);
CAN_FAIL client_add(struct request *req, struct response *out);
CAN_FAIL client_end(struct request *req, struct response *out);

#endif
