/* base64url without padding (RFC 4648 section 5): sealed text, tokens, JWT. */
#ifndef GATEHOUSE_VAULT_BASE64URL_H
#define GATEHOUSE_VAULT_BASE64URL_H

#include <stddef.h>

struct arena;

/* Encodes bytes; of mem. */
char *base64url(struct arena *mem, const void *bytes, size_t size);

/* Decodes text of length characters strictly: no other character, no padding,
 * no bits left over. Returns size bytes of mem and a NUL after them; NULL when
 * it is none. */
char *unbase64url(struct arena *mem, const char *text, size_t length,
                  size_t *size);

#endif
