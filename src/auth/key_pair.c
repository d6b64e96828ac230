#include "auth/key_pair.h"

#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "vault/vault.h"

enum {
	TEXT_MOST = 12000,
	BITS_LEAST = 2048,
	BITS_MOST = 8192,
	PEM_LINE = 64,
	DER_SEQUENCE = 0x30, /* tags of X.690 */
	DER_INTEGER = 0x02,
	DER_OCTETS = 0x04,
	DER_BITS = 0x03,
};

/* The two labels of PEM that hold an RSA private key in clear. */
static const char *const labels[] = { "PRIVATE KEY", "RSA PRIVATE KEY", NULL };

/* AlgorithmIdentifier of RSA: its OID, and NULL (RFC 8017, appendix A.1). */
static const unsigned char rsa_algorithm[] = {
	0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
	0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
};

/* ---- PEM ---- */

/* The text between the two lines of a label; all of it where there is none. */
static char *inside(struct arena *mem, const char *text)
{
	for (size_t i = 0; labels[i]; i++) {
		const char *begin =
			text_format(mem, "-----BEGIN %s-----", labels[i]);
		const char *end =
			text_format(mem, "-----END %s-----", labels[i]);
		const char *last;

		if (!text_starts(text, begin))
			continue;
		text += strlen(begin);
		last = strstr(text, end);
		if (!last || last[strlen(end)])
			return NULL;
		return text_copy_n(mem, text, (size_t)(last - text));
	}
	return text_copy(mem, text);
}

/* In place: without what breaks lines, be it written out as \n. */
static void join_lines(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		if (strchr(" \t\r\n", *from))
			continue;
		if (from[0] == '\\' && (from[1] == 'n' || from[1] == 'r')) {
			from++;
			continue;
		}
		*to++ = *from;
	}
	*to = '\0';
}

static char *pem_of(struct arena *mem, const char *label, const char *base64)
{
	struct buffer out = { .mem = mem };

	buffer_format(&out, "-----BEGIN %s-----\n", label);
	while (*base64) {
		size_t size = strnlen(base64, PEM_LINE);

		buffer_add_n(&out, base64, size);
		buffer_add(&out, "\n");
		base64 += size;
	}
	buffer_format(&out, "-----END %s-----\n", label);
	return out.text;
}

/* ---- DER ---- */

struct der {
	const unsigned char *at;
	size_t size;
};

/* Takes one value with that tag off the front. */
static bool take(struct der *from, unsigned char tag, struct der *value)
{
	size_t head = 2, size;

	if (from->size < 2 || from->at[0] != tag)
		return false;
	size = from->at[1];
	if (size > 0x80) {
		size_t more = size - 0x80;

		if (more > 2 || from->size < head + more)
			return false;
		size = 0;
		for (size_t i = 0; i < more; i++)
			size = size << 8 | from->at[head + i];
		head += more;
	} else if (size == 0x80) {
		return false;
	}
	if (size > from->size - head)
		return false;
	*value = (struct der){ from->at + head, size };
	from->at += head + size;
	from->size -= head + size;
	return true;
}

/* The modulus and the exponent of a key; label: set to how its PEM begins. */
static bool numbers_of(struct der der, struct der *modulus,
                       struct der *exponent, const char **label)
{
	struct der key, version, octets;

	if (!take(&der, DER_SEQUENCE, &key) || der.size > 0 ||
	    !take(&key, DER_INTEGER, &version))
		return false;
	*label = labels[1];
	if (key.size > sizeof(rsa_algorithm) &&
	    memcmp(key.at, rsa_algorithm, sizeof(rsa_algorithm)) == 0) {
		*label = labels[0];
		key.at += sizeof(rsa_algorithm);
		key.size -= sizeof(rsa_algorithm);
		if (!take(&key, DER_OCTETS, &octets) ||
		    !take(&octets, DER_SEQUENCE, &key) ||
		    !take(&key, DER_INTEGER, &version))
			return false;
	}
	return take(&key, DER_INTEGER, modulus) &&
	       take(&key, DER_INTEGER, exponent) && exponent->size > 0;
}

static bool is_long_enough(const struct der *modulus)
{
	size_t zeros = modulus->size > 0 && modulus->at[0] == 0;
	size_t bits = (modulus->size - zeros) * 8;

	return modulus->size > zeros && bits >= BITS_LEAST && bits <= BITS_MOST;
}

/* ---- the public key ---- */

/* Writes a tag and a length, in the one form DER has for it. */
static void put_head(struct buffer *out, unsigned char tag, size_t size)
{
	unsigned char head[4] = { tag, 0, 0, 0 };
	size_t used = 2;

	if (size < 0x80) {
		head[1] = (unsigned char)size;
	} else if (size < 0x100) {
		head[1] = 0x81;
		head[2] = (unsigned char)size;
		used = 3;
	} else {
		head[1] = 0x82;
		head[2] = (unsigned char)(size >> 8);
		head[3] = (unsigned char)size;
		used = 4;
	}
	buffer_add_n(out, (const char *)head, used);
}

static void put(struct buffer *out, unsigned char tag, const void *bytes,
                size_t size)
{
	put_head(out, tag, size);
	buffer_add_n(out, bytes, size);
}

/* SubjectPublicKeyInfo (RFC 5280), of which others keep the digest. */
static const char *fingerprint_of(struct arena *mem, const struct der *modulus,
                                  const struct der *exponent)
{
	struct buffer numbers = { .mem = mem }, key = { .mem = mem },
		      info = { .mem = mem }, all = { .mem = mem };

	put(&numbers, DER_INTEGER, modulus->at, modulus->size);
	put(&numbers, DER_INTEGER, exponent->at, exponent->size);
	buffer_add_n(&key, "\0", 1); /* a bit string with no bits unused */
	put(&key, DER_SEQUENCE, numbers.text, numbers.size);
	buffer_add_n(&info, (const char *)rsa_algorithm, sizeof(rsa_algorithm));
	put(&info, DER_BITS, key.text, key.size);
	put(&all, DER_SEQUENCE, info.text, info.size);
	return sha256_base64(mem, all.text, all.size);
}

bool key_pair_read(struct arena *mem, const char *text, struct key_pair *pair)
{
	struct der modulus, exponent, der;
	const char *label;
	char *base64;

	if (strnlen(text, TEXT_MOST + 1) > TEXT_MOST)
		return false;
	base64 = inside(mem, text_trim(mem, text));
	if (!base64)
		return false;
	join_lines(base64);
	der.at = text_unbase64(mem, base64, &der.size);
	if (!der.at)
		return false;
	if (!numbers_of(der, &modulus, &exponent, &label) ||
	    !is_long_enough(&modulus))
		return false;
	pair->pem = pem_of(mem, label, base64);
	pair->fingerprint = fingerprint_of(mem, &modulus, &exponent);
	return true;
}
