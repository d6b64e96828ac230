/* Searching and opening rows through Cortex Search: (the service's columns) ->
 * the rows. Cortex has no way to get one row: a row is asked for again by its
 * id, where the service can filter by it, else by how its text begins.
 *
 * Ids: id:VALUE of the id column, or near:TEXT. */
#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/clean.h"
#include "sources/snowflake.h"

enum {
	ROWS_MOST = 100,
	CHUNKS_MOST = 100, /* of one document */
	NEAR_MOST = 120,   /* characters of a row that has no id */
	ID_MOST = 300,     /* bytes of one that has */
};

#define BY_ID "id:"
#define BY_TEXT "near:"

struct notes {
	struct snowflake_columns columns;
	const char *id; /* of a fetch: one of these */
	const char *near;
};

static struct step read_service(struct job *job);
static struct step read_hits(struct job *job);
static struct step read_item(struct job *job);

/* ---- asking ---- */

static void add_column(json_object *columns, const char *name)
{
	for (size_t i = 0; name && i < js_count(columns); i++) {
		if (text_same(js_text(js_item(columns, i)), name))
			return;
	}
	if (name)
		js_add_text(columns, name);
}

static struct step ask_rows(struct job *job)
{
	const struct notes *notes = job->notes;
	const struct snowflake_columns *c = &notes->columns;
	json_object *body = js_object(job->mem), *columns, *filter;
	bool by_id = notes->id;
	size_t limit = job->limit < ROWS_MOST ? job->limit : ROWS_MOST;

	js_put_text(body, "query",
	            by_id         ? notes->id
	            : notes->near ? notes->near
	                          : job->query);
	columns = js_put_array(body, "columns");
	add_column(columns, c->text);
	add_column(columns, c->id);
	add_column(columns, c->title);
	add_column(columns, c->url);
	add_column(columns, c->time);
	add_column(columns, c->author);
	if (by_id) {
		filter = js_put_object(js_put_object(body, "filter"), "@eq");
		js_put_text(filter, c->id, notes->id);
	}
	js_put_integer(body, "limit",
	               by_id         ? CHUNKS_MOST
	               : notes->near ? 1
	                             : (int64_t)limit);
	snowflake_post(job, snowflake_service(job, ":query"), body);
	return vendor_ask(job, job->query ? read_hits : read_item);
}

/* The columns first, where the settings do not name them. */
static struct step begin(struct job *job)
{
	struct notes *notes = job->notes;

	notes->columns = snowflake_columns_set(job);
	if (!snowflake_service(job, ""))
		return job_fail(job, COVERAGE_FAILED,
		                "snowflake_cortex_search_service must name the "
		                "service with its database and schema.",
		                "the service's name has another form");
	if (notes->columns.text)
		return ask_rows(job);
	snowflake_get(job, snowflake_service(job, ""));
	return vendor_ask(job, read_service);
}

static struct step read_service(struct job *job)
{
	struct notes *notes = job->notes;
	struct call *call = vendor_call(job, 0);
	json_object *service;
	struct step end;

	if (vendor_failed(job, call, &end))
		return end;
	service = vendor_json(job, call, &end);
	if (!service)
		return end;
	if (text_same(js_text(js_get(service, "serving_state")), "SUSPENDED"))
		return job_fail(
			job, COVERAGE_FAILED,
			"The search service is suspended: its owner has "
			"to resume it in Snowflake.",
			"suspended");
	notes->columns = snowflake_columns_of(job, service);
	if (!notes->columns.text)
		return job_fail(job, COVERAGE_FAILED,
		                "Snowflake does not say which column the "
		                "service searches: set snowflake_text_column.",
		                "no search column");
	return ask_rows(job);
}

struct step snowflake_search(struct job *job)
{
	job->notes = arena_alloc(job->mem, sizeof(struct notes));
	return begin(job);
}

/* ---- rows ---- */

/* A value of a row as text: Snowflake gives strings, and numbers for some. */
static const char *value_of(struct job *job, json_object *row,
                            const char *column)
{
	json_object *value = column ? js_get(row, column) : NULL;

	if (js_is_text(value))
		return js_text(value);
	if (js_is_number(value) || js_is_integer(value) || js_is_boolean(value))
		return js_print(job->mem, value);
	return "";
}

static const char *id_of(struct job *job, json_object *row)
{
	const struct snowflake_columns *c =
		&((struct notes *)job->notes)->columns;
	const char *id = value_of(job, row, c->id);
	const char *text = value_of(job, row, c->text);

	if (c->id_filters && *id && strlen(id) <= ID_MOST &&
	    text_same(text_visible(job->mem, id), id))
		return text_format(job->mem, BY_ID "%s", id);
	text = clean_line(job->mem, text, NEAR_MOST);
	return *text ? text_format(job->mem, BY_TEXT "%s", text) : NULL;
}

