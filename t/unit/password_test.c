#include "check.h"

#include <pthread.h>
#include <stdlib.h>

#include "auth/common_passwords.h"
#include "auth/password.h"
#include "core/arena.h"
#include "core/slots.h"
#include "core/text.h"
#include "vault/vault.h"

/* "correct horse", of the older system's kind, at costs 10 and 9. */
#define COST_10 "$2b$10$N9qo8uLOickgx2ZMRZoMye7hLCKuEIm4BcKHuoCJsBy/5Q0NErxWS"
#define COST_9 "$2b$09$N9qo8uLOickgx2ZMRZoMyech4iCJkPib/.8qqWEDUK68MACULEc6a"

static struct arena *mem;
static struct passwords *bcrypt, *argon2id;

static const char *many(size_t count)
{
	char *text = arena_alloc(mem, count + 1);

	memset(text, 'x', count);
	return text;
}

static const char *hashed(struct passwords *with, const char *password)
{
	const char *hash = NULL;

	CHECK_FINE(password_hash(with, mem, deadline_in(10000), password, &hash));
	return hash;
}

struct outcome {
	bool right, weak;
};

static struct outcome verified(struct passwords *with, const char *password,
                               const char *stored)
{
	struct outcome outcome = { true, true };

	CHECK_FINE(password_verify(with, mem, deadline_in(10000), password,
	                           stored, &outcome.right, &outcome.weak));
	return outcome;
}

/* AC-3: what is stored, and what is taken over. */
static void schemes(void)
{
	const char *b = hashed(bcrypt, "a good long one");
	const char *a = hashed(argon2id, "a good long one");

	CHECK(text_starts(b, "$2b$12$"));
	CHECK_INT(strlen(b), 60);
	CHECK(text_starts(a, "$argon2id$v=19$m=19456,t=2,p=1$"));
	CHECK(verified(bcrypt, "a good long one", b).right);
	CHECK(!verified(bcrypt, "a good long one", b).weak);
	CHECK(!verified(bcrypt, "a good long onf", b).right);
	CHECK(verified(bcrypt, "a good long one", a).right);
	CHECK(!verified(bcrypt, "a good long one", a).weak);
	CHECK(verified(argon2id, "a good long one", a).right);
	CHECK(!verified(argon2id, "a good long one", a).weak);
	CHECK(!verified(argon2id, "A good long one", a).right);
	CHECK(verified(argon2id, "a good long one", b).right);
	CHECK(verified(argon2id, "a good long one", b).weak);
	CHECK(verified(bcrypt, "correct horse", COST_10).right);
	CHECK(verified(bcrypt, "correct horse", COST_10).weak);
	CHECK(!verified(bcrypt, "correct horsf", COST_10).right);
	CHECK(!verified(bcrypt, "correct horse", COST_9).right);
}

/* AC-4: nothing is shortened in silence. */
static void long_ones(void)
{
	const char *seventy_two = hashed(bcrypt, many(72));
	const char *longer = hashed(bcrypt, many(73));

	CHECK(text_starts(seventy_two, "$2b$"));
	CHECK(verified(bcrypt, many(72), seventy_two).right);
	CHECK(!verified(bcrypt, many(73), seventy_two).right);
	CHECK(!verified(bcrypt, many(71), seventy_two).right);
	CHECK(!verified(bcrypt, many(600), seventy_two).right);
	/* a renewal of a password the older system cut keeps all of it */
	CHECK(text_starts(longer, "$argon2id$"));
	CHECK(verified(bcrypt, many(73), longer).right);
	CHECK(!verified(bcrypt, many(72), longer).right);
	CHECK(!verified(bcrypt, many(74), longer).right);
	CHECK(!verified(bcrypt, many(1025), longer).right);
	CHECK_FAULT(password_hash(bcrypt, mem, deadline_in(1000), many(1025),
	                          &longer),
	            INTERNAL);
}

/* AC-4: what may stand in a row by accident or malice, and lets nobody in. */
static const char *const corrupt[] = {
	"", "*0", "*1", "x", "$2b$", "$2b$12$", "$2b$12$short",
	"$2b$31$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
	"$2b$04$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
	"$2b$xx$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
	"$2b$12$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhW!",
	"$1$abcdefgh$0123456789012345678901", "$6$salt$hash",
	"aaQSqAReePlq6", "plain text", "password",
	"$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$aGFzaA",
	"$argon2id$v=19$m=19456,t=4294967295,p=1$c29tZXNhbHQ$aGFzaA",
	"$argon2id$v=19$m=-1,t=2,p=1$c29tZXNhbHQ$aGFzaA",
	"$argon2id$v=19$m=19456,t=2,p=1$", "$argon2i$v=19$m=19456,t=2,p=1$a$b",
	"$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaA",
};

static void corrupt_ones(void)
{
	for (size_t i = 0; i < sizeof(corrupt) / sizeof(*corrupt); i++) {
		struct outcome outcome =
			verified(argon2id, "password", corrupt[i]);

		CHECK_ROW(!outcome.right && !outcome.weak, corrupt[i]);
	}
}

