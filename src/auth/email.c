#include "auth/email.h"

#include <string.h>

#include <idn2.h>

#include "auth/host.h"
#include "core/arena.h"
#include "core/text.h"

enum {
	ADDRESS_MOST = 254, /* RFC 5321 4.5.3.1.3, without the brackets */
	LOCAL_MOST = 64,
};

/* RFC 6761 and 7686: no mail arrives there. */
static const char *const special[] = {
	"local", "test", "invalid", "localhost", "arpa", "onion", NULL,
};

/* RFC 5321 atext, ASCII only. */
static bool atom_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') ||
	       (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

/* A dot-string: atoms with single dots between. */
static bool local_fine(const char *local)
{
	char before = '.';

	if (!*local || strlen(local) > LOCAL_MOST)
		return false;
	for (; *local; before = *local++)
		if (*local == '.' ? before == '.' : !atom_character(*local))
			return false;
	return before != '.';
}

/* Two labels at least, the last one a name and none of the special ones. */
static bool domain_fine(const char *domain)
{
	const char *last = strrchr(domain, '.');

	if (!last || !host_fine(domain))
		return false;
	last++;
	for (size_t i = 0; special[i]; i++)
		if (strcmp(last, special[i]) == 0)
			return false;
	return strspn(last, "0123456789") < strlen(last);
}

/* The domain in lower-case ASCII, of mem; NULL when it is none. libidn2 maps
 * what looks the same (full-width letters, the Kelvin sign, composed and
 * decomposed letters) to one form before it encodes. */
static const char *domain_ascii(struct arena *mem, const char *domain)
{
	char *ascii = NULL;
	const char *lower = NULL;

	if (idn2_lookup_u8((const unsigned char *)domain,
	                   (unsigned char **)&ascii,
	                   IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) == IDN2_OK)
		lower = text_lower(mem, ascii);
	idn2_free(ascii);
	return lower && domain_fine(lower) ? lower : NULL;
}

CAN_FAIL email_read(struct arena *mem, const char *text, struct email *email)
{
	const char *address = text_trim(mem, text);
	const char *at = strrchr(address, '@');
	const char *local, *domain;

	if (!at || strlen(address) > 4 * ADDRESS_MOST) /* U-labels are longer */
		return fault_told(mem, FAULT_BAD_FIELD,
		                  "email is not an e-mail address.");
	local = text_copy_n(mem, address, (size_t)(at - address));
	domain = domain_ascii(mem, at + 1);
	if (!local_fine(local) || !domain ||
	    strlen(local) + 1 + strlen(domain) > ADDRESS_MOST)
		return fault_told(mem, FAULT_BAD_FIELD,
		                  "email is not an e-mail address.");
	email->shown = text_format(mem, "%s@%s", local, domain);
	email->key = text_lower(mem, email->shown);
	return NULL;
}
