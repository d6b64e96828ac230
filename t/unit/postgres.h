/* A server that speaks as much of Postgres' protocol as libpq needs, and ends
 * each statement as a test tells it to. It listens on a Unix socket. */
#ifndef GATEHOUSE_T_POSTGRES_H
#define GATEHOUSE_T_POSTGRES_H

/* How the next statements end, in this order; after the last they all end
 * well. */
struct postgres_script {
	/* An SQLSTATE: with this error; "lost": by a closed connection, before
	 * an answer; "silent": never; "open": well, but in a transaction that
	 * is not over; "": well. */
	const char *ends[8];
	/* An SQLSTATE that new connections are refused with; NULL: none is. */
	const char *refuses;
	/* The first so many connections are never greeted; the next so many are
	 * by a server that takes no writes. */
	int silent, standbys;
};

/* Starts it in a new folder under $TMPDIR; the process ends with it. The
 * connection string is lent. */
const char *postgres_start(void);

/* From now on, with the counts at 0. The script is lent. Called while no
 * statement runs. */
void postgres_plays(const struct postgres_script *script);

/* Since then: connections that were asked for, statements that were run, and
 * connections that are open. */
int postgres_connections(void);
int postgres_statements(void);
int postgres_open(void);

/* Removes the folder. */
void postgres_stop(void);

#endif
