/* Signing up, in and out, apart from HTTP bodies: accounts, sessions, the
 * session cookie, the throttle and the audit entries (AC-6 to AC-10, AC-14).
 * Who fails often waits longer and longer, but nobody is locked out: failures
 * count for an account at one address and for an address, never for an account
 * alone, so that a stranger cannot keep its owner out. */
#ifndef GATEHOUSE_AUTH_SIGN_H
#define GATEHOUSE_AUTH_SIGN_H

#include "core/fault.h"

struct request;

/* A person as the API shows one. */
struct account {
	const char *id;
	const char *email;
	const char *created_at; /* ISO 8601 */
	const char *updated_at;
};

/* Makes an account. email and password are as the client sent them; the origin
 * is checked here. Faults: BAD_FIELD, told; EMAIL_TAKEN; BAD_ORIGIN; TOO_MANY;
 * BUSY; NO_DATABASE. */
CAN_FAIL sign_up(struct request *req, const char *email, const char *password,
                 struct account *account);

/* Starts a session. token: set to its JWT, of req->mem. An unknown account and
 * a wrong password are the same BAD_SIGN_IN after the same work. Renews a weak
 * hash. The origin is checked here. Faults: BAD_FIELD (no e-mail address),
 * told; BAD_SIGN_IN; BAD_ORIGIN; TOO_MANY; BUSY; NO_DATABASE. */
CAN_FAIL sign_in(struct request *req, const char *email, const char *password,
                 struct account *account, const char **token);

/* Starts a session for whoever has that identity at a provider, which the caller
 * has checked. token: set, or NULL where nobody has it. Fault: NO_DATABASE. */
CAN_FAIL sign_in_as(struct request *req, const char *issuer,
                    const char *subject, struct account *account,
                    const char **token);

/* The audit entry of somebody whom a provider did not sign in. */
CAN_FAIL sign_in_refused(struct request *req, const char *provider);

/* Ends the session the request names; succeeds without one. A cross-site
 * request with the cookie is refused. Faults: BAD_ORIGIN; NO_DATABASE (the
 * session may live on, and the client must not think otherwise). */
CAN_FAIL sign_out(struct request *req);

/* Whether this is the current password of who is signed in, for changes of
 * e-mail or password (AC-14); throttled as sign-in is. An account without one
 * has to have come from its provider within five minutes instead. Faults: BAD_PASSWORD;
 * TOO_MANY; BUSY; NO_DATABASE. */
CAN_FAIL sign_again(struct request *req, const char *password);

/* The value of Set-Cookie for a session token; for NULL, one that clears the
 * cookie with the same attributes. Of req->mem. */
const char *session_cookie(const struct request *req, const char *token);

#endif
