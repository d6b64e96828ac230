/* A libpq connection string, taken apart into its hosts.
 *
 * libpq goes from host to host by itself, but gives one of them no time of its
 * own where its caller waits for the socket: one that swallows packets would
 * use up the time of the others. So each is tried alone. */
#ifndef GATEHOUSE_DB_HOSTS_H
#define GATEHOUSE_DB_HOSTS_H

#include <stddef.h>

#include "core/fault.h"

struct arena;
struct hosts;

/* What PQconnectStartParams() takes: of two with one name, the later holds. */
struct parameters {
	const char *names[100]; /* libpq 15 knows 42 */
	const char *values[100];
	size_t count;
};

/* Adds one; both texts are lent. */
void parameters_add(struct parameters *to, const char *name,
                    const char *value);

/* Reads a connection string; of mem. Fault: NO_DATABASE (it is malformed). */
CAN_FAIL hosts_read(struct arena *mem, const char *libpq,
                    struct hosts **hosts);

/* How many there are to try, in this order; at least one. A string whose lists
 * do not fit each other is left to libpq, which says what is wrong with it. */
size_t hosts_count(const struct hosts *hosts);

/* Adds all that the string says, with the i-th host alone. */
void hosts_add(const struct hosts *hosts, size_t i, struct parameters *to);

/* The first host that is another machine and whose certificate is not looked
 * at, so that whoever stands between could be it; NULL: none (DB-2). */
const char *hosts_unproved(const struct hosts *hosts);

#endif
