/* /api/v1/mcp-servers: sources put behind a gateway domain. */
#ifndef GATEHOUSE_API_SERVERS_H
#define GATEHOUSE_API_SERVERS_H

#include "core/fault.h"

struct request;
struct response;

CAN_FAIL servers_list(struct request *req, struct response *out);
CAN_FAIL server_create(struct request *req, struct response *out);
CAN_FAIL server_get(struct request *req, struct response *out);
CAN_FAIL server_change(struct request *req, struct response *out);
CAN_FAIL server_delete(struct request *req, struct response *out);

#endif