/* AC-6: every try costs one hash, whoever is asked for. */
static void same_work(void)
{
	static const char *const scheme[] = { "bcrypt", "argon2id" };
	struct passwords *all[] = { bcrypt, argon2id };

	for (size_t i = 0; i < 2; i++) {
		const char *stored = hashed(all[i], "a good long one");
		const struct {
			const char *note, *password, *stored;
		} tries[] = {
			{ "right", "a good long one", stored },
			{ "wrong", "a bad long one", stored },
			{ "nobody", "a good long one", NULL },
			{ "corrupt", "a good long one", "*0" },
			{ "empty", "", stored },
			{ "too long for bcrypt", many(600), stored },
		};

		for (size_t j = 0; j < sizeof(tries) / sizeof(*tries); j++) {
			unsigned long before = passwords_computed(all[i]);

			verified(all[i], tries[j].password, tries[j].stored);
			CHECK_ROW(passwords_computed(all[i]) == before + 1,
			          text_format(mem, "AC-6: %s, %s", scheme[i],
			                      tries[j].note));
		}
		CHECK(!verified(all[i], "", NULL).right);
	}
}

/* AC-5 */
static void rules(void)
{
	struct fault *wrong;

	CHECK_FAULT(password_rules(bcrypt, mem, ""), BAD_FIELD);
	CHECK_FAULT(password_rules(bcrypt, mem, "7 chars"), BAD_FIELD);
	CHECK_FINE(password_rules(bcrypt, mem, "8 chars!"));
	/* code points count, not bytes */
	CHECK_FAULT(password_rules(bcrypt, mem, "éééé"), BAD_FIELD);
	CHECK_FINE(password_rules(bcrypt, mem, "éèêëáàâä"));
	CHECK_FINE(password_rules(bcrypt, mem, many(64)));
	CHECK_FINE(password_rules(bcrypt, mem, many(72)));
	CHECK_FAULT(password_rules(bcrypt, mem, many(73)), BAD_FIELD);
	CHECK_FINE(password_rules(argon2id, mem, many(73)));
	CHECK_FINE(password_rules(argon2id, mem, many(1024)));
	CHECK_FAULT(password_rules(argon2id, mem, many(1025)), BAD_FIELD);
	CHECK_FINE(password_rules(bcrypt, mem, "nothing but letters"));
	CHECK_FAULT(password_rules(bcrypt, mem, "password1"), BAD_FIELD);
	CHECK_FAULT(password_rules(bcrypt, mem, "PassWord1"), BAD_FIELD);
	wrong = password_rules(bcrypt, mem, "qwertyuiop");
	CHECK_FAULT(wrong, BAD_FIELD);
	CHECK(wrong && !strstr(wrong->told, "qwerty"));
	CHECK(common_password_count >= 3000);
	for (size_t i = 0; i < common_password_count; i++)
		if (!password_rules(bcrypt, mem, common_passwords[i]))
			CHECK_ROW(false, common_passwords[i]);
}

static void settings(void)
{
	struct passwords *none;

	CHECK_FAULT(passwords_open(mem, "md5", 2, &none), BAD_SETTING);
	CHECK(!none);
	CHECK_FAULT(passwords_open(mem, "", 2, &none), BAD_SETTING);
}

struct sitter {
	struct slots *slots;
	pthread_t thread;
	bool given;
};

static void *sit(void *what)
{
	struct sitter *sitter = what;

	sitter->given = slots_borrow(sitter->slots, deadline_in(60000));
	if (sitter->given)
		slots_give_back(sitter->slots);
	return NULL;
}

/* AC-7: a bounded number at once, a bounded number behind, none lost. */
static void slots(void)
{
	struct slots *two = slots_new(2, 3);
	struct sitter sitters[3];

	CHECK(slots_borrow(two, deadline_in(0)));
	CHECK(slots_borrow(two, deadline_in(0)));
	CHECK(!slots_borrow(two, deadline_in(0))); /* over, and left the queue */
	CHECK(!slots_borrow(two, deadline_in(1)));
	for (size_t i = 0; i < 3; i++) {
		sitters[i].slots = two;
		pthread_create(&sitters[i].thread, NULL, sit, &sitters[i]);
	}
	slots_give_back(two);
	for (size_t i = 0; i < 3; i++) {
		pthread_join(sitters[i].thread, NULL);
		CHECK(sitters[i].given);
	}
	slots_give_back(two);
	CHECK(slots_borrow(two, deadline_in(0)));
	CHECK(slots_borrow(two, deadline_in(0)));
	CHECK(!slots_borrow(two, deadline_in(0)));
	slots_free(two);

	struct slots *full = slots_new(1, 0);
	CHECK(slots_borrow(full, deadline_in(0)));
	CHECK(!slots_borrow(full, deadline_in(60000))); /* none may wait: at once */
	slots_free(full);
}

int main(void)
{
	mem = arena_new(64 << 20);
	CHECK_FINE(vault_start(mem));
	CHECK_FINE(passwords_open(mem, "bcrypt", 2, &bcrypt));
	CHECK_FINE(passwords_open(mem, "argon2id", 2, &argon2id));
	settings();
	slots();
	rules();
	schemes();
	long_ones();
	corrupt_ones();
	same_work();
	passwords_close(bcrypt);
	passwords_close(argon2id);
	arena_free(mem);
	return check_end();
}
