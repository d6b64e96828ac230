#include "vault/base64url.h"

#include <sodium.h>

#include "core/arena.h"

enum { FORM = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

char *base64url(struct arena *mem, const void *bytes, size_t size)
{
	size_t room = sodium_base64_encoded_len(size, FORM);
	char *text = arena_alloc(mem, room);

	return sodium_bin2base64(text, room, bytes, size, FORM);
}

char *unbase64url(struct arena *mem, const char *text, size_t length,
                  size_t *size)
{
	size_t room = length / 4 * 3 + 3;
	char *bytes = arena_alloc(mem, room + 1);

	/* With nowhere to put the end, anything left over is a failure. */
	if (sodium_base642bin((unsigned char *)bytes, room, text, length, NULL,
	                      size, NULL, FORM) != 0)
		return NULL;
	return bytes;
}
