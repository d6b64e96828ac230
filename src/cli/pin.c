/* gatehouse pin add, list, drop: copies of what others publish (metadata of
 * clients, keys) that are used instead of asking them. */
#include <stdio.h>

#include "cli/administrator.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "core/arena.h"
#include "core/json.h"
#include "core/text.h"
#include "oauth/published.h"

enum { WAIT_MS = 20000, FILE_MOST = PUBLISHED_KEYS_MOST };

static CAN_FAIL read_url(struct cli *cli, const char **url)
{
	*url = cli_option(cli, "url");
	if (published_url_fine(*url))
		return NULL;
	return cli_usage(cli, "--url wants an https address with a path, its "
	                      "host in lower case");
}

/* The JSON object in a file, printed again. */
static CAN_FAIL read_copy(struct cli *cli, const char *path, const char **copy)
{
	char *bytes = arena_alloc(cli->mem, FILE_MOST + 1);
	FILE *file = fopen(path, "re");
	json_object *tree;
	size_t size;

	if (!file)
		return fault_told(cli->mem, FAULT_BAD_INPUT,
		                  "%s: cannot be read", path);
	size = fread(bytes, 1, FILE_MOST + 1, file);
	fclose(file);
	if (size > FILE_MOST)
		return fault_told(cli->mem, FAULT_BAD_INPUT,
		                  "%s: more than %d bytes", path, FILE_MOST);
	if (js_parse(cli->mem, bytes, size, &tree) || !js_is_object(tree))
		return fault_told(cli->mem, FAULT_BAD_INPUT,
		                  "%s: this is no JSON object", path);
	*copy = js_print(cli->mem, tree);
	return NULL;
}

static CAN_FAIL add(struct cli *cli)
{
	const char *url, *copy;
	struct db db;

	if (cli->operand_count != 1)
		return cli_usage(cli, "name one file: what stands at the "
		                      "address");
	TRY(read_url(cli, &url));
	TRY(read_copy(cli, cli->operands[0], &copy));
	TRY(administrator_open(cli, WAIT_MS, &db));
	TRY(db_run(&db, SQL_PUBLISHED_PIN, NULL, url, copy));
	puts("pinned");
	return NULL;
}

static CAN_FAIL list(struct cli *cli)
{
	enum { URL, SINCE };
	struct rows *rows;
	struct db db;

	TRY(administrator_open(cli, WAIT_MS, &db));
	TRY(db_run(&db, SQL_PUBLISHED_PINS, &rows));
	for (size_t i = 0; i < rows_count(rows); i++)
		printf("%s  %s\n", rows_text(rows, i, SINCE),
		       rows_text(rows, i, URL));
	return NULL;
}

static CAN_FAIL drop(struct cli *cli)
{
	const char *url;
	struct rows *rows;
	struct db db;

	TRY(read_url(cli, &url));
	TRY(administrator_open(cli, WAIT_MS, &db));
	TRY(db_run(&db, SQL_PUBLISHED_UNPIN, &rows, url));
	if (rows_count(rows) == 0)
		return fault_told(cli->mem, FAULT_BAD_INPUT,
		                  "Nothing is pinned for %s", url);
	puts("dropped");
	return NULL;
}

static const struct command_option url_options[] = {
	OPTION_DATABASE,
	{ "url", "URL", true, "where others have it" },
	{ 0 },
};
static const struct command_option list_options[] = {
	OPTION_DATABASE,
	{ 0 },
};

const struct command pin_add = {
	.words = "pin add",
	.operands = "FILE",
	.help = "Uses a copy of what stands at an address, and asks it no more",
	.needs = NEEDS_SETTINGS,
	.options = url_options,
	.run = add,
};
const struct command pin_list = {
	.words = "pin list",
	.help = "Lists the addresses that copies are used for",
	.needs = NEEDS_SETTINGS,
	.options = list_options,
	.run = list,
};
const struct command pin_drop = {
	.words = "pin drop",
	.help = "Asks an address again",
	.needs = NEEDS_SETTINGS,
	.options = url_options,
	.run = drop,
};
