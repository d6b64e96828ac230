#include "vault/vault.h"

#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "vault/base64url.h"
#include "vault/box.h"
#include "vault/keys.h"

enum { STATE_MOST = 64 << 10 }; /* characters a client may hand back */

#define PARTS(context) \
	((const char *const[]){ "gatehouse-state", context, NULL })

CAN_FAIL state_seal(struct vault *vault, struct arena *mem, const char *context,
                    const char *text, const char **token)
{
	size_t size = strlen(text);
	unsigned char *box = arena_alloc(mem, size + BOX_MORE);

	*token = NULL;
	if (!vault->state_key)
		return fault(mem, FAULT_INTERNAL, "no private key here");
	if (size > STATE_MOST / 2)
		return fault(mem, FAULT_TOO_LARGE, "state of %zu bytes", size);
	box_close(mem, box, text, size, vault->state_key, PARTS(context));
	*token = base64url(mem, box, size + BOX_MORE);
	return NULL;
}

CAN_FAIL state_open(struct vault *vault, struct arena *mem, const char *context,
                    const char *token, const char **text)
{
	size_t length = strnlen(token, STATE_MOST);
	size_t size = 0;
	char *box = length < STATE_MOST ? unbase64url(mem, token, length, &size)
	                                : NULL;

	*text = NULL;
	if (!vault->state_key)
		return fault(mem, FAULT_INTERNAL, "no private key here");
	if (!box || size < BOX_MORE)
		return fault(mem, FAULT_BAD_FIELD, "state of another form");
	char *opened = arena_alloc(mem, size - BOX_MORE + 1);
	if (!box_open(mem, opened, (unsigned char *)box, size, vault->state_key,
	              PARTS(context)))
		return fault(mem, FAULT_BAD_FIELD, "state not made for this");
	*text = opened;
	return NULL;
}
