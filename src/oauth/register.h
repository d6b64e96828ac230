/* Clients that register themselves at a gateway (RFC 7591). */
#ifndef GATEHOUSE_OAUTH_REGISTER_H
#define GATEHOUSE_OAUTH_REGISTER_H

#include "core/fault.h"

struct request;
struct response;

/* Answers POST /register: 201 with the client's id and what was kept of its
 * metadata; what is not known is passed over. Registering is throttled by
 * address, and a client without a grant is forgotten (security OA-16). Faults:
 * BAD_CLIENT_DATA and BAD_REDIRECT, told; TOO_MANY, QUOTA, WRONG_HOST,
 * NO_DATABASE. */
CAN_FAIL client_register(struct request *req, struct response *out);

#endif
