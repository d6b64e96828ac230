/* Who somebody is, as a provider tells us in exchange for a code: an ID token,
 * checked against the provider's keys (OpenID Connect Core 1.0, 3.1.3). */
#ifndef GATEHOUSE_OAUTH_IDENTITY_H
#define GATEHOUSE_OAUTH_IDENTITY_H

#include "core/fault.h"

struct provider;
struct request;

struct identity {
	const char *issuer;
	const char *subject;
	const char *email; /* one the provider vouches for, or NULL */
	const char *name;  /* what it calls the person; "" for nothing */
};

/* What of one sign-in proves that code and answer belong to it. */
struct sign_in_proof {
	const char *verifier; /* PKCE */
	const char *nonce;
};

/* Those of the sign-in with that state in that browser; of the request's
 * memory. Nothing of them has to be stored. */
struct sign_in_proof sign_in_proof(struct request *req, const char *browser,
                                   const char *state);

/* Redeems a code. identity: set. Faults: PROVIDER_REFUSED (the provider, or we
 * what it says), PROVIDER, BUSY. */
CAN_FAIL identity_redeem(struct request *req, const struct provider *provider,
                         const char *code, const struct sign_in_proof *proof,
                         struct identity *identity);

#endif
