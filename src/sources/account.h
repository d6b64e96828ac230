/* Connecting a person's own account to a personal source: their consent came
 * back from the vendor as a code. */
#ifndef GATEHOUSE_SOURCES_ACCOUNT_H
#define GATEHOUSE_SOURCES_ACCOUNT_H

#include "core/fault.h"

struct request;
struct source;
struct vendor;

struct account_code {
	const char *code;
	const char *verifier; /* of its proof key */
	const char *redirect; /* as the vendor was told */
};

struct account {
	const char *name;    /* as the vendor calls it, for the person */
	const char *refresh; /* to be sealed */
	const char *scopes;  /* as the vendor words them; "" unless it does */
};

/* The vendor at which people have accounts; NULL where a source is not
 * personal. */
const struct vendor *account_vendor(const struct source *source);

/* Asks the vendor what a code is good for. req->db.tenant is the owner of the
 * source. Fault: BUSY, told for the person: the vendor did not take the code,
 * or could not be asked. */
CAN_FAIL account_ask(struct request *req, const struct source *source,
                     const struct account_code *code, struct account *account);

#endif
