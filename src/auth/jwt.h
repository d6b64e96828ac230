/* Session tokens: JWT, HS256: the only door to libjwt, which checks little by
 * itself (security JW-1 to JW-9). */
#ifndef GATEHOUSE_AUTH_JWT_H
#define GATEHOUSE_AUTH_JWT_H

#include <stdint.h>

#include "core/fault.h"

struct arena;

/* Claims of a session: sub, jti, email, timestamp (ms), iat, exp, nbf, iss
 * "gatehouse", aud "gatehouse-api", purpose "session". */
struct session_claims {
	const char *user_id;    /* sub */
	const char *session_id; /* jti */
	const char *email;      /* kept from the original, not trusted */
	int64_t issued;         /* seconds since 1970 */
	int64_t expires;
};

/* The keys of sessions by id, which is all that a token's kid can choose from
 * (JW-5, JW-7). Const once made. */
struct jwt_keys;

/* Makes the table; of mem, which keeps the keys too. newest: signs. previous:
 * is believed and signs nothing; NULL when there is none. An id is a digest cut
 * short: it tells the two keys apart, and no more of them than a signature
 * does. Fault: INTERNAL (an empty key, with which anything verifies, JW-1). */
CAN_FAIL jwt_keys_make(struct arena *mem, const char *newest,
                       const char *previous, const struct jwt_keys **keys);

/* Signs with the newest key. token: set to text of mem. */
CAN_FAIL jwt_sign(struct arena *mem, const struct jwt_keys *keys,
                  const struct session_claims *claims, const char **token);

/* Fault: BAD_TOKEN for anything but a token of ours, in time (60 s of skew).
 * One whose kid names none of keys, or that has no kid, is refused before any
 * key is tried. most_seconds: the longest life a token may claim. */
CAN_FAIL jwt_read(struct arena *mem, const struct jwt_keys *keys,
                  const char *token, int64_t now, int64_t most_seconds,
                  struct session_claims *claims);

#endif
