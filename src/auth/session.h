/* The session a request names by its JWT, wherever the token travels. */
#ifndef GATEHOUSE_AUTH_SESSION_H
#define GATEHOUSE_AUTH_SESSION_H

#include <stdbool.h>

#include "auth/jwt.h"
#include "core/fault.h"

struct app;
struct request;

/* Makes app's session keys from its settings, at start. Fault: as
 * jwt_keys_make(). */
CAN_FAIL session_keys_open(struct app *app);

/* The token of the cookie access_token, else of Authorization: Bearer. token:
 * set, or NULL when there is none. by_cookie: set. Fault: BAD_TOKEN (either
 * came twice or is malformed). */
CAN_FAIL session_token(struct request *req, const char **token,
                       bool *by_cookie);

/* Reads a token with the program's keys, now and for its longest life.
 * Fault: BAD_TOKEN. */
CAN_FAIL session_claims_of(struct request *req, const char *token,
                           struct session_claims *claims);

/* Whether a method may change something. */
bool method_unsafe(const char *method);

#endif
