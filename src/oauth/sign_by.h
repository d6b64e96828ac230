/* Signing in by a provider: GET /api/v1/auth/{provider}/login and /callback, and
 * the page where the owner of an account says that a new identity is theirs.
 *
 * A browser that goes there is sent on and back; a program is answered JSON. An
 * account is found by issuer and subject alone. An address, even one that the
 * provider vouches for, leads to an existing account only through its password. */
#ifndef GATEHOUSE_OAUTH_SIGN_BY_H
#define GATEHOUSE_OAUTH_SIGN_BY_H

#include "core/fault.h"

struct html_page;
struct request;
struct response;

/* Begins: {"authorization_url"}, or 303 to there. ?return=: where to go once
 * signed in, a path of the app host, or an address at an allowed origin. */
CAN_FAIL provider_login(struct request *req, struct response *out);

/* Comes back: the body of sign-in, or 303 to where it was begun for. */
CAN_FAIL provider_callback(struct request *req, struct response *out);

/* The page that asks for the password, and its answer. */
CAN_FAIL link_page(struct request *req, struct response *out);
CAN_FAIL link_post(struct request *req, struct response *out);

/* Adds the providers there are to a sign-in page for that path. */
void sign_by_add(struct request *req, struct html_page *page, const char *path);

#endif
