/* Documents kept in Postgres: no vendor, no token, one statement a question. */
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/clean.h"
#include "sources/registry.h"
#include "sources/source.h"

enum {
	TEXT_MOST = 100000, /* code points of a fetched text (RL-4) */
	TITLE_MOST = 500,
	SNIPPET_MOST = 1000,
	URL_MOST = 2000,
};

/* The text search configurations every Postgres 15 has. */
static const char *language_wrong(const char *value)
{
	static const char *const known[] = {
		"simple",     "arabic",     "armenian",   "basque",
		"catalan",    "danish",     "dutch",      "english",
		"finnish",    "french",     "german",     "greek",
		"hindi",      "hungarian",  "indonesian", "irish",
		"italian",    "lithuanian", "nepali",     "norwegian",
		"portuguese", "romanian",   "russian",    "serbian",
		"spanish",    "swedish",    "tamil",      "turkish",
		"yiddish",
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (text_same(value, known[i]))
			return NULL;
	}
	return "must be simple, or one of: arabic, armenian, basque, catalan, "
	       "danish, dutch, english, finnish, french, german, greek, hindi, "
	       "hungarian, indonesian, irish, italian, lithuanian, nepali, "
	       "norwegian, portuguese, romanian, russian, serbian, spanish, "
	       "swedish, tamil, turkish, yiddish.";
}

static const struct kind_setting settings[] = {
	{ "name", false, false, 255, "What the source is called in answers.",
	  NULL },
	{ "language", false, false, 20,
	  "The language whose word forms count as one when searching; simple "
	  "for none. Default: english.",
	  language_wrong },
	SEARCH_SECONDS_SETTING,
	{ 0 },
};

/* The job's door to the database, which ends with the job's time. */
static struct db db_of(const struct job *job)
{
	struct db db = *job->db;

	db.deadline = deadline_sooner(db.deadline, job->deadline);
	return db;
}

static struct step failed(struct job *job, const struct fault *fault)
{
	if (fault->kind == FAULT_TIMED_OUT)
		return job_fail(job, COVERAGE_TIMED_OUT,
		                "This source did not answer in time: ask "
		                "again, or with rarer words.",
		                fault->note);
	return job_fail(job, COVERAGE_FAILED,
	                "The gateway could not read this source just now: try "
	                "again soon.",
	                fault->note);
}

/* ---- search: one step ---- */

enum { ID, TITLE, URL, SNIPPET, TIME, METADATA, MATCHED, RESPELT };

/* Says how the words were found when it was not plainly; such results weigh
 * less beside those of other sources that had all the words. */
static void tell_match(struct job *job, const struct rows *rows)
{
	const char *matched = rows_text(rows, 0, MATCHED);
	const char *respelt = rows_text(rows, 0, RESPELT);

	if (rows_count(rows) == 0) {
		job->help = "Nothing here matches: try other or fewer words.";
		return;
	}
	if (respelt) {
		job->help = text_format(
			job->mem,
			"Nothing here matches the words as they were spelt; "
			"these match: %s",
			clean_line(job->mem, respelt, SNIPPET_MOST));
		job->weight = 0.8;
	}
	if (text_same(matched, "most words")) {
		job->help = "Nothing here has all the words: these have all "
			    "but one.";
		job->weight = 0.6;
	} else if (text_same(matched, "any word")) {
		job->help = "Nothing here has all the words: these have some "
			    "of them.";
		job->weight = 0.3;
	}
}

static struct step search(struct job *job)
{
	struct db db = db_of(job);
	struct rows *rows;
	struct fault *fault =
		db_run(&db, SQL_DOCUMENTS_SEARCH, &rows, job->source->id,
	               job->query, text_format(job->mem, "%zu", job->limit));

	if (fault)
		return failed(job, fault);
	job->results = arena_array(job->mem, rows_count(rows) + 1,
	                           sizeof(struct result));
	job->result_count = rows_count(rows);
	for (size_t i = 0; i < job->result_count; i++)
		job->results[i] = (struct result){
			.native_id = rows_text(rows, i, ID),
			.title = clean_line(job->mem, rows_text(rows, i, TITLE),
			                    TITLE_MOST),
			.url = clean_url(job->mem, rows_text(rows, i, URL),
			                 URL_MOST),
			.snippet = clean_line(job->mem,
			                      rows_text(rows, i, SNIPPET),
			                      SNIPPET_MOST),
			.time = rows_text(rows, i, TIME),
		};
	tell_match(job, rows);
	return DONE;
}

/* ---- fetch: one step ---- */

static struct step fetch(struct job *job)
{
	enum { TITLE_, TEXT, CHARACTERS, URL_, TIME_, METADATA_ };
	const char *id = text_uuid(job->mem, job->id);
	struct db db = db_of(job);
	struct fault *fault;
	struct rows *rows;

	if (!text_same(id, job->id))
		return DONE;
	fault = db_run(&db, SQL_DOCUMENT_READ, &rows, job->source->id, id,
	               text_format(job->mem, "%d", TEXT_MOST));
	if (fault)
		return failed(job, fault);
	if (rows_count(rows) == 0)
		return DONE;
	job->item = arena_alloc(job->mem, sizeof(*job->item));
	*job->item = (struct item){
		.title = clean_line(job->mem, rows_text(rows, 0, TITLE_),
		                    TITLE_MOST),
		.text = text_visible(job->mem, rows_text(rows, 0, TEXT)),
		.url = clean_url(job->mem, rows_text(rows, 0, URL_), URL_MOST),
		.metadata = clean_json(job->mem, rows_text(rows, 0, METADATA_)),
		.type = "text/plain",
	};
	js_put_text(job->item->metadata, "updated_at",
	            rows_text(rows, 0, TIME_));
	if (rows_integer(rows, 0, CHARACTERS) > TEXT_MOST)
		job->item->characters =
			(size_t)rows_integer(rows, 0, CHARACTERS);
	return DONE;
}

const struct source_kind documents_kind = {
	.name = "documents",
	.label = "Documents",
	.settings = settings,
	.search = search,
	.fetch = fetch,
};
