/* An RSA key pair with which we sign tokens for others, RS256 (RFC 7518), as
 * vendors take them in place of a password. The private key is read as its
 * owner pastes it, on one line too; nothing here verifies anything. */
#ifndef GATEHOUSE_AUTH_KEY_PAIR_H
#define GATEHOUSE_AUTH_KEY_PAIR_H

#include <stdbool.h>
#include <stdint.h>

#include "core/fault.h"

struct arena;

struct key_pair {
	const char *pem; /* the private key */
	const char *fingerprint; /* of the public key: SHA-256, base64 */
};

/* What a token says of us, and for how long. */
struct key_claims {
	const char *issuer;
	const char *subject;
	int64_t issued; /* seconds since 1970 */
	int64_t expires;
};

/* Reads an RSA private key of 2048 to 8192 bits: PEM (PKCS 8 or PKCS 1) or the
 * base64 of it alone; blanks, line breaks and a written "\n" are passed over.
 * False for anything else, an encrypted key included. pair: set, of mem. */
bool key_pair_read(struct arena *mem, const char *text, struct key_pair *pair);

/* A token with these claims and no others; it stands in auth/jwt.c, the door to
 * libjwt. token: set, of mem. Fault: INTERNAL (the key is no such key after
 * all). */
CAN_FAIL key_pair_sign(struct arena *mem, const struct key_pair *pair,
                       const struct key_claims *claims, const char **token);

#endif
