#include "mcp/items.h"

#include <string.h>

#include "auth/challenge.h"
#include "auth/principal.h"
#include "core/arena.h"
#include "core/text.h"
#include "db/db.h"
#include "mcp/completion.h"
#include "mcp/resources.h"
#include "mcp/turn.h"
#include "search/search.h"
#include "sources/source.h"
#include "web/request.h"

/* Several clients read the first page of a list only. */
enum { PAGE = 200 };

#define KIND "documents"

CAN_FAIL item_read(struct turn *turn, const char *id, json_object *content)
{
	json_object *answer = NULL;
	struct fault *wrong;

	TRY(scope_check(turn->req, "fetch"));
	wrong = search_fetch(turn->req, id, &answer);
	if (wrong && wrong->kind == FAULT_NO_ITEM)
		return turn_no_resource(turn, js_text(js_get(content, "uri")));
	TRY(wrong);
	js_put(content, "text", js_get(answer, "text"));
	return NULL;
}

static const char *item_id(struct turn *turn, const char *source,
                           const char *document)
{
	return text_format(turn->mem, KIND "::%s::%s", source, document);
}

/* The server's sources that keep documents, as a uuid[]; none for a token that
 * may not search. */
static const char *source_ids(struct turn *turn)
{
	struct source_list list = sources_of(turn->req);
	const char **ids = arena_array(turn->mem, list.count + 1, sizeof(*ids));
	size_t count = 0;

	if (scope_check(turn->req, "search"))
		list.count = 0;
	for (size_t i = 0; i < list.count; i++) {
		if (text_same(list.sources[i].kind->name, KIND))
			ids[count++] = list.sources[i].id;
	}
	return db_array(turn->mem, ids, count);
}

/* ---- listing ---- */

/* Columns of documents_of_server. */
enum { LISTED_ID, LISTED_SOURCE, LISTED_TITLE, LISTED_SIZE, LISTED_TIME };

static void put_item(struct turn *turn, const struct rows *rows, size_t row,
                     json_object *tree)
{
	const char *id = item_id(turn, rows_text(rows, row, LISTED_SOURCE),
	                         rows_text(rows, row, LISTED_ID));
	const char *title =
		text_visible(turn->mem, rows_text(rows, row, LISTED_TITLE));

	js_put_text(tree, "uri", item_uri(turn->mem, id));
	js_put_text(tree, "name", title);
	js_put_text(tree, "title", title);
	js_put_text(tree, "mimeType", "text/plain");
	js_put_integer(tree, "size", rows_integer(rows, row, LISTED_SIZE));
	js_put_text(js_put_object(tree, "annotations"), "lastModified",
	            rows_text(rows, row, LISTED_TIME));
}

CAN_FAIL items_list(struct turn *turn, const char *after, json_object *array,
                    const char **next)
{
	const char *limit = text_format(turn->mem, "%d", PAGE + 1);
	struct rows *rows = NULL;

	TRY(db_run(&turn->req->db, SQL_DOCUMENTS_OF_SERVER, &rows,
	           source_ids(turn), after, limit));
	for (size_t i = 0; i < rows_count(rows) && i < PAGE; i++)
		put_item(turn, rows, i, js_add_object(array));
	if (rows_count(rows) > PAGE)
		*next = rows_text(rows, PAGE - 1, LISTED_ID);
	return NULL;
}

/* ---- suggesting ---- */

/* Columns of documents_titled. */
enum { TITLED_ID, TITLED_SOURCE, TITLED_TITLE };

static CAN_FAIL titled(struct turn *turn, const char *start, struct rows **rows)
{
	const char *limit = text_format(turn->mem, "%d", COMPLETIONS_MOST);

	return db_run(&turn->req->db, SQL_DOCUMENTS_TITLED, rows,
	              source_ids(turn), start, limit);
}

CAN_FAIL item_complete(struct turn *turn, const char *argument,
                       const char *value, json_object *values)
{
	struct rows *rows = NULL;

	(void)argument;
	TRY(titled(turn, value, &rows));
	for (size_t i = 0; i < rows_count(rows); i++)
		js_add_text(values,
		            item_id(turn, rows_text(rows, i, TITLED_SOURCE),
		                    rows_text(rows, i, TITLED_ID)));
	return NULL;
}

CAN_FAIL title_complete(struct turn *turn, const char *argument,
                        const char *value, json_object *values)
{
	struct rows *rows = NULL;

	(void)argument;
	TRY(titled(turn, value, &rows));
	for (size_t i = 0; i < rows_count(rows); i++)
		js_add_text(values,
		            text_visible(turn->mem,
		                         rows_text(rows, i, TITLED_TITLE)));
	return NULL;
}

CAN_FAIL source_complete(struct turn *turn, const char *argument,
                         const char *value, json_object *values)
{
	struct source_list list = sources_of(turn->req);
	const char *start = text_lower(turn->mem, value);

	(void)argument;
	for (size_t i = 0; i < list.count; i++) {
		const char *name = list.sources[i].name;

		if (text_starts(text_lower(turn->mem, name), start))
			js_add_text(values, name);
	}
	return NULL;
}
