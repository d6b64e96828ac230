#include "vault/vault.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <sodium.h>

#include "core/arena.h"
#include "core/text.h"
#include "vault/base64url.h"
#include "vault/box.h"
#include "vault/keys.h"

/* The form of a sealed value: "1.<key id>.<base64url>". The bytes are the
 * value's own key, sealed to the public key, then a box (vault/box.h). */
#define FORM "1"

enum {
	SEALED_KEY = crypto_box_SEALBYTES + BOX_KEY,
	SEALED_MOST = 256 << 10, /* characters; settings are far smaller */
};

static_assert(KEY_SIZE == crypto_box_PUBLICKEYBYTES, "public key");
static_assert(KEY_SIZE == crypto_box_SECRETKEYBYTES, "private key");
static_assert(KEY_SIZE == crypto_kdf_KEYBYTES, "derivation key");

CAN_FAIL vault_start(struct arena *mem)
{
	const struct rlimit none = { 0, 0 };

	if (sodium_init() < 0)
		return fault(mem, FAULT_INTERNAL, "libsodium did not start");
	if (setrlimit(RLIMIT_CORE, &none) != 0)
		return fault(mem, FAULT_INTERNAL, "core dumps stay on");
#ifndef __SANITIZE_ADDRESS__ /* the leak check attaches to its own process */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return fault(mem, FAULT_INTERNAL, "memory stays readable");
#endif
	return NULL;
}

/* Known from the key itself, so that two pairs never share an id. */
static void name_key(struct vault *vault)
{
	unsigned char digest[crypto_generichash_BYTES_MIN];

	static_assert(sizeof(digest) >= KEY_ID_SIZE / 2, "digest");
	crypto_generichash(digest, sizeof(digest), vault->public_key, KEY_SIZE,
	                   NULL, 0);
	sodium_bin2hex(vault->key_id, sizeof(vault->key_id), digest,
	               KEY_ID_SIZE / 2);
}

static CAN_FAIL open_private(struct arena *mem, const char *path,
                             struct vault *vault)
{
	vault->private_key = sodium_malloc(KEY_SIZE);
	vault->state_key = sodium_malloc(KEY_SIZE);
	if (!vault->private_key || !vault->state_key)
		return fault(mem, FAULT_INTERNAL, "no locked memory");
	TRY(key_read(mem, PRIVATE_HALF, path, vault->private_key));
	crypto_kdf_derive_from_key(vault->state_key, KEY_SIZE, 1, "gh-state",
	                           vault->private_key);
	crypto_scalarmult_base(vault->public_key, vault->private_key);
	sodium_mprotect_readonly(vault->private_key);
	sodium_mprotect_readonly(vault->state_key);
	return NULL;
}

static CAN_FAIL open_halves(struct arena *mem, const char *public_file,
                            const char *private_file, struct vault *vault)
{
	unsigned char public_key[KEY_SIZE];

	if (!public_file && !private_file)
		return fault_told(mem, FAULT_BAD_SETTING,
		                  "No key file is set: make a pair with "
		                  "`gatehouse keys create`.");
	if (private_file)
		TRY(open_private(mem, private_file, vault));
	if (public_file)
		TRY(key_read(mem, PUBLIC_HALF, public_file, public_key));
	if (public_file && private_file &&
	    memcmp(public_key, vault->public_key, KEY_SIZE) != 0)
		return fault_told(
			mem, FAULT_BAD_SETTING,
			"The key files %s and %s are not of one pair.",
			public_file, private_file);
	if (public_file)
		memcpy(vault->public_key, public_key, KEY_SIZE);
	name_key(vault);
	return NULL;
}

CAN_FAIL vault_open(struct arena *mem, const char *public_file,
                    const char *private_file, struct vault **vault)
{
	struct vault *opened = calloc(1, sizeof(*opened));
	struct fault *wrong;

	*vault = NULL;
	if (!opened)
		return fault(mem, FAULT_INTERNAL, "no memory for a vault");
	wrong = open_halves(mem, public_file, private_file, opened);
	if (wrong)
		vault_close(opened);
	else
		*vault = opened;
	return wrong;
}

