/* /api/v1/mcp-servers/{}/tokens: personal tokens of one MCP server. A token is
 * shown once, when it is made; afterwards only its digest is known. */
#ifndef GATEHOUSE_API_TOKENS_H
#define GATEHOUSE_API_TOKENS_H

#include "core/fault.h"

struct request;
struct response;

CAN_FAIL tokens_list(struct request *req, struct response *out);
CAN_FAIL token_create(struct request *req, struct response *out);
CAN_FAIL token_end(struct request *req, struct response *out);

#endif
