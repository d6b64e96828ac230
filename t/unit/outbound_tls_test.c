#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/config.h"
#include "core/text.h"
#include "outbound/outbound.h"
#include "vendor.h"

extern char **environ;

enum { LONG_MS = 20000, ARGUMENTS = 24 };

static const char *const hosts[] = { "vendor.test", NULL };
static struct outbound *outbound;
static struct arena *mem;
static char folder[] = "/tmp/gatehouse-tls-XXXXXX";

/* OH-2: who is not exactly whom we called is not spoken to. */
static const struct {
	const char *certificate;
	const char *option; /* of the server; or NULL */
	enum call_end end;
} vendors[] = {
	{ "good", NULL, CALL_ANSWERED },
	{ "good", "-tls1_2", CALL_ANSWERED },
	{ "good", "-tls1_1", CALL_UNTRUSTED },
	{ "expired", NULL, CALL_UNTRUSTED },
	{ "unknown", NULL, CALL_UNTRUSTED },
	{ "other", NULL, CALL_UNTRUSTED },
	{ 0 },
};

struct server {
	pid_t pid;
	int port;
	int said; /* its standard output; closed earlier it would end */
};

/* The port that openssl says it accepts on; 0 if it ended without a word. */
static int read_port(int fd)
{
	char said[1024] = "";
	size_t size = 0;
	char *at = NULL;

	while (!at || !strchr(at, '\n')) {
		ssize_t got = read(fd, said + size, sizeof(said) - 1 - size);

		if (got <= 0)
			return 0;
		size += (size_t)got;
		said[size] = '\0';
		at = strstr(said, "ACCEPT ");
	}
	return (int)strtol(strrchr(at, ':') + 1, NULL, 10);
}

static struct server serve(const char *certificate, const char *option)
{
	struct server server = { 0 };
	const char *cert = text_format(mem, "%s/%s.pem", folder, certificate);
	const char *key = text_format(mem, "%s/%s.key", folder, certificate);
	const char *arguments[ARGUMENTS] = {
		"openssl",     "s_server",       "-accept",
		"127.0.0.1:0", "-www",           "-cert",
		cert,          "-key",           key,
		"-cipher",     "ALL:@SECLEVEL=0"
	};
	posix_spawn_file_actions_t actions;
	int said[2];

	arguments[11] = option;
	if (pipe2(said, O_CLOEXEC) < 0)
		return server;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, said[1], 1);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	posix_spawnp(&server.pid, "openssl", &actions, NULL,
	             (char *const *)arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(said[1]);
	server.said = said[0];
	server.port = read_port(said[0]);
	return server;
}

static void end(struct server server)
{
	kill(server.pid, SIGKILL);
	waitpid(server.pid, NULL, 0);
	close(server.said);
}

static struct call *get(int port, const char *path)
{
	const char *url =
		text_format(mem, "https://vendor.test:%d%s", port, path);
	struct call *call =
		call_new(mem, "GET", url, hosts, deadline_in(LONG_MS));

	outbound_send(outbound, call);
	outbound_wait(outbound, &call, 1, deadline_in(LONG_MS), -1);
	return call;
}

static void check_vendors(void)
{
	for (int i = 0; vendors[i].certificate; i++) {
		struct server server =
			serve(vendors[i].certificate, vendors[i].option);
		struct call *call = get(server.port, "/");

		CHECK_ROW(server.port > 0 && call->end == vendors[i].end,
		          vendors[i].option ? vendors[i].option
		                            : vendors[i].certificate);
		if (call->end != vendors[i].end)
			printf("# %s\n", call->note);
		end(server);
	}
}

/* openssl's page says of each connection whether its session was new. */
static void check_sessions(void)
{
	struct server server = serve("good", NULL);

	CHECK(strstr(get(server.port, "/")->reply.body, "\nNew, TLSv1.3"));
	CHECK(strstr(get(server.port, "/")->reply.body, "\nReused, TLSv1.3"));
	end(server);
}

/* The authority comes from the rules, not from the environment. */
static void check_environment(void)
{
	struct server server = serve("unknown", NULL);

	setenv("SSL_CERT_FILE", text_format(mem, "%s/stranger.pem", folder), 1);
	setenv("SSL_CERT_DIR", folder, 1);
	setenv("CURL_CA_BUNDLE", getenv("SSL_CERT_FILE"), 1);
	CHECK_INT(get(server.port, "/")->end, CALL_UNTRUSTED);
	end(server);
}

static int run(const char *command)
{
	const char *arguments[] = { "sh", "-c", command, NULL };
	int status = -1;
	pid_t pid;

	if (posix_spawnp(&pid, "sh", NULL, NULL, (char *const *)arguments,
	                 environ) == 0)
		waitpid(pid, &status, 0);
	return status;
}

int main(void)
{
	struct config config = { .outbound_threads = 1 };
	const char *source = getenv("srcdir") ? getenv("srcdir") : ".";

	mem = arena_new(SIZE_MAX);
	CHECK(mkdtemp(folder));
	CHECK_INT(run(text_format(mem, "'%s/t/unit/certificates.sh' %s", source,
	                          folder)),
	          0);
	snprintf(vendor_ca_file, sizeof(vendor_ca_file), "%s/ca.pem", folder);

	CHECK_FINE(outbound_open(mem, &config, &outbound));
	check_vendors();
	check_sessions();
	check_environment();
	outbound_close(outbound);

	run(text_format(mem, "rm -r %s", folder));
	arena_free(mem);
	return check_end();
}
