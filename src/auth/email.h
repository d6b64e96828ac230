/* E-mail addresses: one canonical form, computed here only (AC-1). */
#ifndef GATEHOUSE_AUTH_EMAIL_H
#define GATEHOUSE_AUTH_EMAIL_H

#include "core/fault.h"

struct arena;

struct email {
	const char *shown; /* local part as written, domain in lower-case ASCII */
	const char *key;   /* all in lower-case ASCII: unique index, look-up */
};

/* Reads an address: ASCII local part (RFC 5321 dot-string, 64 bytes), a dotted
 * domain (IDNA2008 to ASCII by libidn2) that is no special-use name (.local,
 * .test, .invalid, .localhost, .arpa, .onion). Fault: BAD_FIELD, told. */
CAN_FAIL email_read(struct arena *mem, const char *text, struct email *email);

#endif
