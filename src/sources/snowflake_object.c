/* One object of the catalogue: its id, its page, and opening it. */
#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/clean.h"
#include "sources/snowflake.h"
#include "sources/snowflake_catalogue.h"
#include "sources/snowflake_statements.h"
#include "sources/snowflake_value.h"

enum {
	NAME_MOST = 255, /* bytes of one, as Snowflake allows */
	LINES_MOST = 500,
	SAMPLE_MOST = 5,
	COMMENT_MOST = 2000, /* code points */
};

struct notes {
	struct snowflake_work work;
	struct catalogue_object object;
	struct snowflake_query *facts;  /* one row, or it is not there */
	struct snowflake_query *parts;  /* what it consists of */
	struct snowflake_query *sample; /* NULL: not asked for */
};

static struct step read_object(struct job *job);

/* ---- ids ---- */

static const struct {
	const char *kind;
	size_t parts;
} kinds[] = {
	{ "database", 1 }, { "schema", 2 }, { "table", 3 },
	{ "view", 3 },     { 0 },
};

const char *catalogue_id(struct arena *mem,
                         const struct catalogue_object *object)
{
	struct buffer id = { .mem = mem };

	buffer_add(&id, object->kind);
	for (size_t i = 0; i < 3 && object->parts[i]; i++)
		buffer_format(&id, "%c%s", i ? '/' : ':',
		              text_percent(mem, object->parts[i]));
	return buffer_text(&id);
}

bool catalogue_read_id(struct arena *mem, const char *id,
                       struct catalogue_object *object)
{
	const char *at = strchr(id, ':');
	size_t wanted = 0;

	*object = (struct catalogue_object){ 0 };
	for (size_t i = 0; at && kinds[i].kind; i++) {
		if (strlen(kinds[i].kind) == (size_t)(at - id) &&
		    text_starts(id, kinds[i].kind)) {
			object->kind = kinds[i].kind;
			wanted = kinds[i].parts;
		}
	}
	for (size_t i = 0; i < wanted; i++) {
		if (!*at++)
			return false; /* parts are missing */

		size_t size = strcspn(at, "/");
		char *part = text_unpercent(mem, at, size, false);

		if (!part || !*part || strlen(part) > NAME_MOST)
			return false;
		object->parts[i] = part;
		at += size;
	}
	/* One text for one object: no other writing of it is an id. */
	return wanted > 0 && text_same(catalogue_id(mem, object), id);
}

const char *catalogue_page(struct job *job,
                           const struct catalogue_object *object)
{
	const char *organization, *account;
	const char *const *p = object->parts;

	if (!snowflake_account(job, &organization, &account))
		return NULL;
	if (!p[1])
		return url_fill(job->mem,
		                "https://app.snowflake.com/{}/{}/#/data/"
		                "databases/{}",
		                organization, account, p[0]);
	if (!p[2])
		return url_fill(job->mem,
		                "https://app.snowflake.com/{}/{}/#/data/"
		                "databases/{}/schemas/{}",
		                organization, account, p[0], p[1]);
	return url_fill(job->mem,
	                "https://app.snowflake.com/{}/{}/#/data/databases/{}/"
	                "schemas/{}/{}/{}",
	                organization, account, p[0], p[1], object->kind, p[2]);
}

bool catalogue_is_id(const char *id)
{
	for (size_t i = 0; kinds[i].kind; i++) {
		size_t size = strlen(kinds[i].kind);

		if (text_starts(id, kinds[i].kind) && id[size] == ':')
			return true;
	}
	return false;
}

const char *catalogue_view(struct arena *mem, const char *database,
                           const char *view)
{
	return text_format(mem, "%s.INFORMATION_SCHEMA.%s",
	                   snowflake_quoted(mem, database), view);
}

/* ---- asking ---- */

/* A statement over a view of the object's database, about the object. */
static struct snowflake_query *ask_view(struct job *job, const char *statement,
                                        const char *view)
{
	const struct notes *notes = job->notes;
	struct snowflake_query *query =
		snowflake_query(job, statement, LINES_MOST);

	snowflake_bind(query,
	               catalogue_view(job->mem, notes->object.parts[0], view));
	for (size_t i = 1; i < 3 && notes->object.parts[i]; i++)
		snowflake_bind(query, notes->object.parts[i]);
	snowflake_run(job, query);
	return query;
}

