/* How a gateway tells a client that a token is missing, or reaches not far
 * enough, and where one can be had (RFC 6750 3, RFC 9728 5.1). */
#ifndef GATEHOUSE_AUTH_CHALLENGE_H
#define GATEHOUSE_AUTH_CHALLENGE_H

#include "core/fault.h"

struct request;
struct response;

/* Whether who asks may do what a scope stands for. Fault: NO_SCOPE, whose note
 * is the scope. */
CAN_FAIL scope_check(const struct request *req, const char *scope);

/* Adds WWW-Authenticate for NO_TOKEN, BAD_TOKEN and NO_SCOPE; nothing for other
 * faults. Its scope is all that a token may be good for; where one reaches not
 * far enough, what it has and what is missing, so that a client that asks for
 * just these loses nothing. */
void challenge(const struct request *req, const struct fault *fault,
               struct response *out);

#endif
