/* SE-6: what is in the memory of a program that has opened a secret, or sent it
 * to a vendor, and what a core of it would hold. This build lets itself be looked at: the two calls
 * by which vault_start() forbids that do nothing here. */
#include "check.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sodium.h>

#include "core/arena.h"
#include "core/config.h"
#include "core/json.h"
#include "core/text.h"
#include "core/wipe.h"
#include "outbound/outbound.h"
#include "vault/vault.h"
#include "vendor.h"

enum {
	SECRET_SIZE = 64,
	KEY_BYTES = 32,
	PADDED = sodium_base64_VARIANT_ORIGINAL,
};

static const struct seal_place place = { "t", "c", "u", "r" };

/* Not a secret, and in plain memory: a search that does not find it has not
 * searched. */
static char marker[SECRET_SIZE + 1];

static char folder[] = "/tmp/memory_test.XXXXXX";
static int told; /* the child tells its secret through this pipe */
static int port; /* of the vendor, which is the parent */

int setrlimit(__rlimit_resource_t resource, const struct rlimit *limit)
{
	(void)resource;
	(void)limit;
	return 0;
}

int prctl(int option, ...)
{
	(void)option;
	return 0;
}

/* ---- the program that is looked at ---- */

static void stop_if(struct fault *wrong)
{
	if (wrong)
		_exit(9);
}

static void random_text(char *text)
{
	unsigned char bytes[SECRET_SIZE / 2];

	randombytes_buf(bytes, sizeof(bytes));
	sodium_bin2hex(text, SECRET_SIZE + 1, bytes, sizeof(bytes));
	sodium_memzero(bytes, sizeof(bytes));
}

static const char *path_of(struct arena *mem, const char *name)
{
	return text_format(mem, "%s/%s", folder, name);
}

/* Seals a secret that it makes up and forgets. */
static const char *sealed_secret(struct vault *vault, struct arena *mem)
{
	char *secret = sodium_malloc(SECRET_SIZE + 1);
	const char *sealed;

	random_text(secret);
	if (write(told, secret, SECRET_SIZE) != SECRET_SIZE)
		_exit(9);
	stop_if(vault_seal(vault, mem, &place, secret, &sealed));
	sodium_free(secret);
	return sealed;
}

/* Stops with the secret open, then with it closed, then with the vault closed
 * too; and leaves a core with all open again. */
static void opens_secrets(void)
{
	const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	struct arena *mem = arena_new(1 << 20), *round = arena_new(1 << 20);
	const char *private = path_of(mem, "private"), *sealed, *secret;
	struct vault *vault;

	stop_if(vault_start(mem));
	random_text(marker);
	if (chdir(folder) != 0 ||
	    write(told, marker, SECRET_SIZE) != SECRET_SIZE)
		_exit(9);
	stop_if(vault_open(mem, NULL, private, &vault));
	sealed = sealed_secret(vault, mem);
	stop_if(vault_unseal(vault, round, &place, sealed, &secret));
	raise(SIGSTOP);
	arena_reset(round);
	raise(SIGSTOP);
	vault_close(vault);
	raise(SIGSTOP);
	stop_if(vault_open(mem, NULL, private, &vault));
	stop_if(vault_unseal(vault, round, &place, sealed, &secret));
	prlimit(0, RLIMIT_CORE, &all, NULL);
	abort();
}

/* Sends the secret in all ways that a source may, and gets it back. */
static void call_vendor(struct outbound *outbound, struct arena *mem,
                        const char *secret, bool alone)
{
	static const char *const hosts[] = { "vendor.test", NULL };
	const struct deadline deadline = deadline_in(20000);
	const char *url = text_format(mem, "http://vendor.test:%d/echo", port);
	struct call *call = call_new(mem, "POST", url, hosts, deadline);
	json_object *tree = js_object(mem);

	js_put_text(tree, "token", secret);
	call_header(call, "X-Told", js_print(mem, tree));
	call_body(call, "application/x-www-form-urlencoded",
	          form_fill(mem, "client_secret={}", secret));
	call->bearer = secret;
	call->alone = alone;
	outbound_send(outbound, call);
	while (outbound_wait(outbound, &call, 1, deadline, -1) > 0)
		;
	if (call->end != CALL_ANSWERED || !strstr(call->reply.body, secret))
		_exit(9);
}