static struct snowflake_query *ask_sample(struct job *job)
{
	const struct notes *notes = job->notes;
	const char *const *parts = notes->object.parts;
	struct snowflake_query *query;

	if (!text_same(vendor_setting(job, "snowflake_sample_rows"), "yes"))
		return NULL;
	query = snowflake_query(job, SNOWFLAKE_SAMPLE, SAMPLE_MOST);
	snowflake_bind(query,
	               text_format(job->mem, "%s.%s.%s",
	                           snowflake_quoted(job->mem, parts[0]),
	                           snowflake_quoted(job->mem, parts[1]),
	                           snowflake_quoted(job->mem, parts[2])));
	snowflake_run(job, query);
	return query;
}

/* Whether the owner lets searches look into the object's database. */
static bool is_allowed(struct job *job, const char *database)
{
	const char *names[CATALOGUE_DATABASES];
	size_t count = snowflake_names_read(
		job->mem, vendor_setting(job, "snowflake_databases"), names,
		CATALOGUE_DATABASES);

	if (text_same(vendor_setting(job, "snowflake_catalogue"), "no"))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (text_same(names[i], database))
			return true;
	}
	return count == 0;
}

struct step catalogue_fetch(struct job *job)
{
	struct notes *notes = arena_alloc(job->mem, sizeof(*notes));

	job->notes = notes;
	if (!catalogue_read_id(job->mem, job->id, &notes->object) ||
	    !is_allowed(job, notes->object.parts[0]))
		return DONE;
	if (notes->object.parts[2]) {
		notes->facts = ask_view(job, SNOWFLAKE_TABLE_FACTS, "TABLES");
		notes->parts =
			ask_view(job, SNOWFLAKE_TABLE_COLUMNS, "COLUMNS");
		notes->sample = ask_sample(job);
	} else if (notes->object.parts[1]) {
		notes->facts =
			ask_view(job, SNOWFLAKE_SCHEMA_FACTS, "SCHEMATA");
		notes->parts =
			ask_view(job, SNOWFLAKE_SCHEMA_OBJECTS, "TABLES");
	} else {
		notes->parts =
			ask_view(job, SNOWFLAKE_DATABASE_SCHEMAS, "SCHEMATA");
	}
	return snowflake_ask(job, read_object);
}

/* ---- the text ---- */

static void add_line(struct buffer *out, const char *name, const char *value)
{
	value = clean_line(out->mem, value, COMMENT_MOST);
	if (*value)
		buffer_format(out, "%s: %s\n", name, value);
}

static const char *name_of(struct job *job,
                           const struct catalogue_object *object)
{
	struct buffer name = { .mem = job->mem };

	for (size_t i = 0; i < 3 && object->parts[i]; i++)
		buffer_format(&name, "%s%s", i ? "." : "", object->parts[i]);
	return clean_line(job->mem, buffer_text(&name), SNOWFLAKE_LINE_MOST);
}

/* A time among the facts, as people write it. */
static const char *time_of(struct job *job, const struct snowflake_query *query,
                           const char *column)
{
	for (size_t c = 0; c < js_count(query->columns); c++) {
		json_object *type = js_item(query->columns, c);
		json_object *value = js_item(js_item(query->rows, 0), c);

		if (js_text(value) &&
		    text_same_ascii(js_text(js_get(type, "name")), column))
			return snowflake_value(job->mem, type, value,
			                       SNOWFLAKE_LINE_MOST);
	}
	return NULL;
}

static void add_facts(struct job *job, struct buffer *out)
{
	const struct snowflake_query *facts =
		((struct notes *)job->notes)->facts;

	if (!facts)
		return;
	add_line(out, "Comment", snowflake_cell(facts, 0, "comment"));
	add_line(out, "Rows", snowflake_cell(facts, 0, "row_count"));
	add_line(out, "Bytes", snowflake_cell(facts, 0, "bytes"));
	add_line(out, "Owner", snowflake_cell(facts, 0, "table_owner"));
	add_line(out, "Created", time_of(job, facts, "created"));
	add_line(out, "Changed", time_of(job, facts, "last_altered"));
}

/* "- MONTH DATE, not null: First day of the month" */
static void add_column(struct buffer *out, const struct snowflake_query *parts,
                       size_t i)
{
	struct arena *mem = out->mem;
	const char *comment = clean_line(
		mem, snowflake_cell(parts, i, "comment"), COMMENT_MOST);

	buffer_format(out, "- %s %s%s%s%s\n",
	              clean_line(mem, snowflake_cell(parts, i, "column_name"),
	                         NAME_MOST),
	              clean_line(mem, snowflake_cell(parts, i, "data_type"),
	                         NAME_MOST),
	              text_same(snowflake_cell(parts, i, "is_nullable"), "NO")
	                      ? ", not null"
	                      : "",
	              *comment ? ": " : "", comment);
}