static const char *title_of(struct job *job, json_object *row)
{
	const struct snowflake_columns *c =
		&((struct notes *)job->notes)->columns;
	const char *title = clean_line(job->mem, value_of(job, row, c->title),
	                               SNOWFLAKE_LINE_MOST);

	if (*title)
		return title;
	title = clean_line(job->mem, value_of(job, row, c->text), 80);
	return *title ? title : "(no title)";
}

static const char *line_or_null(struct job *job, const char *text)
{
	text = clean_line(job->mem, text, SNOWFLAKE_LINE_MOST);
	return *text ? text : NULL;
}

static struct result result_of(struct job *job, json_object *row,
                               const char *id)
{
	const struct snowflake_columns *c =
		&((struct notes *)job->notes)->columns;

	return (struct result){
		.native_id = id,
		.title = title_of(job, row),
		.url = clean_url(job->mem, value_of(job, row, c->url),
		                 SNOWFLAKE_URL_MOST),
		.snippet = clean_line(job->mem, value_of(job, row, c->text),
		                      SNOWFLAKE_SNIPPET_MOST),
		.time = line_or_null(job, value_of(job, row, c->time)),
		.author = line_or_null(job, value_of(job, row, c->author)),
	};
}

/* Rows are pieces of documents: of one document the best piece is kept. */
static bool is_new(const struct job *job, const char *id)
{
	for (size_t i = 0; i < job->result_count; i++) {
		if (text_same(job->results[i].native_id, id))
			return false;
	}
	return true;
}

static json_object *read_rows(struct job *job, struct step *end)
{
	struct call *call = vendor_call(job, 0);
	json_object *tree, *rows;

	if (vendor_failed(job, call, end))
		return NULL;
	tree = vendor_json(job, call, end);
	if (!tree)
		return NULL;
	rows = js_get(tree, "results");
	if (js_is_array(rows))
		return rows;
	*end = job_fail(job, COVERAGE_FAILED,
	                "Snowflake answered something unreadable: try again "
	                "later.",
	                "no list of results");
	return NULL;
}

static struct step read_hits(struct job *job)
{
	struct step end;
	json_object *rows = read_rows(job, &end);

	if (!rows)
		return end;
	job->results = arena_array(job->mem, js_count(rows) + 1,
	                           sizeof(struct result));
	for (size_t i = 0; i < js_count(rows) && job->result_count < job->limit;
	     i++) {
		json_object *row = js_item(rows, i);
		const char *id = id_of(job, row);

		if (id && is_new(job, id))
			job->results[job->result_count++] =
				result_of(job, row, id);
	}
	if (job->result_count == 0)
		job->help = "The search service has no rows for this.";
	return DONE;
}

/* ---- one document ---- */

struct step snowflake_fetch(struct job *job)
{
	struct notes *notes = arena_alloc(job->mem, sizeof(*notes));

	job->notes = notes;
	if (text_starts(job->id, BY_ID))
		notes->id = job->id + strlen(BY_ID);
	else if (text_starts(job->id, BY_TEXT))
		notes->near = job->id + strlen(BY_TEXT);
	if ((!notes->id || !*notes->id) && (!notes->near || !*notes->near))
		return DONE;
	return begin(job);
}

/* Whether a row is what was asked for: Cortex gives the nearest, whatever
 * that is. */
static bool is_it(struct job *job, json_object *row)
{
	const struct notes *notes = job->notes;

	if (notes->id)
		return text_same(value_of(job, row, notes->columns.id),
		                 notes->id);
	return text_same(clean_line(job->mem,
	                            value_of(job, row, notes->columns.text),
	                            NEAR_MOST),
	                 notes->near);
}

static struct step read_item(struct job *job)
{
	const struct notes *notes = job->notes;
	const struct snowflake_columns *c = &notes->columns;
	struct buffer text = { .mem = job->mem };
	json_object *rows, *first = NULL, *metadata;
	const char *time, *author;
	struct step end;

	if (notes->id && !c->id)
		return DONE;
	rows = read_rows(job, &end);
	if (!rows)
		return end;
	for (size_t i = 0; i < js_count(rows); i++) {
		json_object *row = js_item(rows, i);

		if (!is_it(job, row))
			continue;
		if (first)
			buffer_add(&text, "\n\n");
		else
			first = row;
		buffer_add(&text,
		           text_visible(job->mem, value_of(job, row, c->text)));
	}
	if (!first)
		return DONE;
	metadata = js_object(job->mem);
	time = line_or_null(job, value_of(job, first, c->time));
	author = line_or_null(job, value_of(job, first, c->author));
	if (time)
		js_put_text(metadata, "time", time);
	if (author)
		js_put_text(metadata, "author", author);
	job->item = arena_alloc(job->mem, sizeof(*job->item));
	*job->item = (struct item){
		.title = title_of(job, first),
		.text = buffer_text(&text),
		.url = clean_url(job->mem, value_of(job, first, c->url),
		                 SNOWFLAKE_URL_MOST),
		.metadata = metadata,
		.type = "text/plain",
	};
	return DONE;
}
