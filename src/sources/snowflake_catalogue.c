#include "sources/snowflake_catalogue.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/clean.h"
#include "sources/snowflake.h"
#include "sources/snowflake_statements.h"
#include "sources/snowflake_value.h"
#include "sources/words.h"

enum {
	LIST_MOST = 200,
	OBJECTS_MOST = 100, /* of one database, as the statement has it */
	WORD_LEAST = 2,     /* characters */
	PLURAL_LEAST = 5,
};

/* ---- words ---- */

static bool is_about_catalogues(const char *word)
{
	static const char *const about[] = {
		"table",   "tables",    "view",     "views",
		"schema",  "schemas",   "database", "databases",
		"column",  "columns",   "data",     "catalogue",
		"catalog", "snowflake", "rows",     NULL,
	};

	return word_among(word, about);
}

/* "customers" finds CUSTOMER as well; "address" stays. */
static const char *singular(struct arena *mem, const char *word)
{
	size_t size = strlen(word);

	if (text_length(word) < PLURAL_LEAST || text_ends(word, "ss") ||
	    !(word[size - 1] == 's' || word[size - 1] == 'S'))
		return word;
	return text_copy_n(mem, word, size - 1);
}

size_t catalogue_words(struct arena *mem, const char *query, const char **words)
{
	const char *at = words_plain(mem, query);
	size_t count = 0;

	while (*at && count < CATALOGUE_WORDS) {
		const char *word;

		if (*at == ' ' || *at == '"') {
			at++;
			continue;
		}
		word = word_bare(mem, words_next(mem, &at));
		if (text_length(word) < WORD_LEAST || word_is_noise(word) ||
		    is_about_catalogues(word))
			continue;
		words[count++] = singular(mem, word);
	}
	return count;
}

/* ---- which databases ---- */

/* Snowflake's own, which are in every account. */
static bool is_systems(const char *database)
{
	return text_same(database, "SNOWFLAKE") ||
	       text_same(database, "SNOWFLAKE_SAMPLE_DATA");
}

static void add_database(struct catalogue *catalogue, const char *name)
{
	for (size_t i = 0; i < catalogue->database_count; i++) {
		if (text_same(catalogue->databases[i], name))
			return;
	}
	if (catalogue->database_count == CATALOGUE_DATABASES) {
		catalogue->more = true;
		return;
	}
	catalogue->databases[catalogue->database_count++] = name;
}

/* The setting's; 0 when all are meant. */
static size_t databases_set(struct job *job, const char **names, size_t most)
{
	return snowflake_names_read(job->mem,
	                            vendor_setting(job, "snowflake_databases"),
	                            names, most);
}

struct catalogue catalogue_begin(struct job *job)
{
	struct catalogue catalogue = { 0 };
	const char *names[CATALOGUE_DATABASES];
	size_t count;

	catalogue.word_count =
		catalogue_words(job->mem, job->query, catalogue.words);
	catalogue.off =
		catalogue.word_count == 0 ||
		text_same(vendor_setting(job, "snowflake_catalogue"), "no");
	if (catalogue.off)
		return catalogue;
	count = databases_set(job, names, CATALOGUE_DATABASES);
	for (size_t i = 0; i < count; i++)
		add_database(&catalogue, names[i]);
	if (count == 0) {
		catalogue.list =
			snowflake_query(job, SNOWFLAKE_DATABASES, LIST_MOST);
		snowflake_run(job, catalogue.list);
	}
	return catalogue;
}

void catalogue_look(struct job *job, struct catalogue *catalogue)
{
	struct arena *mem = job->mem;

	if (catalogue->off)
		return;
	for (size_t i = 0; catalogue->list && catalogue->list->done &&
	                   i < js_count(catalogue->list->rows);
	     i++) {
		const char *name = snowflake_cell(catalogue->list, i, "name");

		if (name && *name && !is_systems(name))
			add_database(catalogue, name);
	}
	for (size_t i = 0; i < catalogue->database_count; i++) {
		struct snowflake_query *query =
			snowflake_query(job, SNOWFLAKE_OBJECTS, OBJECTS_MOST);

		snowflake_bind(
			query,
			catalogue_view(mem, catalogue->databases[i], "TABLES"));
		snowflake_bind(query,
		               catalogue_view(mem, catalogue->databases[i],
		                              "SCHEMATA"));
		for (size_t w = 0; w < CATALOGUE_WORDS; w++)
			snowflake_bind(
				query,
				snowflake_pattern(
					mem,
					catalogue->words
						[w % catalogue->word_count]));
		snowflake_run(job, query);
		catalogue->objects[i] = query;
	}
}

/* ---- hits ---- */

struct found {
	struct result result;
	long points;
	size_t depth; /* of what is alike the larger whole comes first */
};

struct finds {
	struct found *found;
	size_t count;
	size_t most;
};

static long points_of(const struct catalogue *catalogue, const char *name,
                      const char *comment)
{
	long points = 0;
	size_t hits = 0;

	for (size_t i = 0; i < catalogue->word_count; i++) {
		const char *word = catalogue->words[i];
		long best = 0;

		if (strcasecmp(name, word) == 0)
			best = 6;
		else if (strcasestr(name, word))
			best = 4;
		else if (comment && strcasestr(comment, word))
			best = 1;
		points += best;
		hits += best > 0;
	}
	return hits == catalogue->word_count ? 2 * points : points;
}