void vault_close(struct vault *vault)
{
	if (!vault)
		return;
	sodium_free(vault->private_key);
	sodium_free(vault->state_key);
	free(vault);
}

CAN_FAIL vault_create(struct arena *mem, const char *public_file,
                      const char *private_file)
{
	unsigned char public_key[KEY_SIZE], private_key[KEY_SIZE];
	struct fault *wrong;

	crypto_box_keypair(public_key, private_key);
	wrong = key_write(mem, PRIVATE_HALF, private_file, private_key);
	sodium_memzero(private_key, sizeof(private_key));
	TRY(wrong);
	wrong = key_write(mem, PUBLIC_HALF, public_file, public_key);
	if (wrong)
		unlink(private_file);
	return wrong;
}

/* What a sealed value is bound to (SE-3). */
#define PARTS(key_id, place)                                     \
	((const char *const[]){ "gatehouse-seal", FORM, key_id,  \
	                        (place)->table, (place)->column, \
	                        (place)->tenant, (place)->row, NULL })

CAN_FAIL vault_seal(struct vault *vault, struct arena *mem,
                    const struct seal_place *place, const char *secret,
                    const char **sealed)
{
	unsigned char key[BOX_KEY];
	size_t size = strlen(secret);
	size_t whole = SEALED_KEY + BOX_MORE + size;

	if (size > SEALED_MOST / 2)
		return fault(mem, FAULT_TOO_LARGE, "a secret of %zu bytes",
		             size);
	unsigned char *bytes = arena_alloc(mem, whole);
	randombytes_buf(key, sizeof(key));
	int failed =
		crypto_box_seal(bytes, key, sizeof(key), vault->public_key);
	box_close(mem, bytes + SEALED_KEY, secret, size, key,
	          PARTS(vault->key_id, place));
	sodium_memzero(key, sizeof(key));
	if (failed)
		return fault(mem, FAULT_INTERNAL, "the public key is weak");
	*sealed = text_format(mem, FORM ".%s.%s", vault->key_id,
	                      base64url(mem, bytes, whole));
	return NULL;
}

static struct fault *unopened(struct arena *mem, const struct seal_place *place,
                              const char *why)
{
	return fault(mem, FAULT_SEAL, "%s.%s of row %s: %s", place->table,
	             place->column, place->row, why);
}

/* Opens the bytes of a sealed value, of which there are enough. */
static char *open_bytes(const struct vault *vault, struct arena *mem,
                        const struct seal_place *place,
                        const unsigned char *bytes, size_t whole)
{
	unsigned char key[BOX_KEY];
	size_t size = whole - SEALED_KEY - BOX_MORE;
	char *secret = sodium_malloc(size + 1);
	bool opened;

	if (!secret)
		return NULL;
	arena_defer(mem, sodium_free, secret);
	opened = crypto_box_seal_open(key, bytes, SEALED_KEY, vault->public_key,
	                              vault->private_key) == 0 &&
	         box_open(mem, secret, bytes + SEALED_KEY, whole - SEALED_KEY,
	                  key, PARTS(vault->key_id, place));
	sodium_memzero(key, sizeof(key));
	secret[size] = '\0';
	return opened && text_valid(secret, size) ? secret : NULL;
}

CAN_FAIL vault_unseal(struct vault *vault, struct arena *mem,
                      const struct seal_place *place, const char *sealed,
                      const char **secret)
{
	const char *start = text_format(mem, FORM ".%s.", vault->key_id);
	size_t length = strnlen(sealed, SEALED_MOST);
	size_t whole;

	*secret = NULL;
	if (!vault->private_key)
		return unopened(mem, place, "there is no private key here");
	if (length == SEALED_MOST)
		return unopened(mem, place, "too long");
	if (!text_starts(sealed, start))
		return unopened(mem, place, "another form or another key");
	const char *coded = sealed + strlen(start);
	char *bytes = unbase64url(mem, coded, strlen(coded), &whole);
	if (!bytes || whole < SEALED_KEY + BOX_MORE)
		return unopened(mem, place, "broken");
	*secret = open_bytes(vault, mem, place, (unsigned char *)bytes, whole);
	return *secret ? NULL
	               : unopened(mem, place, "not sealed for this place");
}
