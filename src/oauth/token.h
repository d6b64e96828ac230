/* The token endpoint of a gateway (RFC 6749 3.2), and that for giving a token
 * back (RFC 7009). */
#ifndef GATEHOUSE_OAUTH_TOKEN_H
#define GATEHOUSE_OAUTH_TOKEN_H

#include "core/fault.h"

struct request;
struct response;

/* Answers POST /token: a code or a refresh token for an access token of 15
 * minutes and a refresh token; a machine's own credentials for the first alone. Faults: BAD_CLIENT, CLIENT_MAY_NOT, BAD_GRANT,
 * BAD_GRANT_TYPE, BAD_SCOPE, BAD_TARGET, BAD_REQUEST, WRONG_HOST, NO_DATABASE. */
CAN_FAIL token_issue(struct request *req, struct response *out);

/* Answers POST /revoke: 200, whatever the token was. Faults: BAD_CLIENT,
 * BAD_REQUEST, WRONG_HOST, NO_DATABASE. */
CAN_FAIL token_revoke(struct request *req, struct response *out);

#endif
