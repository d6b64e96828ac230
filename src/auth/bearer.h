/* The Authorization header, read here and nowhere else. */
#ifndef GATEHOUSE_AUTH_BEARER_H
#define GATEHOUSE_AUTH_BEARER_H

#include <stdbool.h>

#include "core/fault.h"

struct request;

/* The token of `Authorization: Bearer <token>`, never of the query (MC-5).
 * token: set, lent by the request; NULL when the header is absent or of
 * another scheme. Fault: BAD_TOKEN when it came twice, or is Bearer and not
 * one token of RFC 6750's alphabet, 4 KiB at most. */
CAN_FAIL bearer_token(const struct request *req, const char **token);

/* The credentials of `Authorization: Basic`, with which an OAuth client proves
 * who it is: both parts are form-encoded inside (RFC 6749 2.3.1). user and
 * password: set, of the request's memory; NULL when the header is absent or of
 * another scheme. Fault: BAD_REQUEST when it came twice or is malformed. */
CAN_FAIL basic_credentials(const struct request *req, const char **user,
                           const char **password);

/* Whether a token looks like one that opens a gateway: ght_ (personal) or gha_
 * (of a grant) and 43 base64url characters. Anything else is refused without
 * being looked for. */
bool gateway_token_form(const char *token);

#endif
