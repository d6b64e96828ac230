/* Running one SQL statement: the only door to Postgres.
 *
 * Statements are written in sql/statements/ and known here by name (SQL_…).
 * A connection is borrowed from the process's pool for one statement and no
 * longer, never while waiting for anything else. A statement marked 'tenant'
 * runs as the asking tenant: BEGIN, the setting row-level security reads, the
 * statement and COMMIT travel in one pipelined trip. */
#ifndef GATEHOUSE_DB_DB_H
#define GATEHOUSE_DB_DB_H

#include <stdbool.h>
#include <stddef.h>

#include "core/deadline.h"
#include "core/fault.h"
#include "db/statements.h" /* enum sql, made from sql/statements/ */

struct arena;
struct pool;

/* What a piece of work needs to ask the database. */
struct db {
	struct pool *pool;
	struct arena *mem;
	const char *tenant;       /* user id for 'tenant' statements, or NULL */
	const char *request_id;   /* for the audit log, or NULL */
	struct deadline deadline;
	int watched;              /* a hang-up of this socket cancels, or -1 */
	bool repeated;            /* the last statement ran once more after a
	                             lost connection: the first may have done
	                             it, unknown to us */
};

/* The same, for what has to be written although the client has left or its
 * time is over: it takes so many milliseconds of its own at most. */
static inline struct db db_unwatched(const struct db *db, int ms)
{
	struct db own = *db;

	own.watched = -1;
	own.deadline = deadline_in(ms);
	return own;
}

/* Rows of a statement; owned by db->mem. */
struct rows;

/* Opens a pool of at most connections to a libpq connection string, lazily.
 * statement_timeout_ms: given to each session. Never fails: a database that
 * is away is a fault of each db_run. The caller owns it. */
struct pool *pool_new(const char *libpq, long connections,
                      long statement_timeout_ms);
void pool_free(struct pool *pool);

/* A host the pool connects to that is another machine, and is not asked to
 * prove who it is (sslmode=verify-full); of mem. NULL: none (security DB-2). */
const char *pool_unproved(struct arena *mem, const struct pool *pool);

/* Runs a statement with its parameters, all const char * in text form, NULL
 * for SQL NULL; their number is checked. rows: set; may be NULL to ignore.
 * Faults: NO_DATABASE (none, lost, too many connections), TIMED_OUT, CONFLICT
 * (unique violation 23505), BAD_FIELD (22021, 22P05: text Postgres cannot
 * hold), INTERNAL for anything else; a fault a statement raises on purpose
 * (SQLSTATE GH…, sql/deploy) as the kind it names. A statement marked 'again'
 * is repeated once after a lost connection, and up to three times after a
 * serialization failure or deadlock (security DB-3, DB-4). */
#define db_run(db, statement, rows, ...)                                       \
	db_run_all(db, statement, rows, DB_COUNT(__VA_ARGS__),                 \
	           (const char *const[]){ "", ##__VA_ARGS__ } + 1)
#define DB_COUNT(...)                                                          \
	(sizeof((const char *const[]){ "", ##__VA_ARGS__ }) /                  \
	         sizeof(const char *) -                                        \
	 1)
CAN_FAIL db_run_all(struct db *db, enum sql statement, struct rows **rows,
                    size_t count, const char *const *values);

/* The number of rows; 0 for NULL. */
size_t rows_count(const struct rows *rows);

/* A value as text, lent by the rows; NULL for SQL NULL and for no such row or
 * column. Columns are told by an enum beside the reader. */
const char *rows_text(const struct rows *rows, size_t row, int column);

/* An integer, a boolean; 0 or false for SQL NULL. */
long rows_integer(const struct rows *rows, size_t row, int column);
bool rows_true(const struct rows *rows, size_t row, int column);

/* A Postgres array literal ({"a","b"}) of texts, for a text[] parameter; of
 * mem. */
char *db_array(struct arena *mem, const char *const *texts, size_t count);

#endif
