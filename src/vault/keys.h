/* Key files: one line each, `gatehouse-seal-private-1 <base64>`, that says what
 * it is, so that neither half is taken for the other. A file is read only when
 * its mode keeps others out (SE-1). */
#ifndef GATEHOUSE_VAULT_KEYS_H
#define GATEHOUSE_VAULT_KEYS_H

#include "core/fault.h"

struct arena;

enum { KEY_SIZE = 32, KEY_ID_SIZE = 16 };

enum key_half { PUBLIC_HALF, PRIVATE_HALF };

/* What a vault holds. Made by vault_open(), const afterwards. */
struct vault {
	unsigned char public_key[KEY_SIZE];
	unsigned char *private_key;     /* locked memory; NULL: it only seals */
	unsigned char *state_key;       /* likewise */
	char key_id[KEY_ID_SIZE + 1];   /* hex digits, from the public key */
};

/* Reads one half into KEY_SIZE bytes. Fault: BAD_SETTING, told: the file, what
 * is wrong with it, and what to run. */
CAN_FAIL key_read(struct arena *mem, enum key_half half, const char *path,
                  unsigned char *key);

/* Writes one half to a new file, mode 0400, the public one 0444. Fault:
 * BAD_INPUT, told. */
CAN_FAIL key_write(struct arena *mem, enum key_half half, const char *path,
                   const unsigned char *key);

#endif
