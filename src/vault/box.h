/* Text encrypted with a key and bound to parts that stand outside it:
 * XChaCha20-Poly1305, a fresh random nonce of 24 bytes before the ciphertext
 * (SE-2), the parts as associated data, each with its length before it, so
 * that no two lists of parts are the same bytes (SE-3). */
#ifndef GATEHOUSE_VAULT_BOX_H
#define GATEHOUSE_VAULT_BOX_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum {
	BOX_KEY = 32,
	BOX_NONCE = 24,
	BOX_MORE = BOX_NONCE + 16, /* bytes a box has beyond the text */
};

/* Encrypts size bytes into box, which has size + BOX_MORE bytes. parts: ends
 * with NULL. */
void box_close(struct arena *mem, unsigned char *box, const char *text,
               size_t size, const unsigned char *key,
               const char *const *parts);

/* Decrypts a box of size bytes, BOX_MORE at least, into text, which has
 * size - BOX_MORE bytes. Returns false, and text is zeroed, unless key, parts
 * and every byte are those of box_close(). */
bool box_open(struct arena *mem, char *text, const unsigned char *box,
              size_t size, const unsigned char *key, const char *const *parts);

#endif
