/* One connection to Postgres: the only file pair that speaks to libpq, beside
 * hosts.c and rows.c. It belongs to one thread at a time; pool.h lends it. */
#ifndef GATEHOUSE_DB_CONNECTION_H
#define GATEHOUSE_DB_CONNECTION_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/fault.h"
#include "db/db.h"
#include "db/rows.h"

struct connection;

/* Connects to a host of a libpq connection string that answers and takes
 * writes, with timeouts, keepalives, search_path and statement_timeout set
 * (security DB-2). first: which host to begin with; set to the one that
 * answered. It takes two seconds at most, of which each host has its part; but
 * finding the address of a name is libpq's, and waits as the machine's resolver
 * does. Fault: NO_DATABASE, of mem. The caller owns it. */
CAN_FAIL connection_open(struct arena *mem, const char *libpq,
                         long statement_timeout_ms, atomic_size_t *first,
                         struct connection **connection);
void connection_close(struct connection *connection);

/* Whether it can be lent again: alive and in no transaction (TI-4). */
bool connection_clean(const struct connection *connection);

/* Whether the server's end was closed while it lay idle. */
bool connection_dead(struct connection *connection);

/* How a statement ended. */
struct outcome {
	PGresult *result;  /* owned by the caller; NULL when the line broke */
	bool lost;         /* the connection broke: it is unknown what happened */
	bool timed_out;    /* the deadline passed */
	bool left;         /* the client hung up */
	char state[6];     /* SQLSTATE of an error; "" for none */
};

/* Runs one statement in one trip: prepares it where this connection has not
 * yet, enters the tenant, runs it, and ends the transaction, all in one
 * pipeline, which Postgres runs as one transaction. */
struct outcome connection_run(struct connection *connection, struct db *db,
                              enum sql statement, const char *const *values);

#endif
