/* What people let applications do for them: theirs, and those at their servers. */
#ifndef GATEHOUSE_API_GRANTS_H
#define GATEHOUSE_API_GRANTS_H

#include "core/fault.h"

struct request;
struct response;

/* Handlers. A grant may be ended by who gave it, and by the server's owner; its
 * tokens end with it, on the next request (security OA-18). */
CAN_FAIL grants_list(struct request *req, struct response *out);
CAN_FAIL server_grants(struct request *req, struct response *out);
CAN_FAIL grant_end(struct request *req, struct response *out);

#endif
