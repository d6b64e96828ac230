/* Cortex Analyst: a question becomes a statement over a semantic model. It runs
 * nothing itself; what it wrote goes through the SQL API, as one statement that
 * only reads. It takes its time: 5 to 20 seconds are usual. */
#ifndef GATEHOUSE_SOURCES_SNOWFLAKE_ANALYST_H
#define GATEHOUSE_SOURCES_SNOWFLAKE_ANALYST_H

#include <stdbool.h>

#include "sources/snowflake_sql.h"

struct analyst {
	bool off; /* it is not asked */
	const char *question;
	struct call *call; /* on its way; NULL: over */
	const char *text;  /* what it says; "" for nothing */
	const char *title; /* of the question, or of one it knew already */
	const char *statement;         /* NULL: it wrote none */
	json_object *suggestions;      /* an array of texts; NULL: none */
	struct snowflake_query *query; /* NULL: not run */
	enum coverage coverage;        /* COMPLETE until something goes wrong */
	const char *help;
};

/* Makes the call. ms: by when it has to answer; 0: as long as the job. */
struct analyst analyst_begin(struct job *job, const char *question, long ms);

/* When that is back: reads it. */
void analyst_read(struct job *job, struct analyst *analyst);

/* Makes the call that runs its statement, if it has written one. */
void analyst_run(struct job *job, struct analyst *analyst, size_t rows_most);

/* When that is back: its answer as one result. False: there is none. */
bool analyst_hit(struct job *job, struct analyst *analyst,
                 struct result *result);

/* The native id of such an answer, "answer:HANDLE:QUESTION": the handle opens
 * the rows again, the question is there for the title alone. And its page in
 * Snowsight, NULL where the account's host does not tell. */
const char *analyst_id(struct arena *mem, const char *handle,
                       const char *question);
const char *analyst_page(struct job *job, const char *handle);

/* Whether a native id is of such an answer, and the first step of its fetch:
 * the result is read again, the model is not asked. */
bool analyst_is_id(const char *id);
struct step analyst_fetch(struct job *job);

/* ---- for the tool snowflake_ask ---- */

/* First step of asking: job->query is the question. The item's text is what the
 * model says; its metadata has "statement" (as it was written) and
 * "suggestions", where there are any. */
struct step analyst_ask(struct job *job);

/* First step of running such a statement: job->id is the statement, and
 * job->query the question. The item's text are the rows, its metadata {"id",
 * "columns": ["…"], "rows": [["…"]], "more"}. */
struct step analyst_answer(struct job *job);

#endif
