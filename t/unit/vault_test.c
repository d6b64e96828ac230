#include "check.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/text.h"
#include "vault/base64url.h"
#include "vault/box.h"
#include "vault/vault.h"

#define TENANT_A "5f0c2b1e-0000-4000-8000-000000000001"
#define ROW_1 "5f0c2b1e-0000-4000-8000-000000000002"
#define ROW_2 "5f0c2b1e-0000-4000-8000-000000000003"

/* The bytes 1 to 32, and the public key that follows from them. */
#define PRIVATE "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="
#define PUBLIC "B6N8vBQgk8i3VdwbEOhstCY3StFqqFPtC9/AsrhtHHw="
#define PUBLIC_HEX                                                             \
	"07a37cbc142093c8b755dc1b10e86cb426374ad16aa853ed0bdfc0b2b86d1c7c"

/* Made once by other code than ours (libsodium's calls one by one, associated
 * data put together by hand) with those keys. */
#define SEALED                                                                 \
	"1.38f866e2b504c1c9.c1NUkCgj6nXsrhQvs76gkaSueIWQU_CMUP2g79L55BhYX5C-" \
	"OVPgGmJEj7m0itOIdoUxOm96Q83oeR79KTa1uRWzYJa_WeEqsihH6lZObDRAQUJDREV" \
	"GR0hJSktMTU5PUFFSU1RVVleQLBCYMpWaLtthErCEy-l5EnRATmc96Im5mpp-YiZiKo" \
	"CaXc8f68c4IFlgcDZRenVdnQ"

static struct arena *mem;
static char folder[] = "/tmp/vault_test.XXXXXX";

static const struct seal_place place = {
	"source_secrets", "box_client_secret", TENANT_A, ROW_1,
};

/* A file of the test's folder with some text and a mode; its path. */
static const char *file_of(const char *name, const char *text, mode_t mode)
{
	const char *path = text_format(mem, "%s/%s", folder, name);
	int file;

	unlink(path);
	file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (file < 0 || write(file, text, strlen(text)) < 0)
		abort();
	fchmod(file, mode);
	close(file);
	return path;
}

static struct vault *vault_of(const char *public_file, const char *private_file)
{
	struct vault *vault = NULL;

	CHECK_FINE(vault_open(mem, public_file, private_file, &vault));
	return vault;
}

static const struct {
	const char *note, *text;
	mode_t mode;
	bool private, fine;
	const char *told;
} files[] = {
	{ "base64", "gatehouse-seal-private-1 " PRIVATE "\n", 0400, true, true, "" },
	{ "no line end", "gatehouse-seal-private-1 " PRIVATE, 0400, true, true, "" },
	{ "readable by the group", "gatehouse-seal-private-1 " PRIVATE "\n", 0440, true, true, "" },
	{ "public", "gatehouse-seal-public-1 " PUBLIC "\n", 0444, false, true, "" },
	{ "public in hex", "gatehouse-seal-public-1 " PUBLIC_HEX "\n", 0444, false, true, "" },
	{ "readable by all", "gatehouse-seal-private-1 " PRIVATE "\n", 0444, true, false, "chmod 0400" },
	{ "writable", "gatehouse-seal-private-1 " PRIVATE "\n", 0600, true, false, "chmod 0400" },
	{ "writable public", "gatehouse-seal-public-1 " PUBLIC "\n", 0644, false, false, "chmod 0444" },
	{ "empty", "", 0400, true, false, "empty" },
	{ "no name", PRIVATE "\n", 0400, true, false, "which key" },
	{ "the other half", "gatehouse-seal-public-1 " PUBLIC "\n", 0400, true, false, "other half" },
	{ "private where public goes", "gatehouse-seal-private-1 " PRIVATE "\n", 0400, false, false, "other half" },
	{ "short", "gatehouse-seal-private-1 AQIDBAUGBwgJCgsMDQ4PEA==\n", 0400, true, false, "32 bytes" },
	{ "long", "gatehouse-seal-private-1 " PRIVATE "AAAA\n", 0400, true, false, "32 bytes" },
	{ "changeme", "gatehouse-seal-private-1 changeme\n", 0400, true, false, "32 bytes" },
	{ "zeros", "gatehouse-seal-private-1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", 0400, true, false, "placeholder" },
	{ "two lines", "gatehouse-seal-private-1 " PRIVATE "\nmore\n", 0400, true, false, "too long" },
};

/* SE-1 */
static void key_files(void)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		const char *path =
			file_of("key", files[i].text, files[i].mode);
		struct vault *vault;
		struct fault *wrong =
			vault_open(mem, files[i].private ? NULL : path,
		                   files[i].private ? path : NULL, &vault);

		CHECK_ROW(files[i].fine == !wrong, files[i].note);
		CHECK_ROW(!wrong || wrong->kind == FAULT_BAD_SETTING,
		          files[i].note);
		CHECK_ROW(!wrong || (strstr(wrong->told, files[i].told) &&
		                     strstr(wrong->told, path)),
		          files[i].note);
		CHECK_ROW(!wrong || !strstr(wrong->told, PRIVATE),
		          "SE-1: what is told never holds the key");
		vault_close(vault);
	}

	struct vault *none;
	struct fault *missing = vault_open(mem, NULL, "/nowhere/key", &none);
	CHECK_FAULT(missing, BAD_SETTING);
	CHECK(strstr(missing->told, "gatehouse keys create"));
	CHECK(!none);
	CHECK_FAULT(vault_open(mem, NULL, NULL, &none), BAD_SETTING);
	CHECK_FAULT(vault_open(mem, NULL, folder, &none), BAD_SETTING);
}

