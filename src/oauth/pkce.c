#include "oauth/pkce.h"

#include <stddef.h>
#include <string.h>

#include "core/text.h"
#include "vault/vault.h"

enum { CHALLENGE = 43, VERIFIER_LEAST = 43, VERIFIER_MOST = 128 };

#define LETTERS_DIGITS \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

bool pkce_challenge_fine(const char *challenge)
{
	return challenge && strlen(challenge) == CHALLENGE &&
	       strspn(challenge, LETTERS_DIGITS "-_") == CHALLENGE;
}

const char *pkce_challenge(struct arena *mem, const char *verifier)
{
	size_t size = verifier ? strlen(verifier) : 0;
	char *challenge;

	if (size < VERIFIER_LEAST || size > VERIFIER_MOST ||
	    strspn(verifier, LETTERS_DIGITS "-._~") != size)
		return NULL;
	challenge = sha256_base64(mem, verifier, size);
	for (char *c = challenge; *c; c++) {
		if (*c == '+')
			*c = '-';
		else if (*c == '/')
			*c = '_';
	}
	challenge[CHALLENGE] = '\0'; /* the padding */
	return challenge;
}
