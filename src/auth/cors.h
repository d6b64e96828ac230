/* Web pages that call a gateway (security MC-1; which ones may is in
 * auth/origin.h). They get no credentials: a token is their own to send. */
#ifndef GATEHOUSE_AUTH_CORS_H
#define GATEHOUSE_AUTH_CORS_H

#include "core/fault.h"

struct request;
struct response;

/* Present and not allowed is refused; absent is fine. Fault: BAD_ORIGIN. */
CAN_FAIL cors_check(struct request *req);

/* The headers for an allowed Origin, and Vary: Origin always. */
void cors_headers(struct request *req, struct response *out);

/* The answer to a preflight: never authenticated. */
void cors_preflight(struct request *req, struct response *out);

#endif
