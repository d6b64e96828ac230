/* The authorization endpoint of a gateway: a client asks, a person will be
 * asked on the app host (RFC 6749 3.1, OAuth 2.1). */
#ifndef GATEHOUSE_OAUTH_AUTHORIZE_H
#define GATEHOUSE_OAUTH_AUTHORIZE_H

#include "core/fault.h"

struct request;
struct response;

/* Answers GET /authorize: 303 to the app host's consent page. What is wrong
 * with the client or its redirect URI is a page here, and nothing goes there
 * (security OA-2); everything else that is wrong goes to the redirect URI, with
 * state and iss (RFC 9207). Faults: BAD_CLIENT, BAD_REDIRECT, BAD_REQUEST,
 * BAD_FIELD, WRONG_HOST, NO_DATABASE. */
CAN_FAIL authorize(struct request *req, struct response *out);

#endif
