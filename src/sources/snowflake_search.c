/* Searching a source of Snowflake: the search service, the catalogue and the
 * analyst at the same time, and one list of what they found.
 *
 * (what to ask) -> the rows, the names, the analyst -> the analyst's rows */
#include "sources/snowflake.h"

#include "core/arena.h"
#include "core/text.h"
#include "sources/snowflake_analyst.h"
#include "sources/snowflake_catalogue.h"
#include "sources/snowflake_rows.h"

enum {
	STATEMENT_MS = 1500, /* kept of a search for the analyst's statement */
	ANSWER_ROWS = 20,    /* of that, looked at by a search */
	FUSE = 60,           /* as results of sources are fused */
};

struct notes {
	struct snowflake_work work;
	struct rows_asked rows;
	struct catalogue catalogue;
	struct analyst analyst;
};

static struct step look(struct job *job);
static struct step read_analyst(struct job *job);
static struct step finish(struct job *job);

/* ---- asking ---- */

struct step snowflake_search(struct job *job)
{
	struct notes *notes = arena_alloc(job->mem, sizeof(*notes));

	job->notes = notes;
	notes->rows = rows_begin(job);
	notes->catalogue = catalogue_begin(job);
	if (notes->rows.call || notes->catalogue.list)
		return snowflake_ask(job, look);
	return look(job);
}

/* How long the analyst may take: the owner says, or all there is but for its
 * statement. 0: it is not asked; neither is it again for a later page, where
 * its answer would come a second time under another id. */
static long analyst_ms(const struct job *job)
{
	const char *set = vendor_setting(job, "snowflake_analyst_seconds");
	long left = deadline_left(job->deadline) - STATEMENT_MS;
	long seconds;

	if (job->later)
		return 0;
	if (text_number(set, 0, SEARCH_SECONDS_MOST, &seconds) &&
	    seconds * 1000 < left)
		left = seconds * 1000;
	return left < 0 ? 0 : left;
}

static struct step look(struct job *job)
{
	struct notes *notes = job->notes;
	long ms = analyst_ms(job);
	struct rows_wanted wanted = { .query = job->query,
		                      .limit = job->limit };

	rows_look(job, &notes->rows, &wanted);
	catalogue_look(job, &notes->catalogue);
	notes->analyst.off = ms == 0;
	if (ms > 0)
		notes->analyst = analyst_begin(job, job->query, ms);
	if (notes->rows.call || notes->analyst.call ||
	    notes->catalogue.objects[0])
		return snowflake_ask(job, read_analyst);
	return finish(job);
}

static struct step read_analyst(struct job *job)
{
	struct notes *notes = job->notes;

	analyst_read(job, &notes->analyst);
	analyst_run(job, &notes->analyst, ANSWER_ROWS);
	if (notes->analyst.query)
		return snowflake_ask(job, finish);
	return finish(job);
}

/* ---- one list ---- */

struct list {
	struct result *results;
	size_t count;
	size_t used;
	double weight;
};

/* The next of the list whose next is the best: rank by rank, as sources are
 * fused, so that no part pushes another out. */
static const struct result *best_of(struct list *lists, size_t count)
{
	struct list *best = NULL;
	double most = 0;

	for (size_t i = 0; i < count; i++) {
		double score = lists[i].weight / (FUSE + (double)lists[i].used);

		if (lists[i].used < lists[i].count && score > most) {
			best = &lists[i];
			most = score;
		}
	}
	return best ? &best->results[best->used++] : NULL;
}

static void join(struct job *job, struct list *lists, size_t count)
{
	const struct result *result;

	job->results =
		arena_array(job->mem, job->limit + 1, sizeof(struct result));
	while (job->result_count < job->limit &&
	       (result = best_of(lists, count)))
		job->results[job->result_count++] = *result;
}

/* ---- what it covers ---- */

/* A part that went wrong makes the whole partial; where nothing was found, how
 * the search service ended is how the source ended. */
static void cover(struct job *job, const struct notes *notes)
{
	enum coverage names;
	const char *help = catalogue_help(&notes->catalogue, &names);

	if (notes->rows.failed) {
		job->coverage = job->result_count > 0 ? COVERAGE_PARTIAL
		                                      : notes->rows.coverage;
		job->help = notes->rows.help;
		return;
	}
	if (notes->analyst.coverage == COVERAGE_TIMED_OUT) {
		job->coverage = COVERAGE_PARTIAL;
		job->help = "Cortex Analyst did not answer within the time of "
			    "a search: to ask it, use the tool snowflake_ask.";
		return;
	}
	if (notes->analyst.coverage != COVERAGE_COMPLETE) {
		job->coverage = COVERAGE_PARTIAL;
		job->help = notes->analyst.help;
		return;
	}
	if (names != COVERAGE_COMPLETE)
		job->coverage = COVERAGE_PARTIAL;
	job->help = help;
	if (!help && job->result_count == 0)
		job->help = "The search service has no rows for this, and no "
			    "name in the catalogue has its words.";
}

static struct step finish(struct job *job)
{
	struct notes *notes = job->notes;
	struct result answer;
	struct list lists[] = {
		{ .weight = 1.01 }, /* an answer comes before what holds it */
		{ .weight = 1 },
		{ .weight = 0.99 },
	};

	if (analyst_hit(job, &notes->analyst, &answer)) {
		lists[0].results = &answer;
		lists[0].count = 1;
	}
	lists[1].count = rows_hits(job, &notes->rows, &lists[1].results);
	lists[2].count =
		catalogue_hits(job, &notes->catalogue, &lists[2].results);
	join(job, lists, sizeof(lists) / sizeof(*lists));
	cover(job, notes);
	return DONE;
}

/* ---- opening ---- */

struct step snowflake_fetch(struct job *job)
{
	if (rows_is_id(job->id))
		return rows_fetch(job);
	if (catalogue_is_id(job->id))
		return catalogue_fetch(job);
	if (analyst_is_id(job->id))
		return analyst_fetch(job);
	return DONE;
}
