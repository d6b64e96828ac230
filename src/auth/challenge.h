/* What a gateway's refusal tells a client about getting in (RFC 6750 and 9728;
 * MC-5). */
#ifndef GATEHOUSE_AUTH_CHALLENGE_H
#define GATEHOUSE_AUTH_CHALLENGE_H

struct fault;
struct request;
struct response;

/* Adds WWW-Authenticate to a 401: where the gateway's metadata is and which
 * scopes are wanted, and an error only when a token was sent. Other faults add
 * nothing: their 403 is not about scopes. */
void challenge(const struct request *req, const struct fault *fault,
               struct response *out);

#endif
