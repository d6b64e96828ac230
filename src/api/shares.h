/* /api/v1/mcp-servers/{}/shares: whom the owner of an MCP server lets in, and
 * for what; /api/v1/shared-servers: where others let in who asks. */
#ifndef GATEHOUSE_API_SHARES_H
#define GATEHOUSE_API_SHARES_H

#include "core/fault.h"

struct request;
struct response;

CAN_FAIL shares_list(struct request *req, struct response *out);
CAN_FAIL share_create(struct request *req, struct response *out);
CAN_FAIL share_end(struct request *req, struct response *out);
CAN_FAIL shared_servers_list(struct request *req, struct response *out);

#endif