static const char *title_of(struct job *job,
                            const struct catalogue_object *object)
{
	struct buffer title = { .mem = job->mem };

	for (size_t i = 0; i < 3 && object->parts[i]; i++)
		buffer_format(&title, "%s%s", i ? "." : "", object->parts[i]);
	buffer_format(&title, " (%s)", object->kind);
	return clean_line(job->mem, buffer_text(&title), SNOWFLAKE_LINE_MOST);
}

static void add_hit(struct job *job, const struct catalogue *catalogue,
                    struct finds *finds, const struct catalogue_object *object,
                    const char *comment, const char *time)
{
	size_t depth = object->parts[2] ? 2 : object->parts[1] ? 1 : 0;
	long points = points_of(catalogue, object->parts[depth], comment);

	if (points == 0 || finds->count == finds->most)
		return;
	finds->found[finds->count++] = (struct found){
		.points = points,
		.depth = depth,
		.result = {
			.native_id = catalogue_id(job->mem, object),
			.title = title_of(job, object),
			.url = catalogue_page(job, object),
			.snippet = clean_line(job->mem, comment,
		                              SNOWFLAKE_SNIPPET_MOST),
			.time = time,
		},
	};
}

static const char *kind_of(const char *type)
{
	if (text_same(type, "SCHEMA"))
		return "schema";
	return type && strstr(type, "VIEW") ? "view" : "table";
}

/* What of one database was found. */
static void add_objects(struct job *job, const struct catalogue *catalogue,
                        size_t number, struct finds *finds)
{
	enum { SCHEMA, NAME, TYPE, COMMENT, TIME };
	const struct snowflake_query *query = catalogue->objects[number];

	for (size_t i = 0; query && i < js_count(query->rows); i++) {
		json_object *row = js_item(query->rows, i);
		json_object *time = js_item(row, TIME);
		struct catalogue_object object = {
			.kind = kind_of(js_text(js_item(row, TYPE))),
			.parts = { catalogue->databases[number],
			           js_text(js_item(row, SCHEMA)),
			           js_text(js_item(row, NAME)) },
		};

		if (!object.parts[1] ||
		    !object.parts[2] != text_same(object.kind, "schema"))
			continue;
		add_hit(job, catalogue, finds, &object,
		        js_text(js_item(row, COMMENT)),
		        js_text(time)
		                ? snowflake_value(job->mem,
		                                  js_item(query->columns, TIME),
		                                  time, SNOWFLAKE_LINE_MOST)
		                : NULL);
	}
}

static const char *comment_of(const struct catalogue *catalogue,
                              const char *database)
{
	const struct snowflake_query *list = catalogue->list;

	for (size_t i = 0; list && i < js_count(list->rows); i++) {
		if (text_same(snowflake_cell(list, i, "name"), database))
			return snowflake_cell(list, i, "comment");
	}
	return NULL;
}

static int better(const void *one, const void *two)
{
	const struct found *a = one, *b = two;

	if (a->points != b->points)
		return a->points > b->points ? -1 : 1;
	if (a->depth != b->depth)
		return a->depth < b->depth ? -1 : 1;
	return strcmp(a->result.native_id, b->result.native_id);
}

size_t catalogue_hits(struct job *job, const struct catalogue *catalogue,
                      struct result **results)
{
	struct finds finds = {
		.most = (size_t)CATALOGUE_DATABASES * (OBJECTS_MOST + 1),
	};
	size_t count;

	*results = NULL;
	if (catalogue->off)
		return 0;
	finds.found = arena_array(job->mem, finds.most, sizeof(struct found));
	for (size_t i = 0; i < catalogue->database_count; i++) {
		struct catalogue_object object = {
			.kind = "database",
			.parts = { catalogue->databases[i] },
		};

		add_hit(job, catalogue, &finds, &object,
		        comment_of(catalogue, object.parts[0]), NULL);
		add_objects(job, catalogue, i, &finds);
	}
	qsort(finds.found, finds.count, sizeof(struct found), better);
	count = finds.count < job->limit ? finds.count : job->limit;
	*results = arena_array(job->mem, count + 1, sizeof(struct result));
	for (size_t i = 0; i < count; i++)
		(*results)[i] = finds.found[i].result;
	return count;
}

const char *catalogue_help(const struct catalogue *catalogue,
                           enum coverage *coverage)
{
	*coverage = COVERAGE_COMPLETE;
	if (catalogue->off)
		return NULL;
	if (catalogue->list && !catalogue->list->done) {
		*coverage = catalogue->list->coverage;
		return catalogue->list->help;
	}
	for (size_t i = 0; i < catalogue->database_count; i++) {
		const struct snowflake_query *query = catalogue->objects[i];

		/* A database that went meanwhile, or of whose catalogue the
		 * role sees nothing, is as if it were not there. */
		if (query && !query->done && !query->gone) {
			*coverage = query->coverage;
			return query->help;
		}
	}
	if (catalogue->more)
		return "The account has more databases than a search looks "
		       "into by name: only the first were; its owner can name "
		       "others in snowflake_databases.";
	return NULL;
}
