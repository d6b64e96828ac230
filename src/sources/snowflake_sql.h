/* Statements through Snowflake's SQL API: one that only reads, within a time
 * and a number of rows, asked for until it is over and read page by page.
 *
 * Several may run at once, beside other calls of the same step: each is made
 * by snowflake_run(), and snowflake_ask() takes the next step when all of them
 * are over and the other calls are back. */
#ifndef GATEHOUSE_SOURCES_SNOWFLAKE_SQL_H
#define GATEHOUSE_SOURCES_SNOWFLAKE_SQL_H

#include <stdbool.h>
#include <stddef.h>

#include "sources/vendor.h"

enum { SNOWFLAKE_QUERIES_MOST = 12 };

struct snowflake_query {
	/* what is asked */
	const char *statement;
	json_object *bindings; /* NULL: none; see snowflake_bind() */
	size_t rows_most;

	/* how it ended */
	const char *handle;   /* opens its result again; NULL: none */
	json_object *columns; /* rowType */
	json_object *rows;    /* an array of arrays */
	bool done;            /* there is a result */
	bool more;            /* there are more rows than those */
	bool gone;            /* what it asks for is not there */
	enum coverage coverage; /* of one that is not done */
	const char *help;

	/* on the way */
	struct call *call; /* NULL: over */
	size_t parts, part;
};

/* What is under way; the notes of every job of this kind begin with it. */
struct snowflake_work {
	struct snowflake_query *queries[SNOWFLAKE_QUERIES_MOST];
	size_t count;
	long pause_ms;
	struct step (*then)(struct job *job);
};

/* A statement of ours (src/sources/snowflake_statements.h), of the job's
 * arena, to which values are bound in their order. */
struct snowflake_query *snowflake_query(struct job *job, const char *statement,
                                        size_t rows_most);
void snowflake_bind(struct snowflake_query *query, const char *value);

/* Makes its call. At most SNOWFLAKE_QUERIES_MOST in one job. */
void snowflake_run(struct job *job, struct snowflake_query *query);

/* Likewise for a result that is there already: handle is a UUID. */
void snowflake_reopen(struct job *job, struct snowflake_query *query,
                      const char *handle);

/* Sends the calls made since the last time. */
struct step snowflake_ask(struct job *job, struct step (*next)(struct job *));

/* How a call of the job's that was not one of these ended: NULL when it
 * brought no JSON, and then why, without ending the job. */
json_object *snowflake_json(struct job *job, struct call *call,
                            enum coverage *coverage, const char **help);

/* The text in a row's column of that name, in whatever case; NULL: none. */
const char *snowflake_cell(const struct snowflake_query *query, size_t row,
                           const char *column);

#endif
