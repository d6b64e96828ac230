/* What the analyst's statements brought: opened again by a search's id, and as
 * the tool snowflake_ask gives it. */
#include "sources/snowflake_analyst.h"

#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/clean.h"
#include "sources/snowflake.h"
#include "sources/snowflake_value.h"

enum {
	QUESTION_MOST = 100, /* code points of the question an id carries */
	ENCODED_MOST = 600,  /* bytes of it there */
	ROWS_MOST = 200,
	CELL_MOST = 300,
};

#define ANSWER "answer:"

struct notes {
	struct snowflake_work work;
	struct analyst analyst;
	struct snowflake_query *query;
	const char *question;
};

/* ---- ids ---- */

const char *analyst_id(struct arena *mem, const char *handle,
                       const char *question)
{
	const char *text = "";

	for (size_t most = QUESTION_MOST; most > 0; most /= 2) {
		text = text_percent(mem, clean_line(mem, question, most));
		if (strlen(text) <= ENCODED_MOST)
			break;
	}
	return text_format(mem, ANSWER "%s:%s", handle, text);
}

const char *analyst_page(struct job *job, const char *handle)
{
	const char *organization, *account;

	if (!snowflake_account(job, &organization, &account))
		return NULL;
	return url_fill(job->mem,
	                "https://app.snowflake.com/{}/{}/#/compute/history/"
	                "queries/{}/detail",
	                organization, account, handle);
}

/* ---- opening ---- */

static struct step read_answer(struct job *job);

bool analyst_is_id(const char *id)
{
	return text_starts(id, ANSWER);
}

/* The handle and the question of an id; false for any that analyst_id() would not
 * have made. */
static bool read_id(struct job *job, const char **handle, const char **question)
{
	const char *at = job->id + strlen(ANSWER);
	size_t size = strcspn(at, ":");

	if (at[size] != ':')
		return false;
	*handle = text_copy_n(job->mem, at, size);
	*question = text_unpercent(job->mem, at + size + 1,
	                           strlen(at + size + 1), false);
	return *question && text_same(text_uuid(job->mem, *handle), *handle) &&
	       text_same(analyst_id(job->mem, *handle, *question), job->id);
}

struct step analyst_fetch(struct job *job)
{
	struct notes *notes = arena_alloc(job->mem, sizeof(*notes));
	const char *handle;

	job->notes = notes;
	if (!read_id(job, &handle, &notes->question))
		return DONE;
	notes->query = snowflake_query(job, NULL, ROWS_MOST);
	snowflake_reopen(job, notes->query, handle);
	return snowflake_ask(job, read_answer);
}

static json_object *columns_of(struct job *job,
                               const struct snowflake_query *query)
{
	json_object *names = js_array(job->mem);

	for (size_t c = 0; c < js_count(query->columns); c++)
		js_add_text(
			names,
			clean_line(job->mem,
		                   js_text(js_get(js_item(query->columns, c),
		                                  "name")),
		                   CELL_MOST));
	return names;
}

static json_object *rows_of(struct job *job,
                            const struct snowflake_query *query)
{
	json_object *rows = js_array(job->mem);

	for (size_t r = 0; r < js_count(query->rows); r++) {
		json_object *row = js_array(job->mem);

		for (size_t c = 0; c < js_count(query->columns); c++)
			js_add_text(row,
			            snowflake_value(
					    job->mem,
					    js_item(query->columns, c),
					    js_item(js_item(query->rows, r), c),
					    CELL_MOST));
		js_add(rows, row);
	}
	return rows;
}

static void make_item(struct job *job, const struct snowflake_query *query,
                      json_object *metadata)
{
	const struct notes *notes = job->notes;
	struct buffer text = { .mem = job->mem };

	snowflake_table(&text, query->columns, query->rows, ROWS_MOST);
	if (query->more)
		buffer_format(&text, "[Only the first %zu rows are here.]\n",
		              js_count(query->rows));
	job->item = arena_alloc(job->mem, sizeof(*job->item));
	*job->item = (struct item){
		.title = *notes->question
		                 ? clean_line(job->mem, notes->question,
		                              SNOWFLAKE_LINE_MOST)
		                 : "An answer of Cortex Analyst",
		.text = buffer_text(&text),
		.url = analyst_page(job, query->handle),
		.metadata = metadata,
		.type = "text/plain",
	};
}

static struct step end(struct job *job, const struct snowflake_query *query)
{
	job->coverage = query->coverage ? query->coverage : COVERAGE_FAILED;
	job->help = query->help;
	return DONE;
}

static struct step read_answer(struct job *job)
{
	struct notes *notes = job->notes;
	struct snowflake_query *query = notes->query;
	json_object *metadata = js_object(job->mem);

	if (query->gone)
		return DONE;
	if (!query->done)
		return end(job, query);
	js_put_text(metadata, "object", "answer");
	js_put_integer(metadata, "rows", (int64_t)js_count(query->rows));
	make_item(job, query, metadata);
	return DONE;
}

/* ---- the tool ---- */

static struct step read_analyst(struct job *job);
static struct step read_rows(struct job *job);

struct step analyst_ask(struct job *job)
{
	struct notes *notes = arena_alloc(job->mem, sizeof(*notes));

	job->notes = notes;
	notes->analyst = analyst_begin(job, job->query, 0);
	if (!notes->analyst.call)
		return job_fail(job, COVERAGE_FAILED,
		                "The source has no semantic model: set "
		                "snowflake_semantic_model_file.",
		                "no semantic model");
	return snowflake_ask(job, read_analyst);
}

static struct step read_analyst(struct job *job)
{
	struct analyst *analyst = &((struct notes *)job->notes)->analyst;
	json_object *metadata = js_object(job->mem);

	analyst_read(job, analyst);
	job->coverage = analyst->coverage;
	job->help = analyst->help;
	if (job->coverage != COVERAGE_COMPLETE)
		return DONE;
	if (analyst->statement)
		js_put_text(metadata, "statement", analyst->statement);
	if (analyst->suggestions)
		js_put(metadata, "suggestions", analyst->suggestions);
	job->item = arena_alloc(job->mem, sizeof(*job->item));
	*job->item = (struct item){
		.title = analyst->title,
		.text = analyst->text,
		.metadata = metadata,
		.type = "text/plain",
	};
	return DONE;
}

struct step analyst_answer(struct job *job)
{
	struct notes *notes = arena_alloc(job->mem, sizeof(*notes));

	job->notes = notes;
	notes->question = job->query;
	notes->query = snowflake_query(job, job->id, ROWS_MOST);
	snowflake_run(job, notes->query);
	return snowflake_ask(job, read_rows);
}

static struct step read_rows(struct job *job)
{
	struct notes *notes = job->notes;
	const struct snowflake_query *query = notes->query;
	json_object *metadata = js_object(job->mem);

	if (!query->done || !query->handle)
		return end(job, query);
	js_put_text(metadata, "id",
	            analyst_id(job->mem, query->handle, notes->question));
	js_put(metadata, "columns", columns_of(job, query));
	js_put(metadata, "rows", rows_of(job, query));
	js_put_boolean(metadata, "more", query->more);
	make_item(job, query, metadata);
	return DONE;
}
