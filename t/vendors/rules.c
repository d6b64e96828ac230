/* The rules of the programs that the tests run beside vendors' stand-ins:
 * in place of each vendor's host it connects to the stand-in that the
 * environment names, and trusts the stand-ins' authority alone. Names, TLS and
 * everything else stay as they are, so a stand-in sees what the vendor would.
 * Each connection that is begun is noted. Only a build configured with
 * --enable-test-vendors makes such programs. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "outbound/rules.h"

static const struct stand_in {
	const char *host; /* a name, or ".suffix" */
	const char *variable;
} stand_ins[] = {
	{ "graph.microsoft.com", "GATEHOUSE_TEST_GRAPH_URL" },
	{ "graph.microsoft.us", "GATEHOUSE_TEST_GRAPH_URL" },
	{ "login.microsoftonline.com", "GATEHOUSE_TEST_LOGIN_URL" },
	{ "login.microsoftonline.us", "GATEHOUSE_TEST_LOGIN_URL" },
	{ ".snowflakecomputing.com", "GATEHOUSE_TEST_SNOWFLAKE_URL" },
	{ ".box.com", "GATEHOUSE_TEST_BOX_URL" },
	{ ".boxcloud.com", "GATEHOUSE_TEST_BOX_DOWNLOAD_URL" },
	{ ".web.example", "GATEHOUSE_TEST_WEB_URL" },
	{ "api.openai.com", "GATEHOUSE_TEST_OPENAI_URL" },
};

enum { STAND_INS = sizeof(stand_ins) / sizeof(*stand_ins) };

static char to[STAND_INS][128];
static char ca_file[1024];
static int notes = -1; /* a line for each connection that is begun */

/* Before main(), so that the rules never change while the program runs. The
 * variables go: a setting nobody knows would keep the program from starting. */
static __attribute__((constructor)) void read_environment(void)
{
	const char *ca = getenv("GATEHOUSE_TEST_CA_FILE");
	const char *file = getenv("GATEHOUSE_TEST_CONNECTIONS");

	snprintf(ca_file, sizeof(ca_file), "%s", ca ? ca : "/nonexistent");
	if (file)
		notes = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
		             0600);
	for (size_t i = 0; i < STAND_INS; i++) {
		const char *url = getenv(stand_ins[i].variable);

		/* A vendor without a stand-in is not reached at all. */
		snprintf(to[i], sizeof(to[i]), "::%s",
		         url && strncmp(url, "https://", 8) == 0
		                 ? url + 8
		                 : "localhost:1");
	}
	unsetenv("GATEHOUSE_TEST_CA_FILE");
	unsetenv("GATEHOUSE_TEST_CONNECTIONS");
	for (size_t i = 0; i < STAND_INS; i++)
		unsetenv(stand_ins[i].variable);
}

static bool is_for(const struct stand_in *stand_in, const char *host)
{
	size_t size = strlen(stand_in->host), length = strlen(host);

	if (stand_in->host[0] != '.')
		return strcmp(stand_in->host, host) == 0;
	return length > size &&
	       strcmp(host + length - size, stand_in->host) == 0;
}

static const char *connect_to(const char *host)
{
	for (size_t i = 0; i < STAND_INS; i++) {
		if (is_for(&stand_ins[i], host))
			return to[i];
	}
	return NULL;
}

/* "127.0.0.1 8540": what outbound/ is about to connect to. One write, so that
 * lines of many programs stay whole. */
static void note(const struct sockaddr *address)
{
	char host[NI_MAXHOST], port[NI_MAXSERV];
	char line[sizeof(host) + sizeof(port) + 2];
	socklen_t size = address->sa_family == AF_INET6
	                         ? sizeof(struct sockaddr_in6)
	                         : sizeof(struct sockaddr_in);

	if (notes < 0 ||
	    getnameinfo(address, size, host, sizeof(host), port, sizeof(port),
	                NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return;
	snprintf(line, sizeof(line), "%s %s\n", host, port);
	if (write(notes, line, strlen(line)) < 0)
		abort();
}

/* Loopback, and nothing else: a test never leaves the machine. */
static bool loopback(const struct sockaddr *address)
{
	const struct sockaddr_in *ip = (const void *)address;
	const struct sockaddr_in6 *ip6 = (const void *)address;

	note(address);
	if (address->sa_family == AF_INET)
		return ntohl(ip->sin_addr.s_addr) >> 24 == 127;
	return address->sa_family == AF_INET6 &&
	       IN6_IS_ADDR_LOOPBACK(&ip6->sin6_addr);
}

const struct outbound_rules outbound_rules = {
	.plain = false,
	.any_port = false,
	.ca_file = ca_file,
	.address = loopback,
	.connect_to = connect_to,
};