static mode_t mode_of(const char *path)
{
	struct stat about;

	return stat(path, &about) == 0 ? about.st_mode & 07777 : 0;
}

/* SE-1: made keys are usable, private to their owner, and never replaced. */
static void made_keys(void)
{
	const char *public = text_format(mem, "%s/made.public", folder);
	const char *private = text_format(mem, "%s/made.private", folder);
	struct vault *vault;

	CHECK_FINE(vault_create(mem, public, private));
	CHECK_INT(mode_of(private), 0400);
	CHECK_INT(mode_of(public), 0444);
	vault_close(vault_of(public, private));
	CHECK_FAULT(vault_create(mem, public, private), BAD_INPUT);
	CHECK_FAULT(vault_create(mem, public,
	                         text_format(mem, "%s/other", folder)),
	            BAD_INPUT);
	CHECK_INT(mode_of(text_format(mem, "%s/other", folder)), 0);
	CHECK_FAULT(vault_open(mem,
	                       file_of("foreign",
	                               "gatehouse-seal-public-1 " PUBLIC,
	                               0444),
	                       private, &vault),
	            BAD_SETTING);
}

static const char *const secrets[] = {
	"", "s", "a client secret, 32 bytes or so…",
	"\"quotes\", \\ and\nline breaks",
};

/* SE-2: known answer, and what was sealed opens to the same. */
static void sealing(struct vault *seals, struct vault *opens)
{
	const char *sealed, *again, *secret;

	CHECK_FINE(vault_unseal(opens, mem, &place, SEALED, &secret));
	CHECK_TEXT(secret, "a client secret, 32 bytes or so…");
	for (size_t i = 0; i < sizeof(secrets) / sizeof(*secrets); i++) {
		CHECK_FINE(vault_seal(seals, mem, &place, secrets[i], &sealed));
		CHECK_FINE(vault_unseal(opens, mem, &place, sealed, &secret));
		CHECK_TEXT(secret, secrets[i]);
	}
	CHECK_FINE(vault_seal(seals, mem, &place, "same", &sealed));
	CHECK_FINE(vault_seal(seals, mem, &place, "same", &again));
	CHECK(strcmp(sealed, again) != 0);
	/* the program that seals cannot open */
	CHECK_FAULT(vault_unseal(seals, mem, &place, sealed, &secret), SEAL);
	CHECK(!secret);
}

/* SE-4: a sealed value names its key, and another key is told from a broken
 * value. Uses the pair of made_keys(). */
static void other_key(struct vault *seals)
{
	const char *sealed, *secret;
	struct vault *other =
		vault_of(NULL, text_format(mem, "%s/made.private", folder));

	CHECK_FINE(vault_seal(seals, mem, &place, "secret", &sealed));
	struct fault *wrong =
		vault_unseal(other, mem, &place, sealed, &secret);
	CHECK_FAULT(wrong, SEAL);
	CHECK(wrong && strstr(wrong->note, "another key"));
	CHECK(!secret);
	vault_close(other);
}

static const struct {
	const char *note;
	struct seal_place place;
} elsewhere[] = {
	{ "another table", { "sources", "box_client_secret", TENANT_A, ROW_1 } },
	{ "another column", { "source_secrets", "snowflake_pat", TENANT_A, ROW_1 } },
	{ "another tenant", { "source_secrets", "box_client_secret", ROW_2, ROW_1 } },
	{ "another row", { "source_secrets", "box_client_secret", TENANT_A, ROW_2 } },
	{ "tenant and row swapped", { "source_secrets", "box_client_secret", ROW_1, TENANT_A } },
	{ "a border moved", { "source_secretsb", "ox_client_secret", TENANT_A, ROW_1 } },
	{ "empty parts", { "", "", "", "" } },
};

/* SE-3: a moved value does not open, and nothing of it comes out. */
static void moved(struct vault *opens)
{
	const char *secret;

	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(*elsewhere); i++) {
		struct fault *wrong = vault_unseal(
			opens, mem, &elsewhere[i].place, SEALED, &secret);

		CHECK_ROW(wrong && wrong->kind == FAULT_SEAL && !secret,
		          elsewhere[i].note);
	}
}

