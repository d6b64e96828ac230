#include "postgres.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const struct postgres_script fine;
static _Atomic(const struct postgres_script *) script = &fine;
static atomic_int connections, statements, open_now;
static char folder[200], address[300];

/* ---- messages ---- */

static bool read_all(int socket, void *bytes, size_t size)
{
	char *place = bytes;

	while (size > 0) {
		ssize_t got = read(socket, place, size);

		if (got <= 0)
			return false;
		place += got;
		size -= (size_t)got;
	}
	return true;
}

/* A message's length, which counts itself, and its body, which is of no
 * interest here. */
static bool skip_body(int socket)
{
	char body[4096];
	uint32_t size;

	if (!read_all(socket, &size, sizeof(size)))
		return false;
	size = ntohl(size) - (uint32_t)sizeof(size);
	assert(size <= sizeof(body));
	return read_all(socket, body, size);
}

static void say(int socket, char type, const char *body, size_t size)
{
	uint32_t length = htonl((uint32_t)(size + sizeof(length)));
	char message[512];

	assert(size + 5 <= sizeof(message));
	message[0] = type;
	memcpy(message + 1, &length, sizeof(length));
	memcpy(message + 5, body, size);
	/* Who has left does not read it. */
	if (send(socket, message, size + 5, MSG_NOSIGNAL) < 0)
		return;
}

#define SAY(socket, type, body) say(socket, type, body, sizeof(body) - 1)

static void say_error(int socket, const char *state)
{
	char body[100];
	int size = snprintf(body, sizeof(body), "SERROR%cVERROR%cC%s%cMtold%c",
	                    0, 0, state, 0, 0);

	say(socket, 'E', body, (size_t)size + 1);
}

/* ---- a connection ---- */

/* Says nothing until the other side leaves. */
static void hear_out(int socket)
{
	char byte;

	while (read(socket, &byte, 1) > 0)
		continue;
}

/* How one statement ends: false when the connection does, too. */
static bool run(int socket, const char **failed, char *status)
{
	int number = atomic_fetch_add(&statements, 1);
	const char *const *ends = atomic_load(&script)->ends;
	const char *end = number < 8 && ends[number] ? ends[number] : "";

	if (strcmp(end, "silent") == 0)
		hear_out(socket);
	if (strcmp(end, "silent") == 0 || strcmp(end, "lost") == 0)
		return false;
	if (strcmp(end, "open") == 0)
		*status = 'T';
	else if (*end)
		*failed = end;
	if (*failed)
		say_error(socket, end);
	else
		SAY(socket, 'C', "SELECT 0\0");
	return true;
}

static void greet(int socket, bool standby)
{
	SAY(socket, 'R', "\0\0\0\0");
	SAY(socket, 'S', "server_version\00015.0\0");
	SAY(socket, 'S', "client_encoding\0UTF8\0");
	SAY(socket, 'S', "default_transaction_read_only\0off\0");
	if (standby)
		SAY(socket, 'S', "in_hot_standby\0on\0");
	else
		SAY(socket, 'S', "in_hot_standby\0off\0");
	SAY(socket, 'K', "\0\0\0\1\0\0\0\1");
	SAY(socket, 'Z', "I");
}

static void converse(int socket)
{
	const char *failed = NULL;
	char status = 'I', type;

	while (read_all(socket, &type, 1) && skip_body(socket)) {
		if (type == 'S') {
			say(socket, 'Z', &status, 1);
			failed = NULL;
		} else if (failed || type == 'H') {
			continue;
		} else if (type == 'P') {
			SAY(socket, '1', "");
		} else if (type == 'B') {
			SAY(socket, '2', "");
		} else if (type == 'D') {
			SAY(socket, 'n', "");
		} else if (type != 'E' || !run(socket, &failed, &status)) {
			return;
		}
	}
}

/* The number-th of this script. */
static void receive(int socket, const struct postgres_script *plays, int number)
{
	if (!skip_body(socket))
		return;
	if (plays->refuses) {
		say_error(socket, plays->refuses);
		return;
	}
	if (number < plays->silent) {
		hear_out(socket);
		return;
	}
	greet(socket, number < plays->silent + plays->standbys);
	converse(socket);
}

static void *serve(void *argument)
{
	int socket = (int)(intptr_t)argument;
	int number = atomic_fetch_add(&connections, 1);

	atomic_fetch_add(&open_now, 1);
	receive(socket, atomic_load(&script), number);
	/* Counted first, so that who sees the end sees the count. */
	atomic_fetch_sub(&open_now, 1);
	close(socket);
	return NULL;
}

static void *listen_on(void *argument)
{
	int listener = (int)(intptr_t)argument, socket;
	pthread_t thread;

	while ((socket = accept(listener, NULL, NULL)) >= 0) {
		if (pthread_create(&thread, NULL, serve,
		                   (void *)(intptr_t)socket) != 0)
			abort();
		pthread_detach(thread);
	}
	return NULL;
}

/* ---- for the tests ---- */

const char *postgres_start(void)
{
	const char *temp = getenv("TMPDIR");
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pthread_t thread;

	snprintf(folder, sizeof(folder), "%s/gatehouse-pg.XXXXXX",
	         temp ? temp : "/tmp");
	if (!mkdtemp(folder))
		abort();
	snprintf(name.sun_path, sizeof(name.sun_path), "%.80s/.s.PGSQL.5432",
	         folder);
	if (bind(listener, (struct sockaddr *)&name, sizeof(name)) < 0 ||
	    listen(listener, 8) < 0 ||
	    pthread_create(&thread, NULL, listen_on,
	                   (void *)(intptr_t)listener) != 0)
		abort();
	pthread_detach(thread);
	snprintf(address, sizeof(address),
	         "host=%s port=5432 user=tests dbname=tests", folder);
	return address;
}

void postgres_plays(const struct postgres_script *next)
{
	atomic_store(&script, next);
	atomic_store(&connections, 0);
	atomic_store(&statements, 0);
}

int postgres_connections(void)
{
	return atomic_load(&connections);
}

int postgres_statements(void)
{
	return atomic_load(&statements);
}

int postgres_open(void)
{
	return atomic_load(&open_now);
}

void postgres_stop(void)
{
	char path[300];

	snprintf(path, sizeof(path), "%s/.s.PGSQL.5432", folder);
	unlink(path);
	rmdir(folder);
}
