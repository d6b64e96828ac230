#include "sources/snowflake_rows.h"

#include <ctype.h>
#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/clean.h"
#include "sources/snowflake.h"

enum {
	ROWS_MOST = 100,
	PIECES_MOST = 100, /* of one document */
	NEAR_MOST = 120,   /* characters of a row that has no id */
	NEAR_LOOKS = 20,   /* rows that may begin alike */
	ID_MOST = 300,     /* bytes of one that has */
	TITLE_MOST = 80,   /* of a text that stands for one */
};

/* Native ids: a text or a number of the id column, or how the text begins. */
#define BY_ID "id:"
#define BY_NUMBER "number:"
#define BY_TEXT "near:"

struct notes {
	struct snowflake_work work;
	struct rows_asked asked;
	struct rows_wanted wanted;
	const char *near;
};

/* ---- asking ---- */

static void fail(struct rows_asked *asked, enum coverage coverage,
                 const char *help)
{
	asked->call = NULL;
	asked->failed = true;
	asked->coverage = coverage;
	asked->help = help;
}

struct rows_asked rows_begin(struct job *job)
{
	struct rows_asked asked = { .columns = row_columns_of(job, NULL) };

	if (!snowflake_service(job, ""))
		fail(&asked, COVERAGE_FAILED, SNOWFLAKE_NO_SERVICE);
	else if (!asked.columns.text)
		asked.call = snowflake_get(job, snowflake_service(job, ""));
	return asked;
}

/* Reads the description of the service; false when it cannot be searched. */
static bool read_service(struct job *job, struct rows_asked *asked)
{
	enum coverage coverage;
	const char *help;
	json_object *service =
		snowflake_json(job, asked->call, &coverage, &help);

	if (!service) {
		fail(asked, coverage, help);
		return false;
	}
	if (text_same(js_text(js_get(service, "serving_state")), "SUSPENDED")) {
		fail(asked, COVERAGE_FAILED,
		     "The search service is suspended: its owner has to resume "
		     "it in Snowflake.");
		return false;
	}
	asked->columns = row_columns_of(job, service);
	if (!asked->columns.text)
		fail(asked, COVERAGE_FAILED,
		     "Snowflake does not say which column the service "
		     "searches: set snowflake_text_column.");
	return asked->columns.text;
}

static void add_column(json_object *columns, const char *name)
{
	for (size_t i = 0; name && i < js_count(columns); i++) {
		if (text_same(js_text(js_item(columns, i)), name))
			return;
	}
	if (name)
		js_add_text(columns, name);
}

static void put_filter(json_object *body, const char *column,
                       const struct rows_wanted *wanted)
{
	json_object *same = js_put_object(js_put_object(body, "filter"), "@eq");

	if (wanted->id_is_number)
		js_put_json(same, column, wanted->id);
	else
		js_put_text(same, column, wanted->id);
}

void rows_look(struct job *job, struct rows_asked *asked,
               const struct rows_wanted *wanted)
{
	const struct row_columns *c = &asked->columns;
	json_object *body = js_object(job->mem), *columns;
	size_t limit = wanted->limit < ROWS_MOST ? wanted->limit : ROWS_MOST;

	if (asked->failed || (asked->call && !read_service(job, asked)))
		return;
	asked->call = NULL;
	if (wanted->id && (!c->id || !c->id_filters))
		return; /* no row can have it */
	js_put_text(body, "query", wanted->query);
	columns = js_put_array(body, "columns");
	add_column(columns, c->text);
	add_column(columns, c->id);
	add_column(columns, c->title);
	add_column(columns, c->url);
	add_column(columns, c->time);
	add_column(columns, c->author);
	if (wanted->id)
		put_filter(body, c->id, wanted);
	js_put_integer(body, "limit", (int64_t)limit);
	asked->call =
		snowflake_post(job, snowflake_service(job, ":query"), body);
}

