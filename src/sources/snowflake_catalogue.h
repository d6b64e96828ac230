/* The catalogue of a Snowflake account: databases, schemas, tables and views,
 * found by the words of their names and comments, and opened with columns,
 * comments and, where the owner allows it, some rows. */
#ifndef GATEHOUSE_SOURCES_SNOWFLAKE_CATALOGUE_H
#define GATEHOUSE_SOURCES_SNOWFLAKE_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>

#include "sources/snowflake_sql.h"

enum {
	CATALOGUE_WORDS = 4,     /* of a question */
	CATALOGUE_DATABASES = 8, /* looked into by one search */
};

struct catalogue {
	bool off; /* nothing to look for, or the owner wants none */
	const char *words[CATALOGUE_WORDS];
	size_t word_count;
	struct snowflake_query *list; /* of databases; NULL: by setting */
	const char *databases[CATALOGUE_DATABASES];
	struct snowflake_query *objects[CATALOGUE_DATABASES];
	size_t database_count;
	bool more; /* databases than those */
};

/* An object of the catalogue, and its native id: "table:DB/SCHEMA/NAME", each
 * part percent-encoded. */
struct catalogue_object {
	const char *kind;     /* database, schema, table or view */
	const char *parts[3]; /* as Snowflake has them; NULL behind the last */
};
const char *catalogue_id(struct arena *mem,
                         const struct catalogue_object *object);
/* False for anything but what catalogue_id() makes. */
bool catalogue_read_id(struct arena *mem, const char *id,
                       struct catalogue_object *object);

/* A view of a database's own catalogue, as IDENTIFIER() takes it. */
const char *catalogue_view(struct arena *mem, const char *database,
                           const char *view);

/* What of a question names may have; at most CATALOGUE_WORDS. */
size_t catalogue_words(struct arena *mem, const char *query,
                       const char **words);

/* Its page in Snowsight; NULL where the account's host does not tell. */
const char *catalogue_page(struct job *job,
                           const struct catalogue_object *object);

/* ---- a search ---- */

/* Makes the call for the list of databases, where it is needed. */
struct catalogue catalogue_begin(struct job *job);

/* When that is back: makes those that look into each. */
void catalogue_look(struct job *job, struct catalogue *catalogue);

/* When those are back: the hits, best first. results: set, of the job's arena.
 * Returns how many, at most job->limit. */
size_t catalogue_hits(struct job *job, const struct catalogue *catalogue,
                      struct result **results);

/* Why there is less than there should be, or NULL. */
const char *catalogue_help(const struct catalogue *catalogue,
                           enum coverage *coverage);

/* ---- opening ---- */

/* Whether a native id is of the catalogue, and the first step of its fetch. */
bool catalogue_is_id(const char *id);
struct step catalogue_fetch(struct job *job);

#endif
