#include "db/connection.h"

#include <assert.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

#include "core/text.h"
#include "db/hosts.h"
#include "db/statement.h"

struct connection {
	PGconn *pg;
	bool prepared[SQL_STATEMENTS];
};

/* The most one attempt to connect may take: servers that swallow packets must
 * not hold a request for the whole of its time. */
enum { CONNECT_MS = 2000 };

static void no_notice(void *unused, const PGresult *notice)
{
	(void)unused;
	(void)notice;
}

/* Waits for the socket. False: the deadline passed, or the client left. db is
 * read for these two alone. */
static bool wait_for(struct connection *connection, struct db *db, short events,
                     struct outcome *outcome)
{
	struct pollfd polled[] = {
		{ .fd = PQsocket(connection->pg), .events = events },
		{ .fd = db->watched, .events = POLLRDHUP },
	};
	int ready = poll(polled, 2, deadline_left(db->deadline));

	if (ready > 0 && polled[1].revents & (POLLRDHUP | POLLHUP | POLLERR))
		outcome->left = true;
	else if (ready == 0)
		outcome->timed_out = true;
	return !outcome->left && !outcome->timed_out;
}

/* Follows libpq's connection steps (PQconnectPoll). */
static bool finish_connecting(struct connection *connection, int ms)
{
	/* Whoever asked first may leave or be late; the connection is for all. */
	struct db brief = { .watched = -1, .deadline = deadline_in(ms) };
	struct outcome outcome = { 0 };
	PostgresPollingStatusType next = PGRES_POLLING_WRITING;

	if (PQstatus(connection->pg) == CONNECTION_BAD)
		return false;
	while (next != PGRES_POLLING_OK && next != PGRES_POLLING_FAILED) {
		short events = next == PGRES_POLLING_READING ? POLLIN : POLLOUT;

		if (!wait_for(connection, &brief, events, &outcome))
			return false;
		next = PQconnectPoll(connection->pg);
	}
	return next == PGRES_POLLING_OK;
}

/* Session settings. The server ends a statement of a client that has gone
 * within a second, so that closing the socket is all a cancellation needs.
 * DateStyle may be set for a role or a database: read by one and written to
 * another, a day would become a month without a word. Statements are short:
 * compiling one because its estimate is far off would take 100 ms. */
static void session_options(char *text, size_t size, long statement_timeout_ms)
{
	snprintf(text, size,
	         "-c search_path=gatehouse,pg_temp "
	         "-c timezone=UTC -c datestyle=ISO "
	         "-c statement_timeout=%ld -c lock_timeout=2000 "
	         "-c idle_in_transaction_session_timeout=10000 "
	         "-c client_connection_check_interval=500 -c jit=off "
	         "-c client_min_messages=error",
	         statement_timeout_ms);
}

/* What we say of a connection to one host. */
static void parameters_of(const struct hosts *hosts, size_t i,
                          const char *options, struct parameters *all)
{
	/* What stands before the string's may be overridden by it. */
	parameters_add(all, "application_name", "gatehouse");
	parameters_add(all, "keepalives_idle", "30");
	parameters_add(all, "keepalives_interval", "10");
	parameters_add(all, "keepalives_count", "3");
	parameters_add(all, "tcp_user_timeout", "10000");
	parameters_add(all, "target_session_attrs", "read-write");
	hosts_add(hosts, i, all);
	parameters_add(all, "options", options);
	parameters_add(all, "client_encoding", "UTF8");
}

/* NULL: it could not be reached in so many milliseconds; why is added. */
static struct connection *open_host(const struct hosts *hosts, size_t i,
                                    const char *options, int ms,
                                    struct buffer *why)
{
	struct connection *connection = calloc(1, sizeof(*connection));
	struct parameters all = { .count = 0 };
	const char *said;

	assert(connection);
	parameters_of(hosts, i, options, &all);
	connection->pg = PQconnectStartParams(all.names, all.values, 0);
	assert(connection->pg);
	if (finish_connecting(connection, ms))
		return connection;
	said = text_trim(why->mem, PQerrorMessage(connection->pg));
	buffer_format(why, "%s%s", why->size > 0 ? "; " : "",
	              *said ? said : "no answer in time");
	connection_close(connection);
	return NULL;
}

/* Each host gets an equal part of the time that those before it have left. The
 * one that answered last comes first: the others may be as silent as before. */
static struct connection *open_any(const struct hosts *hosts,
                                   const char *options, atomic_size_t *first,
                                   struct buffer *why)
{
	struct deadline all = deadline_in(CONNECT_MS);
	size_t count = hosts_count(hosts), begin = atomic_load(first);
	struct connection *connection = NULL;

	for (size_t i = 0; !connection && i < count; i++) {
		size_t host = (begin + i) % count;

		connection =
			open_host(hosts, host, options,
		                  deadline_left(all) / (int)(count - i), why);
		if (connection)
			atomic_store(first, host);
	}
	return connection;
}