static json_object *read_rows(struct job *job, struct rows_asked *asked)
{
	enum coverage coverage;
	const char *help;
	json_object *tree, *rows;

	if (asked->failed)
		return NULL;
	tree = snowflake_json(job, asked->call, &coverage, &help);
	rows = js_get(tree, "results");
	if (js_is_array(rows))
		return rows;
	fail(asked, tree ? COVERAGE_FAILED : coverage,
	     tree ? "Snowflake answered something unreadable: try again later."
	          : help);
	return NULL;
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

/* An id comes back through a model, which sees visible characters only. */
static bool is_fit(struct job *job, const char *id)
{
	return *id && strlen(id) <= ID_MOST &&
	       text_same(text_fold(job->mem, text_visible(job->mem, id)), id);
}

static const char *id_of(struct job *job, const struct row_columns *c,
                         json_object *row)
{
	const char *id = value_of(job, row, c->id);
	const char *text;

	if (c->id && c->id_filters && is_fit(job, id))
		return text_format(job->mem, "%s%s",
		                   js_is_integer(js_get(row, c->id)) ? BY_NUMBER
		                                                     : BY_ID,
		                   id);
	text = clean_line(job->mem, value_of(job, row, c->text), NEAR_MOST);
	return *text ? text_format(job->mem, BY_TEXT "%s", text) : NULL;
}

static const char *title_of(struct job *job, const struct row_columns *c,
                            json_object *row)
{
	const char *title = clean_line(job->mem, value_of(job, row, c->title),
	                               SNOWFLAKE_LINE_MOST);

	if (*title)
		return title;
	title = clean_line(job->mem, value_of(job, row, c->text), TITLE_MOST);
	return *title ? title : "(no title)";
}

static const char *line_or_null(struct job *job, const char *text)
{
	text = clean_line(job->mem, text, SNOWFLAKE_LINE_MOST);
	return *text ? text : NULL;
}

static struct result result_of(struct job *job, const struct row_columns *c,
                               json_object *row, const char *id)
{
	return (struct result){
		.native_id = id,
		.title = title_of(job, c, row),
		.url = clean_url(job->mem, value_of(job, row, c->url),
		                 SNOWFLAKE_URL_MOST),
		.snippet = clean_line(job->mem, value_of(job, row, c->text),
		                      SNOWFLAKE_SNIPPET_MOST),
		.time = line_or_null(job, value_of(job, row, c->time)),
		.author = line_or_null(job, value_of(job, row, c->author)),
	};
}

/* Nothing in common with the question, by meaning or by words: Cortex gives as
 * many rows as were asked for, whatever they are. */
static bool is_far(json_object *row)
{
	json_object *meaning = js_get(row, "@scores", "cosine_similarity");
	json_object *words = js_get(row, "@scores", "text_match");

	return meaning && words && js_number(meaning) <= 0 &&
	       js_number(words) <= 0;
}

/* Rows are pieces of documents: of one document the best piece is kept. */
static bool is_new(const struct result *results, size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++) {
		if (text_same(results[i].native_id, id))
			return false;
	}
	return true;
}

size_t rows_hits(struct job *job, struct rows_asked *asked,
                 struct result **results)
{
	json_object *rows = read_rows(job, asked);
	size_t count = 0;

	*results = arena_array(job->mem, js_count(rows) + 1,
	                       sizeof(struct result));
	for (size_t i = 0; i < js_count(rows) && count < job->limit; i++) {
		json_object *row = js_item(rows, i);
		const char *id = id_of(job, &asked->columns, row);

		if (id && !is_far(row) && is_new(*results, count, id))
			(*results)[count++] =
				result_of(job, &asked->columns, row, id);
	}
	return count;
}

/* ---- one document ---- */

static struct step ask_document(struct job *job);
static struct step read_document(struct job *job);

bool rows_is_id(const char *id)
{
	return text_starts(id, BY_ID) || text_starts(id, BY_NUMBER) ||
	       text_starts(id, BY_TEXT);
}

