/* The addresses of a gateway domain: the MCP endpoint, and the old addresses
 * that are gone. */
#ifndef GATEHOUSE_MCP_ENDPOINT_H
#define GATEHOUSE_MCP_ENDPOINT_H

#include <stdbool.h>

#include "core/fault.h"

struct request;
struct response;

/* Handlers of routes that take any method. */

/* The MCP endpoint: host, origin, method, token, then the body. */
CAN_FAIL endpoint(struct request *req, struct response *out);

/* 410 with the address that took this one's place. */
CAN_FAIL gone(struct request *req, struct response *out);

/* Whether a client of the revision its header names may be sent a JSON-RPC
 * error without an id. */
bool endpoint_may_lack_id(const struct request *req);

#endif
