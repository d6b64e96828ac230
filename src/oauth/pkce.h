/* Proof keys for codes: S256 and nothing else (RFC 7636, security OA-4). */
#ifndef GATEHOUSE_OAUTH_PKCE_H
#define GATEHOUSE_OAUTH_PKCE_H

#include <stdbool.h>

struct arena;

/* Whether a text can be a challenge by S256: 43 characters of base64url. */
bool pkce_challenge_fine(const char *challenge);

/* The challenge of a verifier; NULL where that is none: 43 to 128 unreserved
 * characters (RFC 7636 4.1). Of mem. */
const char *pkce_challenge(struct arena *mem, const char *verifier);

#endif
