/* Sealing secrets at rest, digests and random values: the only door to
 * libsodium.
 *
 * The api side holds a public key and can only seal; the mcp side holds the
 * private key and can open. Each secret is encrypted with a fresh key by
 * XChaCha20-Poly1305, bound to where it stands by associated data (security
 * SE-2, SE-3), and that key is sealed to the public key (crypto_box_seal). */
#ifndef GATEHOUSE_VAULT_VAULT_H
#define GATEHOUSE_VAULT_VAULT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/fault.h"

struct arena;
struct vault;

/* Where a sealed value stands; moving it elsewhere makes opening fail. */
struct seal_place {
	const char *table;
	const char *column; /* of a setting: its name */
	const char *tenant; /* user id */
	const char *row;    /* row id */
};

/* Starts libsodium; turns core dumps off and memory locking on (SE-6, SE-7).
 * Call once before any other function here. Fault: INTERNAL. */
CAN_FAIL vault_start(struct arena *mem);

/* Opens a vault from key files; either path may be NULL. Files must be mode
 * 0400 or 0440 (public: 0444 too) and of exact length. The caller owns it.
 * Fault: BAD_SETTING, told as a line for standard error. */
CAN_FAIL vault_open(struct arena *mem, const char *public_file,
                    const char *private_file, struct vault **vault);
void vault_close(struct vault *vault);

/* Makes a key pair in two new files, mode 0400 and 0444; refuses to overwrite.
 * Fault: BAD_INPUT, told. */
CAN_FAIL vault_create(struct arena *mem, const char *public_file,
                      const char *private_file);

/* Seals text for a place. sealed: set to base64 text of mem, versioned and
 * carrying the key's id. */
CAN_FAIL vault_seal(struct vault *vault, struct arena *mem,
                    const struct seal_place *place, const char *secret,
                    const char **sealed);

/* Opens it again. secret: set to locked memory that is wiped with mem.
 * Fault: SEAL for anything that is not exactly what was sealed there. */
CAN_FAIL vault_unseal(struct vault *vault, struct arena *mem,
                      const struct seal_place *place, const char *sealed,
                      const char **secret);

/* State that travels through a client and must come back unchanged (MCP
 * requestState, cursors): encrypted and authenticated with a key derived from
 * the private key, bound to context. token: set to base64url text of mem. */
CAN_FAIL state_seal(struct vault *vault, struct arena *mem,
                    const char *context, const char *text, const char **token);

/* Fault: BAD_FIELD for anything else than what state_seal made for the same
 * context. text: set, of mem. */
CAN_FAIL state_open(struct vault *vault, struct arena *mem,
                    const char *context, const char *token, const char **text);

/* BLAKE2b-256 of text in hex; of mem. Bearer tokens are 256 random bits, so a
 * plain digest of them can be stored. */
char *digest_hex(struct arena *mem, const char *text);

/* SHA-256 of bytes as padded base64, where others want it so; of mem. */
char *sha256_base64(struct arena *mem, const void *bytes, size_t size);

/* count random bytes as base64url (no padding), as hex; a random UUID v4. */
char *random_token(struct arena *mem, size_t count);
char *random_hex(struct arena *mem, size_t count);
char *random_uuid(struct arena *mem);

/* Compares in constant time. */
bool secret_same(const char *a, const char *b);

#endif
