/* Tokens that others signed, RS256 or ES256, by the keys they publish (RFC
 * 7515, 7517, 7518): assertions of clients, and of who signs people in. The
 * only door to libcrypto, since libjwt 1.10.2 refuses a typ other than JWT and
 * reads no JWK.
 *
 * Read first; then who it says it is from tells whose keys it has to verify
 * by; nothing of it counts before that. */
#ifndef GATEHOUSE_AUTH_JWS_H
#define GATEHOUSE_AUTH_JWS_H

#include <stdbool.h>
#include <stdint.h>

#include "auth/compact.h"
#include "core/fault.h"
#include "core/json.h"

struct arena;

struct jws {
	json_object *claims; /* not to be believed before jws_verify() */
	const char *type;    /* typ, NULL without one; the same holds for it */
	const char *key_id;  /* kid, or NULL */
	const struct jws_algorithm *algorithm;
	struct compact compact; /* lent by the token */
};

/* What its claims have to say. */
struct jws_wanted {
	const char *issuer;
	const char *const *audiences; /* one of them; ended by NULL */
	int64_t now;                  /* seconds since 1970 */
	int64_t most;                 /* seconds it may still be good for */
};

/* Reads one without believing it. Refused are other algorithms, headers that
 * bring or name keys (jku, jwk, x5u, x5c) and crit (JW-5). jws: set, of mem and
 * lent by token. Fault: BAD_TOKEN. */
CAN_FAIL jws_read(struct arena *mem, const char *token, struct jws *jws);

/* Whether a key set has a key that it could be signed with: the one its kid
 * names, or, without a kid, the only one of its algorithm. When not, the set
 * may have been read before its keys were changed. */
bool jws_key_there(const struct jws *jws, json_object *keys);

/* Verifies its signature by that key. keys: a JWK Set; anything else has no
 * keys. Fault: BAD_TOKEN. */
CAN_FAIL jws_verify(struct arena *mem, const struct jws *jws,
                    json_object *keys);

/* Whether iss, aud, exp, nbf and iat are as wanted, with 60 s of skew; exp has
 * to be there. Fault: BAD_TOKEN. */
CAN_FAIL jws_check(struct arena *mem, const struct jws *jws,
                   const struct jws_wanted *wanted);

/* Whether a tree is a JWK Set with at least one key that we could verify by,
 * and no private key in it. */
bool jwk_set_fine(struct arena *mem, json_object *keys);

#endif
