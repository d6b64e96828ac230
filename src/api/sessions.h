/* Where an account is signed in. */
#ifndef GATEHOUSE_API_SESSIONS_H
#define GATEHOUSE_API_SESSIONS_H

#include "core/fault.h"

struct request;
struct response;

/* Handlers. The list says which session asks; sessions_end() ends all others,
 * session_end() one, which may be the one that asks. */
CAN_FAIL sessions_list(struct request *req, struct response *out);
CAN_FAIL sessions_end(struct request *req, struct response *out);
CAN_FAIL session_end(struct request *req, struct response *out);

#endif