/* SE-3: version, key id and every byte are bound too. */
static void tampered(struct vault *opens)
{
	static const char *const bad[] = {
		"", "1", "1.", "1.38f866e2b504c1c9.", "1.38f866e2b504c1c9.AAAA",
		"plain text",
	};
	const char *secret;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		CHECK_FAULT(vault_unseal(opens, mem, &place, bad[i], &secret),
		            SEAL);
	for (size_t i = 0; i < strlen(SEALED); i++) {
		char *changed = text_copy(mem, SEALED);
		struct fault *wrong;

		changed[i] = changed[i] == 'A' ? 'B' : 'A';
		wrong = vault_unseal(opens, mem, &place, changed, &secret);
		if (!wrong || wrong->kind != FAULT_SEAL || secret)
			CHECK_ROW(false, changed);
	}
	CHECK_FAULT(vault_unseal(opens, mem, &place,
	                         text_format(mem, "%sA", SEALED), &secret),
	            SEAL);
}

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, BOX_NONCE);
}

/* SE-2: a million boxes, a million nonces. */
static void nonces(void)
{
	enum { MANY = 1000000 };
	static const char *const parts[] = { "x", NULL };
	static const unsigned char key[BOX_KEY] = { 1 };
	unsigned char(*all)[BOX_NONCE] = calloc(MANY, BOX_NONCE);
	struct arena *round = arena_new(1 << 20);
	size_t same = 0;

	for (size_t i = 0; i < MANY; i++) {
		unsigned char box[BOX_MORE];

		box_close(round, box, "", 0, key, parts);
		memcpy(all[i], box, BOX_NONCE);
		if (i % 1024 == 0)
			arena_reset(round);
	}
	qsort(all, MANY, BOX_NONCE, compare);
	for (size_t i = 1; i < MANY; i++)
		same += memcmp(all[i - 1], all[i], BOX_NONCE) == 0;
	CHECK_INT(same, 0);
	arena_free(round);
	free(all);
}

/* MC-8: state opens for the same context only, and unchanged only. */
static void state(struct vault *seals, struct vault *opens)
{
	const char *token, *text;

	CHECK_FINE(state_seal(opens, mem, "tools/call|u1", "{\"n\":1}", &token));
	CHECK_INT(strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst"
	                        "uvwxyz0123456789-_"),
	          strlen(token));
	CHECK_FINE(state_open(opens, mem, "tools/call|u1", token, &text));
	CHECK_TEXT(text, "{\"n\":1}");
	CHECK_FAULT(state_open(opens, mem, "tools/call|u2", token, &text),
	            BAD_FIELD);
	CHECK(!text);
	for (size_t i = 0; token[i]; i++) {
		char *changed = text_copy(mem, token);

		changed[i] = changed[i] == 'A' ? 'B' : 'A';
		if (!state_open(opens, mem, "tools/call|u1", changed, &text))
			CHECK_ROW(false, changed);
	}
	CHECK_FAULT(state_open(opens, mem, "c", "", &text), BAD_FIELD);
	CHECK_FAULT(state_open(opens, mem, "c", "no base64!", &text), BAD_FIELD);
	CHECK_FAULT(state_open(seals, mem, "c", token, &text), INTERNAL);
}

static void small_things(void)
{
	size_t size;
	const char *uuid = random_uuid(mem);

	CHECK_TEXT(digest_hex(mem, "abc"),
	           "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068"
	           "d52319");
	CHECK_INT(strlen(random_token(mem, 32)), 43);
	CHECK_INT(strlen(random_hex(mem, 16)), 32);
	CHECK(strcmp(random_hex(mem, 16), random_hex(mem, 16)) != 0);
	CHECK_TEXT(text_uuid(mem, uuid), uuid);
	CHECK_INT(uuid[14], '4');
	CHECK(secret_same("abc", "abc"));
	CHECK(!secret_same("abc", "abd"));
	CHECK(!secret_same("abc", "ab"));
	CHECK(!secret_same("", "a"));
	CHECK_TEXT(unbase64url(mem, "YS1i", 4, &size), "a-b");
	CHECK(!unbase64url(mem, "YS1i=", 5, &size));
	CHECK(!unbase64url(mem, "YS+i", 4, &size));
	CHECK(!unbase64url(mem, "YS1", 3, &size)); /* bits left over */
}

/* SE-6: no core, and no other process reads the memory. */
static void started(void)
{
	struct rlimit core;

	CHECK_FINE(vault_start(mem));
	CHECK(getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max == 0);
#ifndef __SANITIZE_ADDRESS__
	CHECK_INT(prctl(PR_GET_DUMPABLE), 0);
#endif
}

int main(void)
{
	mem = arena_new(1 << 20);
	if (!mkdtemp(folder))
		return 99;
	started();
	struct vault *seals = vault_of(
		file_of("public", "gatehouse-seal-public-1 " PUBLIC, 0444), NULL);
	struct vault *opens = vault_of(
		NULL, file_of("private", "gatehouse-seal-private-1 " PRIVATE,
	                      0400));
	key_files();
	made_keys();
	sealing(seals, opens);
	other_key(seals);
	moved(opens);
	tampered(opens);
	state(seals, opens);
	nonces();
	small_things();
	vault_close(seals);
	vault_close(opens);
	arena_free(mem);
	if (fork() == 0)
		execlp("rm", "rm", "-rf", folder, (char *)NULL);
	return check_end();
}
