/* JSON-RPC 2.0 as MCP speaks it: one message in a body (an array of them under
 * 2025-03-26), one answer.
 *
 * The checks come in the order of doc/mcp.md; what is refused before a method
 * is reached has a 4xx status, what the method itself says has 200. Errors
 * repeat the request's id; where it cannot be read there is none, never
 * null. */
#ifndef GATEHOUSE_MCP_RPC_H
#define GATEHOUSE_MCP_RPC_H

#include "core/fault.h"

struct request;
struct response;

/* Answers req->body. The request is authenticated already. Faults: what ends
 * the whole body: BAD_JSON, BAD_REQUEST; and BUSY after a stream broke off. */
CAN_FAIL rpc_answer(struct request *req, struct response *out);

#endif