CAN_FAIL connection_open(struct arena *mem, const char *libpq,
                         long statement_timeout_ms, atomic_size_t *first,
                         struct connection **opened)
{
	struct buffer why = { .mem = mem };
	struct connection *connection;
	struct hosts *hosts;
	char options[400];

	TRY(hosts_read(mem, libpq, &hosts));
	session_options(options, sizeof(options), statement_timeout_ms);
	connection = open_any(hosts, options, first, &why);
	if (!connection)
		return fault(mem, FAULT_NO_DATABASE, "connecting: %s",
		             buffer_text(&why));
	PQsetNoticeReceiver(connection->pg, no_notice, NULL);
	PQsetnonblocking(connection->pg, 1);
	PQenterPipelineMode(connection->pg);
	*opened = connection;
	return NULL;
}

void connection_close(struct connection *connection)
{
	if (!connection)
		return;
	PQfinish(connection->pg);
	free(connection);
}

bool connection_clean(const struct connection *connection)
{
	return PQstatus(connection->pg) == CONNECTION_OK &&
	       PQtransactionStatus(connection->pg) == PQTRANS_IDLE;
}

bool connection_dead(struct connection *connection)
{
	struct pollfd polled = { .fd = PQsocket(connection->pg),
		                 .events = POLLIN };

	/* An idle connection has nothing to read but its end. */
	return poll(&polled, 1, 0) != 0;
}

/* What was sent in one trip, in order, so that each result is told apart:
 * a statement that Postgres has prepared stays so even if running it fails. */
struct trip {
	enum sql prepares[4]; /* SQL_STATEMENTS: this one runs something */
	size_t sent;
	size_t answered;
};

static bool send_prepared(struct connection *connection, struct trip *trip,
                          enum sql statement, const char *const *values)
{
	const struct statement *row = &statements[statement];

	if (!connection->prepared[statement]) {
		if (!PQsendPrepare(connection->pg, row->name, row->sql, 0,
		                   NULL))
			return false;
		trip->prepares[trip->sent++] = statement;
	}
	trip->prepares[trip->sent++] = SQL_STATEMENTS;
	return PQsendQueryPrepared(connection->pg, row->name, row->parameters,
	                           values, NULL, NULL, 0) == 1;
}

/* Notes what a result that is no error answers. */
static void answered(struct connection *connection, struct trip *trip)
{
	enum sql prepared = trip->prepares[trip->answered++];

	if (prepared != SQL_STATEMENTS)
		connection->prepared[prepared] = true;
}

static bool flush(struct connection *connection, struct db *db,
                  struct outcome *outcome)
{
	int left;

	while ((left = PQflush(connection->pg)) == 1) {
		if (!wait_for(connection, db, POLLIN | POLLOUT, outcome))
			return false;
		if (!PQconsumeInput(connection->pg))
			return false;
	}
	return left == 0;
}

/* The next result, NULL between commands; false when the line broke. */
static bool next_result(struct connection *connection, struct db *db,
                        struct outcome *outcome, PGresult **result)
{
	while (PQisBusy(connection->pg)) {
		if (!wait_for(connection, db, POLLIN, outcome))
			return false;
		if (!PQconsumeInput(connection->pg))
			return false;
	}
	*result = PQgetResult(connection->pg);
	return PQstatus(connection->pg) == CONNECTION_OK;
}

static bool is_error(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	/* libpq calls no result a fatal error. */
	return result &&
	       (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE);
}

/* Reads to the pipeline's end and keeps the first error, or else the last
 * result, which is the statement's own. */
static bool read_results(struct connection *connection, struct db *db,
                         struct trip *trip, struct outcome *outcome)
{
	PGresult *result = NULL;

	for (;;) {
		if (!next_result(connection, db, outcome, &result)) {
			PQclear(result);
			return false;
		}
		if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
			PQclear(result);
			return true;
		}
		/* What follows an error is only told to be aborted. */
		if (!result ||
		    PQresultStatus(result) == PGRES_PIPELINE_ABORTED ||
		    is_error(outcome->result)) {
			PQclear(result);
			continue;
		}
		PQclear(outcome->result);
		outcome->result = result;
		if (!is_error(result))
			answered(connection, trip);
	}
}

struct outcome connection_run(struct connection *connection, struct db *db,
                              enum sql statement, const char *const *values)
{
	const char *const tenant[] = { db->tenant, db->request_id };
	struct outcome outcome = { 0 };
	struct trip trip = { .sent = 0 };
	bool sent = true;

	if (statements[statement].tenant)
		sent = send_prepared(connection, &trip, SQL_ENTER_TENANT,
		                     tenant);
	sent = sent && send_prepared(connection, &trip, statement, values) &&
	       PQpipelineSync(connection->pg) &&
	       flush(connection, db, &outcome) &&
	       read_results(connection, db, &trip, &outcome);
	outcome.lost = !sent && !outcome.timed_out && !outcome.left;
	if (is_error(outcome.result)) {
		const char *state =
			PQresultErrorField(outcome.result, PG_DIAG_SQLSTATE);

		snprintf(outcome.state, sizeof(outcome.state), "%s",
		         state ? state : "XX000");
	}
	return outcome;
}
