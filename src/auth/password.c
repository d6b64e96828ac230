#include "auth/password.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <crypt.h>
#include <sodium.h>

#include "auth/common_passwords.h"
#include "core/arena.h"
#include "core/slots.h"
#include "core/text.h"

enum {
	LEAST = 8,        /* code points of a new password */
	BCRYPT_MOST = 72, /* bytes; bcrypt does not look at byte 73 (AC-4) */
	ARGON2ID_MOST = 1024, /* bytes */
	HASH_MOST = 128,      /* characters of any stored hash, NUL included */

	BCRYPT_COST = 12,
	BCRYPT_COST_LEAST = 10, /* of existing rows (AC-3) */
	BCRYPT_COST_MOST = 14,  /* a corrupt row must not cost hours */

	ARGON2ID_PASSES = 2,
	ARGON2ID_MEMORY = 19 << 20,      /* bytes */
	ARGON2ID_MEMORY_MOST = 64 << 10, /* KiB */
	ARGON2ID_PASSES_MOST = 10,

	WAITING_PER_SLOT = 3, /* a hash takes a quarter of a second */
	WAIT_MOST = 900,      /* ms: a refusal is to come within a second */
};

enum scheme { NO_SCHEME, BCRYPT, ARGON2ID };

struct passwords {
	enum scheme scheme;
	const char *dummy; /* hash of a password nobody knows */
	struct slots *slots;
	atomic_ulong computed;
};

/* ---- the two schemes ---- */

/* Hashes with a setting, or a whole hash, whose first part is one. hash: set
 * to text of mem; false when libxcrypt would not. */
static bool bcrypt(struct arena *mem, const char *password, const char *setting,
                   const char **hash)
{
	struct crypt_data *data = arena_alloc(mem, sizeof(*data));
	const char *made = crypt_rn(password, setting, data, sizeof(*data));
	/* libxcrypt 4.4.33, t/unit/password_test.c: failures are told by NULL
	 * here, by "*0" or "*1" in crypt_r, which this must never become. */
	bool fine = made && made[0] == '$';

	*hash = fine ? text_copy(mem, made) : NULL;
	sodium_memzero(data, sizeof(*data));
	return fine;
}

static bool bcrypt_new(struct arena *mem, const char *password,
                       const char **hash)
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];

	return crypt_gensalt_rn("$2b$", BCRYPT_COST, NULL, 0, setting,
	                        sizeof(setting)) &&
	       bcrypt(mem, password, setting, hash);
}

static bool argon2id_new(struct arena *mem, const char *password,
                         const char **hash)
{
	char *made = arena_alloc(mem, crypto_pwhash_STRBYTES);

	*hash = made;
	return crypto_pwhash_str_alg(made, password, strlen(password),
	                             ARGON2ID_PASSES, ARGON2ID_MEMORY,
	                             crypto_pwhash_ALG_ARGON2ID13) == 0;
}

/* ---- what is stored ---- */

/* The cost of a "$2b$12$" and 53 characters more; 0 when it is none. */
static long bcrypt_cost(const char *hash)
{
	static const char alphabet[] = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz";

	if (!text_starts(hash, "$2b$") || strlen(hash) != 60 ||
	    hash[6] != '$' || strspn(hash + 7, alphabet) != 53)
		return 0;
	if (hash[4] < '0' || hash[4] > '9' || hash[5] < '0' || hash[5] > '9')
		return 0;
	return (hash[4] - '0') * 10 + hash[5] - '0';
}

/* Whether it is Argon2id of a size that this program may be made to spend. */
static bool argon2id_sane(const char *hash)
{
	static const char start[] = "$argon2id$v=19$m=";
	char *rest;

	if (!text_starts(hash, start) || strlen(hash) >= HASH_MOST)
		return false;
	unsigned long memory = strtoul(hash + strlen(start), &rest, 10);
	if (memory > ARGON2ID_MEMORY_MOST || !text_starts(rest, ",t="))
		return false;
	unsigned long passes = strtoul(rest + 3, &rest, 10);
	return passes <= ARGON2ID_PASSES_MOST && text_starts(rest, ",p=1$");
}

static enum scheme scheme_of(const char *hash)
{
	long cost = bcrypt_cost(hash);

	if (cost >= BCRYPT_COST_LEAST && cost <= BCRYPT_COST_MOST)
		return BCRYPT;
	return argon2id_sane(hash) ? ARGON2ID : NO_SCHEME;
}

bool password_known(const char *hash)
{
	return hash && scheme_of(hash) != NO_SCHEME;
}

static bool argon2id_weak(struct arena *mem, const char *hash)
{
	char *whole = arena_alloc(mem, crypto_pwhash_STRBYTES);

	memcpy(whole, hash, strlen(hash));
	return crypto_pwhash_str_needs_rehash(whole, ARGON2ID_PASSES,
	                                      ARGON2ID_MEMORY) != 0;
}

/* Argon2id is not the weaker one, whatever the present scheme. */
static bool hash_weak(const struct passwords *passwords, struct arena *mem,
                      const char *hash)
{
	if (scheme_of(hash) == BCRYPT)
		return passwords->scheme != BCRYPT ||
		       bcrypt_cost(hash) < BCRYPT_COST;
	return argon2id_weak(mem, hash);
}

/* ---- comparing ---- */

static bool bcrypt_matches(struct arena *mem, const char *password,
                           const char *hash)
{
	bool fits = strlen(password) <= BCRYPT_MOST;
	const char *made;

	if (!fits) /* computed all the same, so that it takes as long */
		password = text_copy_n(mem, password, BCRYPT_MOST);
	if (!bcrypt(mem, password, hash, &made))
		return false;
	return fits && strlen(made) == strlen(hash) &&
	       sodium_memcmp(made, hash, strlen(hash)) == 0;
}

