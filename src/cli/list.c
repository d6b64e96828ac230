/* Lists of rows that the database delivers as JSON: printing them, and finding
 * the one that is named. */
#include "cli/command.h"

#include <stdio.h>
#include <string.h>

#include "core/arena.h"
#include "core/json.h"
#include "core/text.h"

enum { PAGE = 100, COLUMNS_MOST = 8 };

/* One page of a list; rows: set to a JSON array of mem. */
static CAN_FAIL read_page(struct cli *cli, enum sql statement, const char *id,
                          long offset, json_object **page)
{
	const char *limit = text_format(cli->mem, "%d", PAGE);
	const char *from = text_format(cli->mem, "%ld", offset);
	struct rows *rows;

	if (id)
		TRY(db_run(&cli->db, statement, &rows, id, limit, from));
	else
		TRY(db_run(&cli->db, statement, &rows, limit, from));
	*page = js_array(cli->mem);
	for (size_t i = 0; i < rows_count(rows); i++)
		js_add(*page, js_literal(cli->mem, rows_text(rows, i, 0)));
	return NULL;
}

static CAN_FAIL read_all(struct cli *cli, enum sql statement, const char *id,
                         json_object **all)
{
	json_object *page;

	*all = js_array(cli->mem);
	do {
		TRY(read_page(cli, statement, id, (long)js_count(*all), &page));
		for (size_t i = 0; i < js_count(page); i++)
			js_add(*all, js_item(page, i));
	} while (js_count(page) == PAGE);
	return NULL;
}

/* A cell as a terminal may show it: names come from accounts. */
static const char *cell(struct arena *mem, json_object *row,
                        const struct cli_column *column)
{
	json_object *value = row;

	for (int i = 0; column->path[i]; i++)
		value = js_get(value, column->path[i]);
	if (js_is_null(value))
		return "-";
	if (js_is_array(value))
		return text_format(mem, "%zu", js_count(value));
	if (!js_is_text(value))
		return js_print(mem, value);
	return text_fold(mem, text_visible(mem, js_text(value)));
}

/* printf pads by bytes; columns are lined up by characters. */
static void print_padded(const char *text, size_t width)
{
	size_t length = text_length(text);

	printf("%s%*s", text, (int)(length < width ? width - length : 0), "");
}

static void print_table(struct arena *mem, json_object *all,
                        const struct cli_column *columns)
{
	size_t widths[COLUMNS_MOST] = { 0 };

	for (size_t c = 0; columns[c].title; c++) {
		widths[c] = text_length(columns[c].title);
		for (size_t i = 0; i < js_count(all); i++) {
			size_t width = text_length(
				cell(mem, js_item(all, i), &columns[c]));

			if (width > widths[c])
				widths[c] = width;
		}
	}
	for (size_t i = 0; i <= js_count(all); i++)
		for (size_t c = 0; columns[c].title; c++) {
			bool last = !columns[c + 1].title;

			print_padded(
				i ? cell(mem, js_item(all, i - 1), &columns[c])
				  : columns[c].title,
				last ? 0 : widths[c] + 2);
			if (last)
				putchar('\n');
		}
}

struct fault *cli_print_list(struct cli *cli, enum sql statement,
                             const char *id, const struct cli_column *columns)
{
	json_object *all;

	TRY(read_all(cli, statement, id, &all));
	if (cli_option(cli, "json"))
		puts(js_print(cli->mem, all));
	else
		print_table(cli->mem, all, columns);
	return NULL;
}

/* What a person calls a row: a server's name, a source's metadata's. */
static const char *name_of(json_object *row)
{
	const char *name = js_text(js_get(row, "name"));

	return name ? name : js_text(js_get(row, "source_metadata", "name"));
}

static CAN_FAIL find(struct cli *cli, enum sql statement, enum fault_kind none,
                     const char *named, const char **id)
{
	const char *uuid = text_uuid(cli->mem, named);
	json_object *all;

	*id = NULL;
	TRY(read_all(cli, statement, NULL, &all));
	for (size_t i = 0; i < js_count(all); i++) {
		json_object *row = js_item(all, i);
		const char *row_id = js_text(js_get(row, "id"));

		if (text_same(row_id, uuid)) {
			*id = row_id;
			return NULL;
		}
		if (!text_same(name_of(row), named))
			continue;
		if (*id)
			return fault_told(cli->mem, FAULT_BAD_INPUT,
			                  "More than one is called %s: give "
			                  "the id instead.",
			                  named);
		*id = row_id;
	}
	if (*id)
		return NULL;
	return fault_told(cli->mem, none, "%s: %s", fault_row(none)->told,
	                  named);
}

struct fault *cli_source(struct cli *cli, const char *named, const char **id)
{
	return find(cli, SQL_SOURCE_LIST, FAULT_NO_SOURCE, named, id);
}

struct fault *cli_server(struct cli *cli, const char *named, const char **id)
{
	return find(cli, SQL_SERVER_LIST, FAULT_NO_SERVER, named, id);
}
