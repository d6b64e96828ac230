/* Clients that prove who they are by a token they signed: private_key_jwt
 * (RFC 7523 section 3, OpenID Connect Core section 9). */
#ifndef GATEHOUSE_OAUTH_ASSERTION_H
#define GATEHOUSE_OAUTH_ASSERTION_H

#include "core/fault.h"
#include "core/json.h"

struct jws;
struct oauth_client;
struct oauth_server;
struct request;

/* The value of client_assertion_type. */
#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

/* Whether an assertion is that client's, for that server, in time and used for
 * the first time. Faults: BAD_TOKEN (it is not), and those of published_get()
 * where its keys stand at an address. */
CAN_FAIL assertion_check(struct request *req, const struct oauth_server *server,
                         const struct oauth_client *client,
                         const struct jws *assertion);

/* Verifies a token by the keys at an address; where they lack its key, they are
 * fetched again. Faults: BAD_TOKEN, and those of published_get(). */
CAN_FAIL verify_by_published(struct request *req, const struct jws *token,
                             const char *keys_url);

/* Uses a token that counts once, until the time it is over. who: whose name its
 * jti is of. Faults: BAD_TOKEN (it was used), NO_DATABASE. */
CAN_FAIL use_once(struct request *req, const char *who,
                  const struct jws *token);

#endif