/* As JSON writes a whole number: it goes into a filter as it is. */
static bool is_number(const char *text)
{
	size_t digits = strspn(text + (*text == '-'), "0123456789");

	text += *text == '-';
	return digits > 0 && digits < 19 && !text[digits] &&
	       (text[0] != '0' || digits == 1);
}

/* Reads the id into what is wanted; false when it is none of ours. */
static bool read_id(struct job *job, struct notes *notes)
{
	const char *colon = strchr(job->id, ':');
	const char *value = colon ? colon + 1 : "";
	bool is_text = text_starts(job->id, BY_TEXT);

	if (!*value || (!is_text && !is_fit(job, value)))
		return false;
	notes->near = is_text ? value : NULL;
	notes->wanted = (struct rows_wanted){
		.query = value,
		.id = is_text ? NULL : value,
		.id_is_number = text_starts(job->id, BY_NUMBER),
		.limit = is_text ? NEAR_LOOKS : PIECES_MOST,
	};
	return !notes->wanted.id_is_number || is_number(value);
}

struct step rows_fetch(struct job *job)
{
	struct notes *notes = arena_alloc(job->mem, sizeof(*notes));

	job->notes = notes;
	if (!read_id(job, notes))
		return DONE;
	notes->asked = rows_begin(job);
	if (notes->asked.call)
		return snowflake_ask(job, ask_document);
	return ask_document(job);
}

static struct step end(struct job *job, const struct rows_asked *asked)
{
	job->coverage = asked->coverage;
	job->help = asked->help;
	return DONE;
}

static struct step ask_document(struct job *job)
{
	struct notes *notes = job->notes;

	rows_look(job, &notes->asked, &notes->wanted);
	if (notes->asked.failed)
		return end(job, &notes->asked);
	if (!notes->asked.call)
		return DONE;
	return snowflake_ask(job, read_document);
}

/* Whether a row is what was asked for: Cortex gives the nearest, whatever
 * that is. */
static bool is_it(struct job *job, json_object *row)
{
	const struct notes *notes = job->notes;
	const struct row_columns *c = &notes->asked.columns;

	if (notes->wanted.id)
		return c->id &&
		       text_same(value_of(job, row, c->id), notes->wanted.id);
	return text_same(
		clean_line(job->mem, value_of(job, row, c->text), NEAR_MOST),
		notes->near);
}

static void make_item(struct job *job, json_object *row, const char *text)
{
	const struct row_columns *c =
		&((struct notes *)job->notes)->asked.columns;
	const char *time = line_or_null(job, value_of(job, row, c->time));
	const char *author = line_or_null(job, value_of(job, row, c->author));
	json_object *metadata = js_object(job->mem);

	if (time)
		js_put_text(metadata, "time", time);
	if (author)
		js_put_text(metadata, "author", author);
	job->item = arena_alloc(job->mem, sizeof(*job->item));
	*job->item = (struct item){
		.title = title_of(job, c, row),
		.text = text,
		.url = clean_url(job->mem, value_of(job, row, c->url),
		                 SNOWFLAKE_URL_MOST),
		.metadata = metadata,
		.type = "text/plain",
	};
}

static struct step read_document(struct job *job)
{
	struct notes *notes = job->notes;
	struct buffer text = { .mem = job->mem };
	json_object *rows = read_rows(job, &notes->asked), *first = NULL;

	if (!rows)
		return end(job, &notes->asked);
	for (size_t i = 0; i < js_count(rows); i++) {
		json_object *row = js_item(rows, i);

		if (!is_it(job, row) || (first && !notes->wanted.id))
			continue;
		if (first)
			buffer_add(&text, "\n\n");
		else
			first = row;
		buffer_add(&text,
		           text_visible(job->mem,
		                        value_of(job, row,
		                                 notes->asked.columns.text)));
	}
	if (first)
		make_item(job, first, buffer_text(&text));
	return DONE;
}
