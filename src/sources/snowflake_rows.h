/* Rows of a Cortex Search service: (its columns) -> the rows. A row is asked
 * for again by its id where the service can filter by it, else by how its text
 * begins: Cortex has no way to get one row. */
#ifndef GATEHOUSE_SOURCES_SNOWFLAKE_ROWS_H
#define GATEHOUSE_SOURCES_SNOWFLAKE_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "sources/snowflake_sql.h"

/* Which columns of a service say what; NULL where none does. */
struct row_columns {
	const char *text;
	const char *id;
	const char *title;
	const char *url;
	const char *time;
	const char *author;
	bool id_filters; /* the id can be asked for */
};

/* From the source's settings, and from the description of the service where
 * they say nothing; NULL: from them alone, and text is NULL when they do not
 * say enough. */
struct row_columns row_columns_of(struct job *job, json_object *service);

/* The service being asked. */
struct rows_asked {
	struct row_columns columns;
	struct call *call; /* on its way; NULL: over */
	bool failed;       /* and then why: */
	enum coverage coverage;
	const char *help;
};

/* What the rows shall be: near to a text, and of one id where it is given. */
struct rows_wanted {
	const char *query;
	const char *id; /* or NULL */
	bool id_is_number;
	size_t limit;
};

/* Makes the call for the columns, where the settings do not name them. */
struct rows_asked rows_begin(struct job *job);

/* When that is back: makes the call for the rows. None is made for an id that
 * no row can have. */
void rows_look(struct job *job, struct rows_asked *asked,
               const struct rows_wanted *wanted);

/* When that is back: the hits, best first, of the job's arena. Returns how
 * many, at most job->limit: of one document the best row. */
size_t rows_hits(struct job *job, struct rows_asked *asked,
                 struct result **results);

/* Whether a native id is of a row, and the first step of its fetch. */
bool rows_is_id(const char *id);
struct step rows_fetch(struct job *job);

#endif
