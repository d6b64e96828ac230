#include "db/hosts.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <libpq-fe.h>

#include "core/arena.h"
#include "core/text.h"

struct hosts {
	struct arena *mem;
	PQconninfoOption *said; /* by the string, not by the environment */
	size_t count;
	bool split; /* each is tried alone */
};

/* The lists that run in step with each other. */
static const char *const lists[] = { "host", "hostaddr", "port", NULL };

static bool is_list(const char *name)
{
	for (size_t i = 0; lists[i]; i++)
		if (strcmp(name, lists[i]) == 0)
			return true;
	return false;
}

/* ---- lists ---- */

static size_t list_count(const char *list)
{
	size_t count = list && *list ? 1 : 0;

	for (; list && *list; list++)
		count += *list == ',';
	return count;
}

/* The i-th part, which may be empty; "" beyond the last. */
static const char *list_part(struct arena *mem, const char *list, size_t i)
{
	for (; list && i > 0; i--) {
		list = strchr(list, ',');
		list = list ? list + 1 : NULL;
	}
	return list ? text_copy_n(mem, list, strcspn(list, ",")) : "";
}

/* ---- parameters ---- */

void parameters_add(struct parameters *to, const char *name, const char *value)
{
	assert(to->count + 1 < sizeof(to->names) / sizeof(*to->names));
	to->names[to->count] = name;
	to->values[to->count++] = value;
	to->names[to->count] = NULL;
}

/* What the string says, NULL where it is silent. */
static const char *said(const struct hosts *hosts, const char *name)
{
	for (const PQconninfoOption *one = hosts->said; one->keyword; one++)
		if (strcmp(one->keyword, name) == 0)
			return one->val;
	return NULL;
}

/* One port may stand for all hosts. */
static const char *said_of(const struct hosts *hosts, const char *name,
                           size_t i)
{
	const char *list = said(hosts, name);

	if (!hosts->split)
		return list;
	if (list_count(list) == 1)
		i = 0;
	return list_part(hosts->mem, list, i);
}

void hosts_add(const struct hosts *hosts, size_t i, struct parameters *to)
{
	for (const PQconninfoOption *one = hosts->said; one->keyword; one++)
		if (one->val && !is_list(one->keyword))
			parameters_add(to, one->keyword, one->val);
	for (size_t list = 0; lists[list]; list++)
		if (said(hosts, lists[list]))
			parameters_add(to, lists[list],
			               said_of(hosts, lists[list], i));
}

/* ---- reading ---- */

static void free_said(void *options)
{
	PQconninfoFree(options);
}

CAN_FAIL hosts_read(struct arena *mem, const char *libpq, struct hosts **hosts)
{
	struct hosts *new = arena_alloc(mem, sizeof(*new));
	size_t names, addresses, ports;

	/* What libpq would say of it may quote a password. */
	new->said = PQconninfoParse(libpq, NULL);
	if (!new->said)
		return fault(mem, FAULT_NO_DATABASE,
		             "the connection string is malformed");
	arena_defer(mem, free_said, new->said);
	new->mem = mem;
	names = list_count(said(new, "host"));
	addresses = list_count(said(new, "hostaddr"));
	ports = list_count(said(new, "port"));
	new->count = addresses ? addresses : names ? names : 1;
	new->split = (!names || names == new->count) &&
	             (ports <= 1 || ports == new->count);
	if (!new->split)
		new->count = 1;
	*hosts = new;
	return NULL;
}

size_t hosts_count(const struct hosts *hosts)
{
	return hosts->count;
}

/* ---- whether each is who it should be ---- */

/* A folder of sockets, or this machine by its own address. */
static bool is_local(const char *host)
{
	struct in_addr four;
	struct in6_addr six;

	if (!*host || *host == '/' || *host == '@' ||
	    text_same_ascii(host, "localhost"))
		return true;
	if (inet_pton(AF_INET, host, &four) == 1)
		return ntohl(four.s_addr) >> 24 == IN_LOOPBACKNET;
	return inet_pton(AF_INET6, host, &six) == 1 &&
	       IN6_IS_ADDR_LOOPBACK(&six);
}

static const char *or_environment(const char *text, const char *name)
{
	if (!text || !*text)
		text = getenv(name);
	return text ? text : "";
}

const char *hosts_unproved(const struct hosts *hosts)
{
	if (text_same(or_environment(said(hosts, "sslmode"), "PGSSLMODE"),
	              "verify-full"))
		return NULL;
	for (size_t i = 0; i < hosts->count; i++) {
		const char *host = or_environment(said_of(hosts, "hostaddr", i),
		                                  "PGHOSTADDR");

		if (!*host)
			host = or_environment(said_of(hosts, "host", i),
			                      "PGHOST");
		if (!is_local(host))
			return host;
	}
	return NULL;
}
