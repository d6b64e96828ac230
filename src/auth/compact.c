#include "auth/compact.h"

#include <string.h>

#include "vault/base64url.h"

static struct fault *refused(struct arena *mem, const char *why)
{
	return fault(mem, FAULT_BAD_TOKEN, "JWT: %s", why);
}

CAN_FAIL compact_read(struct arena *mem, const char *token, size_t most,
                      struct compact *compact)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz"
				       "0123456789-_";
	struct segment *const segments[] = { &compact->header,
		                             &compact->payload,
		                             &compact->signature };

	if (strnlen(token, most + 1) > most)
		return refused(mem, "too long");
	for (size_t i = 0; i < 3; i++) {
		size_t size = strspn(token, alphabet);

		if (size == 0 || token[size] != (i < 2 ? '.' : '\0'))
			return refused(mem, "not three segments");
		*segments[i] = (struct segment){ token, size };
		token += size + 1;
	}
	return NULL;
}

CAN_FAIL compact_json(struct arena *mem, const struct segment *segment,
                      json_object **tree)
{
	size_t size;
	char *bytes = unbase64url(mem, segment->text, segment->size, &size);

	if (!bytes || js_parse(mem, bytes, size, tree))
		return refused(mem, "a segment is no strict JSON");
	if (!js_is_object(*tree))
		return refused(mem, "a segment is no object");
	return NULL;
}
