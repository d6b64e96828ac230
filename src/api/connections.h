/* /api/v1/connections: the signed-in person's own accounts at vendors, connected
 * to personal sources. Never a token of them. */
#ifndef GATEHOUSE_API_CONNECTIONS_H
#define GATEHOUSE_API_CONNECTIONS_H

#include "core/fault.h"

struct request;
struct response;

CAN_FAIL connections_list(struct request *req, struct response *out);

/* Fault: NO_CONNECTION, for one of somebody else's too. */
CAN_FAIL connection_end(struct request *req, struct response *out);

#endif
