#include "vault/vault.h"

#include <string.h>

#include <sodium.h>

#include "core/arena.h"
#include "core/text.h"
#include "vault/base64url.h"

static char *hex(struct arena *mem, const unsigned char *bytes, size_t size)
{
	char *text = arena_alloc(mem, 2 * size + 1);

	return sodium_bin2hex(text, 2 * size + 1, bytes, size);
}

char *digest_hex(struct arena *mem, const char *text)
{
	unsigned char digest[32];

	crypto_generichash(digest, sizeof(digest), (const unsigned char *)text,
	                   strlen(text), NULL, 0);
	return hex(mem, digest, sizeof(digest));
}

char *sha256_base64(struct arena *mem, const void *bytes, size_t size)
{
	unsigned char digest[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(digest, bytes, size);
	return text_base64(mem, digest, sizeof(digest));
}

char *random_token(struct arena *mem, size_t count)
{
	unsigned char *bytes = arena_alloc(mem, count);

	randombytes_buf(bytes, count);
	return base64url(mem, bytes, count);
}

char *random_hex(struct arena *mem, size_t count)
{
	unsigned char *bytes = arena_alloc(mem, count);

	randombytes_buf(bytes, count);
	return hex(mem, bytes, count);
}

char *random_uuid(struct arena *mem)
{
	unsigned char bytes[16];

	randombytes_buf(bytes, sizeof(bytes));
	bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40); /* version 4 */
	bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80); /* RFC 9562 */

	const char *digits = hex(mem, bytes, sizeof(bytes));
	return text_format(mem, "%.8s-%.4s-%.4s-%.4s-%.12s", digits, digits + 8,
	                   digits + 12, digits + 16, digits + 20);
}

bool secret_same(const char *a, const char *b)
{
	size_t size = strlen(a);

	return size == strlen(b) && sodium_memcmp(a, b, size) == 0;
}