/* Stops while the request is at it, and when it is over: the connection, the
 * outbound thread and the vault are still there then. */
static void calls_vendor(void)
{
	const struct config config = { .outbound_threads = 1 };
	struct arena *mem = arena_new(1 << 20), *round = arena_new(1 << 20);
	const char *sealed, *secret;
	struct outbound *outbound;
	struct vault *vault;

	stop_if(vault_start(mem));
	stop_if(vault_open(mem, NULL, path_of(mem, "private"), &vault));
	stop_if(outbound_open(mem, &config, &outbound));
	sealed = sealed_secret(vault, mem);
	stop_if(vault_unseal(vault, round, &place, sealed, &secret));
	call_vendor(outbound, round, secret, true);
	call_vendor(outbound, round, secret, false);
	raise(SIGSTOP);
	arena_reset(round);
	raise(SIGSTOP);
	_exit(0);
}

/* Keys come from another process, so that nothing of them is inherited. */
static void makes_keys(void)
{
	struct arena *mem = arena_new(1 << 20);

	stop_if(vault_start(mem));
	stop_if(vault_create(mem, path_of(mem, "public"),
	                     path_of(mem, "private")));
	_exit(0);
}

/* ---- looking ---- */

struct found {
	int all;
	int kept;    /* of these, in memory that is locked and in no core */
	int in_core; /* of these, where the kernel would write a core from */
};

static int count_in(const void *bytes, size_t size, const void *what,
                    size_t what_size)
{
	const unsigned char *at = bytes, *end = at + size;
	int count = 0;

	while ((at = memmem(at, (size_t)(end - at), what, what_size))) {
		count++;
		at++;
	}
	return count;
}

/* Counts in one mapping; what cannot be read (guard pages) holds nothing. */
static int count_mapping(int memory, unsigned long from, unsigned long to,
                         const void *what, size_t what_size)
{
	size_t size = to - from;
	unsigned char *bytes = malloc(size);
	ssize_t got = bytes ? pread(memory, bytes, size, (off_t)from) : -1;
	int count = got > 0 ? count_in(bytes, (size_t)got, what, what_size) : 0;

	free(bytes);
	return count;
}

static struct found look(pid_t pid, const void *what, size_t what_size)
{
	struct found found = { 0 };
	unsigned long from = 0, to = 0;
	char path[64], line[4096];
	int memory, count;
	FILE *mappings;

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	memory = open(path, O_RDONLY);
	snprintf(path, sizeof(path), "/proc/%d/smaps", (int)pid);
	mappings = fopen(path, "r");
	while (mappings && fgets(line, sizeof(line), mappings)) {
		unsigned long start, end;

		if (sscanf(line, "%lx-%lx ", &start, &end) == 2)
			from = start, to = end;
		if (!text_starts(line, "VmFlags:"))
			continue;
		count = count_mapping(memory, from, to, what, what_size);
		found.all += count;
		if (!strstr(line, " dd"))
			found.in_core += count;
		else if (strstr(line, " lo"))
			found.kept += count;
	}
	if (mappings)
		fclose(mappings);
	close(memory);
	return found;
}

/* ---- the claims ---- */

/* What the child has told, and its key, in the two forms that it passed by. */
static char said[SECRET_SIZE + 1], secret[SECRET_SIZE + 1];
static unsigned char key[KEY_BYTES];
static char key_text[sodium_base64_ENCODED_LEN(KEY_BYTES, PADDED)];

static void read_key(void)
{
	char path[64], line[128] = "";
	int file;

	snprintf(path, sizeof(path), "%s/private", folder);
	file = open(path, O_RDONLY);
	CHECK(read(file, line, sizeof(line) - 1) > 0);
	close(file);
	snprintf(key_text, sizeof(key_text), "%s", strchr(line, ' ') + 1);
	CHECK(sodium_base642bin(key, sizeof(key), key_text, strlen(key_text),
	                        NULL, NULL, NULL, PADDED) == 0);
}

static bool stopped(pid_t pid)
{
	int status;

	return waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status);
}

