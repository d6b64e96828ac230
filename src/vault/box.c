#include "vault/box.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

#include "core/arena.h"
#include "core/text.h"

static_assert(BOX_KEY == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key");
static_assert(BOX_NONCE == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
              "nonce");
static_assert(BOX_MORE - BOX_NONCE == crypto_aead_xchacha20poly1305_ietf_ABYTES,
              "tag");

static void add_part(struct buffer *to, const char *part)
{
	size_t size = strlen(part);
	char length[4] = { (char)(size >> 24), (char)(size >> 16),
		           (char)(size >> 8), (char)size };

	buffer_add_n(to, length, sizeof(length));
	buffer_add_n(to, part, size);
}

static struct buffer bound_to(struct arena *mem, const char *const *parts)
{
	struct buffer bytes = { .mem = mem };

	for (size_t i = 0; parts[i]; i++)
		add_part(&bytes, parts[i]);
	return bytes;
}

void box_close(struct arena *mem, unsigned char *box, const char *text,
               size_t size, const unsigned char *key, const char *const *parts)
{
	struct buffer bound = bound_to(mem, parts);

	randombytes_buf(box, BOX_NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(
		box + BOX_NONCE, NULL, (const unsigned char *)text, size,
		(const unsigned char *)bound.text, bound.size, NULL, box, key);
}

bool box_open(struct arena *mem, char *text, const unsigned char *box,
              size_t size, const unsigned char *key, const char *const *parts)
{
	struct buffer bound = bound_to(mem, parts);

	assert(size >= BOX_MORE);
	return crypto_aead_xchacha20poly1305_ietf_decrypt(
		       (unsigned char *)text, NULL, NULL, box + BOX_NONCE,
		       size - BOX_NONCE, (const unsigned char *)bound.text,
		       bound.size, box, key) == 0;
}
