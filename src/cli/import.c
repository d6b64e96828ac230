/* gatehouse import: takes over the accounts, sources and servers of a database
 * of the original. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/import_rows.h"
#include "core/arena.h"
#include "core/text.h"
#include "vault/vault.h"

enum {
	PAGE_ROWS = 200,
	PAGE_MS = 60000,
	PAGE_MEMORY = 64 << 20,
	TIME_MOST = 64,
	ID_MOST = 40,
};

static void close_pool(void *pool)
{
	pool_free(pool);
}

static void close_vault(void *vault)
{
	vault_close(vault);
}

static void close_arena(void *mem)
{
	arena_free(mem);
}

static struct db open_database(struct cli *cli, struct arena *mem,
                               const char *url)
{
	struct db db = {
		.pool = pool_new(config_libpq(cli->mem, url), 1,
		                 cli->config.statement_timeout_ms),
		.mem = mem,
		.request_id = random_hex(cli->mem, 16),
		.deadline = deadline_in(PAGE_MS),
		.watched = -1,
	};

	arena_defer(cli->mem, close_pool, db.pool);
	return db;
}

/* Which of the two it is that cannot be reached. */
static struct fault *named(struct fault *wrong, const char *told)
{
	if (wrong && wrong->kind == FAULT_NO_DATABASE)
		wrong->told = told;
	return wrong;
}

/* Looks before the first row whether all is there that every row needs. */
static CAN_FAIL check_both(struct import *import)
{
	enum { THERE, READABLE };
	struct rows *rows;
	struct fault *wrong;

	TRY(named(db_run(&import->from, SQL_IMPORT_TABLES, &rows),
	          "--from: this database cannot be reached."));
	if (!rows_true(rows, 0, THERE) || !rows_true(rows, 0, READABLE))
		return fault_told(import->mem, FAULT_BAD_INPUT,
		                  "--from: this role %s public.users, "
		                  "public.sources and public.mcp_servers",
		                  rows_true(rows, 0, THERE) ? "may not read"
		                                            : "does not see");
	wrong = named(db_run(&import->to, SQL_IMPORT_ALLOWED, &rows),
	              "--to: this database cannot be reached.");
	if (wrong && wrong->kind == FAULT_NO_DATABASE)
		return wrong;
	if (wrong || !rows_true(rows, 0, 0))
		return fault_told(import->mem, FAULT_BAD_INPUT,
		                  "--to: import needs the deployed schema and "
		                  "a superuser or a member of "
		                  "gatehouse_owner, not a program's role");
	return NULL;
}

static CAN_FAIL open_import(struct cli *cli, struct import *import)
{
	const char *to = cli_option(cli, "to");

	if (!to)
		to = cli->config.database_url;
	if (!to)
		return cli_usage(cli, "import needs --to URL or DATABASE_URL");
	if (!cli->config.seal_public_key_file)
		return fault_told(cli->mem, FAULT_BAD_SETTING,
		                  "GATEHOUSE_SEAL_PUBLIC_KEY_FILE is missing: "
		                  "credentials are sealed with it");
	TRY(vault_open(cli->mem, cli->config.seal_public_key_file, NULL,
	               &import->vault));
	arena_defer(cli->mem, close_vault, import->vault);
	import->mem = arena_new(PAGE_MEMORY);
	arena_defer(cli->mem, close_arena, import->mem);
	import->config = &cli->config;
	import->reassign = cli_option(cli, "reassign") != NULL;
	import->from = open_database(cli, import->mem, cli_option(cli, "from"));
	import->to = open_database(cli, import->mem, to);
	if (cli->config.pool)
		return config_pool(cli->mem, &cli->config, &import->pool);
	import->pool = arena_array(cli->mem, 1, sizeof(*import->pool));
	return NULL;
}

/* One of the three tables: how it is read, and where its rows end. */
struct table {
	const char *name;
	enum sql read;
	int created; /* the column pages go by, with the id in column 0 */
	struct fault *(*take)(struct import *import, const struct rows *rows,
	                      size_t row);
};

static const struct table tables[] = {
	{ "users", SQL_IMPORT_READ_USERS, 3, import_user },
	{ "sources", SQL_IMPORT_READ_SOURCES, 4, import_source },
	{ "servers", SQL_IMPORT_READ_SERVERS, 5, import_server },
};

/* Where a page ended, kept while its memory goes. */
struct place {
	char time[TIME_MOST];
	char id[ID_MOST];
};

/* A page of rows; read: set to their number. */
static CAN_FAIL take_page(struct import *import, const struct table *table,
                          struct place *after, size_t *read)
{
	struct rows *rows;

	arena_reset(import->mem);
	import->from.deadline = deadline_in(PAGE_MS);
	TRY(db_run(&import->from, table->read, &rows, after->time, after->id,
	           text_format(import->mem, "%d", PAGE_ROWS)));
	*read = rows_count(rows);
	for (size_t i = 0; i < *read; i++)
		TRY(table->take(import, rows, i));
	if (*read > 0) {
		snprintf(after->time, TIME_MOST, "%s",
		         rows_text(rows, *read - 1, table->created));
		snprintf(after->id, ID_MOST, "%s",
		         rows_text(rows, *read - 1, 0));
	}
	return NULL;
}

static CAN_FAIL take_table(struct import *import, const struct table *table,
                           long *refused)
{
	struct place after = { "-infinity",
		               "00000000-0000-0000-0000-000000000000" };
	size_t read = PAGE_ROWS;

	import->count = (struct import_count){ 0 };
	while (read == PAGE_ROWS)
		TRY(take_page(import, table, &after, &read));
	printf("%-8s %ld taken over, %ld there already, %ld not taken\n",
	       table->name, import->count.made, import->count.there,
	       import->count.refused);
	*refused += import->count.refused;
	return NULL;
}

static CAN_FAIL run(struct cli *cli)
{
	struct import import = { 0 };
	long refused = 0;

	TRY(open_import(cli, &import));
	TRY(check_both(&import));
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		TRY(take_table(&import, &tables[i], &refused));
	if (refused == 0 || cli_option(cli, "skip"))
		return NULL;
	return fault_told(cli->mem, FAULT_BAD_INPUT,
	                  "%ld rows were not taken over: see above. Put them "
	                  "right and run it again, or say --skip.",
	                  refused);
}

static const struct command_option options[] = {
	{ "from", "URL", true, "the original's database" },
	{ "to", "URL", false,
	  "ours, as its administrator; DATABASE_URL if not said" },
	{ "reassign", NULL, false,
	  "give a free domain to a server whose own cannot be used" },
	{ "skip", NULL, false, "succeed although rows were not taken over" },
	{ 0 },
};

const struct command import_command = {
	.words = "import",
	.help = "Takes over a database of the original server",
	.needs = NEEDS_SETTINGS,
	.options = options,
	.run = run,
};