/* "- REVENUE (table, 4 rows): Revenue per month" or "- MART: Clean tables" */
static void add_member(struct buffer *out, const struct snowflake_query *parts,
                       size_t i)
{
	struct arena *mem = out->mem;
	const char *name = snowflake_cell(parts, i, "table_name");
	const char *type = snowflake_cell(parts, i, "table_type");
	const char *rows = snowflake_cell(parts, i, "row_count");
	const char *comment = clean_line(
		mem, snowflake_cell(parts, i, "comment"), COMMENT_MOST);

	if (!name)
		name = snowflake_cell(parts, i, "schema_name");
	buffer_format(out, "- %s", clean_line(mem, name, NAME_MOST));
	if (type)
		buffer_format(out, " (%s%s%s%s)",
		              strstr(type, "VIEW") ? "view" : "table",
		              rows ? ", " : "",
		              rows ? clean_line(mem, rows, NAME_MOST) : "",
		              rows ? " rows" : "");
	buffer_format(out, "%s%s\n", *comment ? ": " : "", comment);
}

static void add_parts(struct job *job, struct buffer *out)
{
	const struct notes *notes = job->notes;
	const struct snowflake_query *parts = notes->parts;
	const char *what = notes->object.parts[2]   ? "Columns"
	                   : notes->object.parts[1] ? "Tables and views"
	                                            : "Schemas";

	buffer_format(out, "\n%s:\n", what);
	if (!parts->done)
		buffer_format(out, "[%s]\n", parts->help);
	for (size_t i = 0; i < js_count(parts->rows); i++) {
		if (notes->object.parts[2])
			add_column(out, parts, i);
		else
			add_member(out, parts, i);
	}
	if (parts->more || js_count(parts->rows) == LINES_MOST)
		buffer_format(out, "[Only the first %d are listed.]\n",
		              LINES_MOST);
}

static void add_sample(struct job *job, struct buffer *out)
{
	const struct snowflake_query *sample =
		((struct notes *)job->notes)->sample;

	if (!sample)
		return;
	buffer_add(out, "\nSome rows:\n");
	if (!sample->done)
		buffer_format(out, "[%s]\n", sample->help);
	else
		snowflake_table(out, sample->columns, sample->rows,
		                SAMPLE_MOST);
}

/* ---- the item ---- */

static json_object *metadata_of(struct job *job)
{
	const struct notes *notes = job->notes;
	json_object *metadata = js_object(job->mem);
	const char *time = notes->facts
	                           ? time_of(job, notes->facts, "last_altered")
	                           : NULL;

	js_put_text(metadata, "object", notes->object.kind);
	if (time)
		js_put_text(metadata, "time", time);
	return metadata;
}

static void make_item(struct job *job)
{
	const struct notes *notes = job->notes;
	const struct catalogue_object *object = &notes->object;
	struct buffer text = { .mem = job->mem };
	const char *name = name_of(job, object);

	job->item = arena_alloc(job->mem, sizeof(*job->item));
	buffer_format(&text, "%s %s\n",
	              text_same(object->kind, "database") ? "Database"
	              : text_same(object->kind, "schema") ? "Schema"
	              : text_same(object->kind, "view")   ? "View"
	                                                  : "Table",
	              name);
	add_facts(job, &text);
	add_parts(job, &text);
	add_sample(job, &text);
	*job->item = (struct item){
		.title = text_format(job->mem, "%s (%s)", name, object->kind),
		.text = buffer_text(&text),
		.url = catalogue_page(job, object),
		.metadata = metadata_of(job),
		.type = "text/plain",
	};
}

/* What says whether it is there at all. */
static struct step read_object(struct job *job)
{
	const struct notes *notes = job->notes;
	const struct snowflake_query *first =
		notes->facts ? notes->facts : notes->parts;

	if (first->gone ||
	    (first->done && notes->facts && js_count(first->rows) == 0))
		return DONE;
	if (!first->done) {
		job->coverage = first->coverage;
		job->help = first->help;
		return DONE;
	}
	make_item(job);
	return DONE;
}