static bool argon2id_matches(struct arena *mem, const char *password,
                             const char *hash)
{
	char *whole = arena_alloc(mem, crypto_pwhash_STRBYTES);

	memcpy(whole, hash, strlen(hash));
	return strlen(password) <= ARGON2ID_MOST &&
	       crypto_pwhash_str_verify(whole, password, strlen(password)) == 0;
}

/* Always one computation (AC-6). */
static bool matches(struct passwords *passwords, struct arena *mem,
                    const char *password, const char *stored)
{
	enum scheme scheme = stored ? scheme_of(stored) : NO_SCHEME;
	const char *hash = scheme ? stored : passwords->dummy;
	bool same;

	passwords->computed++;
	same = scheme_of(hash) == BCRYPT
	               ? bcrypt_matches(mem, password, hash)
	               : argon2id_matches(mem, password, hash);
	return same && scheme;
}

/* ---- the module ---- */

static bool compute(struct passwords *passwords, enum scheme scheme,
                    struct arena *mem, const char *password, const char **hash)
{
	passwords->computed++;
	return scheme == BCRYPT ? bcrypt_new(mem, password, hash)
	                        : argon2id_new(mem, password, hash);
}

static CAN_FAIL make_dummy(struct arena *mem, struct passwords *passwords)
{
	unsigned char bytes[24];
	char password[2 * sizeof(bytes) + 1];

	randombytes_buf(bytes, sizeof(bytes));
	sodium_bin2hex(password, sizeof(password), bytes, sizeof(bytes));
	if (!compute(passwords, passwords->scheme, mem, password,
	             &passwords->dummy))
		return fault(mem, FAULT_INTERNAL, "no dummy hash");
	passwords->computed = 0;
	return NULL;
}

CAN_FAIL passwords_open(struct arena *mem, const char *scheme, long at_once,
                        struct passwords **passwords)
{
	struct passwords *opened = arena_alloc(mem, sizeof(*opened));

	*passwords = NULL;
	if (text_same(scheme, "bcrypt"))
		opened->scheme = BCRYPT;
	else if (text_same(scheme, "argon2id"))
		opened->scheme = ARGON2ID;
	else
		return fault_told(mem, FAULT_BAD_SETTING,
		                  "PASSWORD_HASH must be bcrypt or argon2id.");
	TRY(make_dummy(mem, opened));
	opened->slots = slots_new(at_once, at_once * WAITING_PER_SLOT);
	if (!opened->slots)
		return fault(mem, FAULT_INTERNAL, "no memory for slots");
	*passwords = opened;
	return NULL;
}

void passwords_close(struct passwords *passwords)
{
	if (passwords)
		slots_free(passwords->slots);
}

unsigned long passwords_computed(const struct passwords *passwords)
{
	return passwords->computed;
}

static int compare(const void *password, const void *entry)
{
	return strcmp(password, *(const char *const *)entry);
}

static bool common(struct arena *mem, const char *password)
{
	return bsearch(text_lower(mem, password), common_passwords,
	               common_password_count, sizeof(*common_passwords),
	               compare) != NULL;
}

CAN_FAIL password_rules(struct passwords *passwords, struct arena *mem,
                        const char *password)
{
	size_t most = passwords->scheme == BCRYPT ? BCRYPT_MOST : ARGON2ID_MOST;

	if (text_length(password) < LEAST)
		return fault_told(mem, FAULT_BAD_FIELD,
		                  "password must have at least %d characters.",
		                  LEAST);
	if (strlen(password) > most)
		return fault_told(mem, FAULT_BAD_FIELD,
		                  "password must have at most %zu bytes.",
		                  most);
	if (common(mem, password))
		return fault_told(mem, FAULT_BAD_FIELD,
		                  "password is one of the most common ones: "
		                  "choose another.");
	return NULL;
}

/* A full or slow queue is a burst of the callers' making; no time left when
 * one asks is ours. */
static CAN_FAIL borrow(struct passwords *passwords, struct arena *mem,
                       struct deadline deadline)
{
	struct deadline wait =
		deadline_sooner(deadline, deadline_in(WAIT_MOST));

	if (slots_borrow(passwords->slots, wait))
		return NULL;
	struct fault *busy = fault(
		mem, deadline_over(deadline) ? FAULT_BUSY : FAULT_TOO_MANY,
		"no slot for a hash");
	busy->retry_after = 1;
	return busy;
}

CAN_FAIL password_hash(struct passwords *passwords, struct arena *mem,
                       struct deadline deadline, const char *password,
                       const char **hash)
{
	bool fits = strlen(password) <= BCRYPT_MOST;
	enum scheme scheme = fits ? passwords->scheme : ARGON2ID;

	*hash = NULL;
	if (strlen(password) > ARGON2ID_MOST)
		return fault(mem, FAULT_INTERNAL, "rules were not asked");
	TRY(borrow(passwords, mem, deadline));
	bool made = compute(passwords, scheme, mem, password, hash);
	slots_give_back(passwords->slots);
	return made ? NULL : fault(mem, FAULT_INTERNAL, "no hash was made");
}

CAN_FAIL password_verify(struct passwords *passwords, struct arena *mem,
                         struct deadline deadline, const char *password,
                         const char *stored, bool *right, bool *weak)
{
	*right = *weak = false;
	TRY(borrow(passwords, mem, deadline));
	*right = matches(passwords, mem, password, stored);
	slots_give_back(passwords->slots);
	*weak = *right && hash_weak(passwords, mem, stored);
	return NULL;
}