/* SE-6 */
static void open_and_closed(pid_t pid)
{
	struct found at;

	CHECK_INT(look(pid, said, SECRET_SIZE).in_core, 1);
	at = look(pid, secret, SECRET_SIZE);
	CHECK_INT(at.all, 1);
	CHECK_INT(at.kept, 1);
	at = look(pid, key, KEY_BYTES);
	CHECK_INT(at.all, 1);
	CHECK_INT(at.kept, 1);
	CHECK_INT(look(pid, key_text, strlen(key_text)).all, 0);

	kill(pid, SIGCONT); /* the request is over */
	CHECK(stopped(pid));
	CHECK_INT(look(pid, said, SECRET_SIZE).all, 1);
	CHECK_INT(look(pid, secret, SECRET_SIZE).all, 0);

	kill(pid, SIGCONT); /* the vault is closed */
	CHECK(stopped(pid));
	CHECK_INT(look(pid, said, SECRET_SIZE).all, 1);
	CHECK_INT(look(pid, key, KEY_BYTES).all, 0);
	kill(pid, SIGCONT);
}

/* SE-6 */
static void called_and_over(pid_t pid)
{
	struct found at = look(pid, secret, SECRET_SIZE);

	CHECK_INT(at.kept, 1);
	CHECK(at.all > 5); /* what is looked for can be found */

	kill(pid, SIGCONT);
	CHECK(stopped(pid));
	CHECK_INT(look(pid, secret, SECRET_SIZE).all, 0);
	kill(pid, SIGCONT);
}

/* A core goes where we can read it, if the kernel writes it into the folder and
 * no limit that we cannot raise forbids it. */
static bool cores_come(void)
{
	char pattern[128] = "|";
	int file = open("/proc/sys/kernel/core_pattern", O_RDONLY);
	struct rlimit most = { 0 };
	bool here = read(file, pattern, sizeof(pattern) - 1) > 0 &&
	            text_starts(pattern, "core");

	close(file);
	getrlimit(RLIMIT_CORE, &most);
	return here && !strchr(pattern, '/') &&
	       (geteuid() == 0 || most.rlim_max == RLIM_INFINITY);
}

/* SE-6: the same in what the kernel writes. */
static void forced_core(pid_t pid)
{
	char command[128];
	struct stat about = { 0 };
	int status, file;
	void *core;

	CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status));
	if (!cores_come() || !WCOREDUMP(status)) {
		printf("ok %d - SE-6: a forced core # SKIP cores go elsewhere "
		       "here\n",
		       ++check_count);
		return;
	}
	snprintf(command, sizeof(command), "mv %s/core* %s/image", folder,
	         folder);
	CHECK(system(command) == 0);
	snprintf(command, sizeof(command), "%s/image", folder);
	file = open(command, O_RDONLY);
	CHECK(fstat(file, &about) == 0);
	core = malloc((size_t)about.st_size + 1);
	CHECK(read(file, core, (size_t)about.st_size) == about.st_size);
	close(file);
	CHECK(count_in(core, (size_t)about.st_size, said, SECRET_SIZE) > 0);
	CHECK_INT(count_in(core, (size_t)about.st_size, secret, SECRET_SIZE),
	          0);
	CHECK_INT(count_in(core, (size_t)about.st_size, key, KEY_BYTES), 0);
	CHECK_INT(count_in(core, (size_t)about.st_size, key_text,
	                   strlen(key_text)),
	          0);
	free(core);
}

static pid_t child(void (*work)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		work();
		_exit(0);
	}
	return pid;
}

static void look_at_it(void)
{
	int ends[2], status;
	pid_t pid;

	CHECK(pipe(ends) == 0);
	told = ends[1];
	pid = child(makes_keys);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	pid = child(opens_secrets);
	if (!CHECK(stopped(pid)))
		return;
	CHECK(read(ends[0], said, SECRET_SIZE) == SECRET_SIZE);
	CHECK(read(ends[0], secret, SECRET_SIZE) == SECRET_SIZE);
	read_key();
	open_and_closed(pid);
	forced_core(pid);

	pid = child(calls_vendor);
	if (!CHECK(stopped(pid)))
		return;
	CHECK(read(ends[0], secret, SECRET_SIZE) == SECRET_SIZE);
	called_and_over(pid);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
}

int main(void)
{
	if (!wipe_on_free) {
		puts("1..0 # SKIP sanitizers keep copies, and much shadow");
		return 0;
	}
	if (!mkdtemp(folder))
		return 99;
	port = vendor_start();
	look_at_it();
	if (fork() == 0)
		execlp("rm", "rm", "-rf", folder, (char *)NULL);
	wait(NULL);
	return check_end();
}
