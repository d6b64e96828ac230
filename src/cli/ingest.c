/* gatehouse ingest: a folder of files made documents of a source. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/ingest_work.h"
#include "core/arena.h"
#include "core/deadline.h"
#include "core/json.h"
#include "core/text.h"
#include "sources/clean.h"
#include "sources/registry.h"
#include "sources/source.h"
#include "vault/vault.h"

enum {
	CONNECTIONS = 2,
	STATEMENT_MS = 60000, /* many documents in one */
	NAME_MOST = 255,
	URL_MOST = 1000,
	DROP_MOST = 1000,
	KNOWN_PAGE = 10000, /* as documents_known has it */
};

/* ---- into which source ---- */

/* Looks a source of type documents up by id or name; false if there is none. */
static CAN_FAIL find_source(struct cli *cli, const char *named,
                            struct ingest *ingest, bool *found)
{
	enum { ID, NAME, LANGUAGE };
	struct rows *rows;

	TRY(db_run(&cli->db, SQL_DOCUMENTS_SOURCE, &rows, named));
	*found = rows_count(rows) > 0;
	if (!*found)
		return NULL;
	ingest->source_id = rows_text(rows, 0, ID);
	ingest->language = rows_text(rows, 0, LANGUAGE);
	return NULL;
}

static CAN_FAIL create_source(struct cli *cli, const char *name)
{
	json_object *given = js_object(cli->mem), *kept, *secrets;

	js_put_text(given, "name", name);
	TRY(kind_check(&documents_kind, cli->mem, given, NULL, &kept,
	               &secrets));
	return db_run(
		&cli->db, SQL_SOURCE_CREATE, NULL, random_uuid(cli->mem),
		documents_kind.name, js_print(cli->mem, kept), "{}",
		text_format(cli->mem, "%ld", cli->config.sources_per_user));
}

static CAN_FAIL choose_source(struct cli *cli, struct ingest *ingest)
{
	const char *named = cli_option(cli, "source");
	const char *create = cli_option(cli, "create");
	bool found = false;

	if (!named == !create)
		return cli_usage(cli, "ingest needs either --source or "
		                      "--create");
	if (create && (!*create || text_length(create) > NAME_MOST))
		return cli_usage(cli, "--create wants a name");
	TRY(find_source(cli, named ? named : create, ingest, &found));
	if (!found && create) {
		TRY(create_source(cli, create));
		TRY(find_source(cli, create, ingest, &found));
	}
	if (!found)
		return fault_told(cli->mem, FAULT_NO_SOURCE,
		                  "This account has no source of type "
		                  "documents called %s: see gatehouse source "
		                  "list, or make one with --create.",
		                  named ? named : create);
	return NULL;
}

/* ---- what is there already ---- */

static int by_origin(const void *a, const void *b)
{
	return strcmp(((const struct ingest_known *)a)->origin,
	              ((const struct ingest_known *)b)->origin);
}

static void add_known(struct cli *cli, struct ingest *ingest,
                      const struct rows *rows)
{
	enum { ORIGIN, DIGEST };
	size_t count = rows_count(rows);
	struct ingest_known *all = arena_array(
		cli->mem, ingest->known_count + count + 1, sizeof(*all));

	if (ingest->known_count)
		memcpy(all, ingest->known, ingest->known_count * sizeof(*all));
	for (size_t i = 0; i < count; i++)
		all[ingest->known_count + i] =
			(struct ingest_known){ rows_text(rows, i, ORIGIN),
			                       rows_text(rows, i, DIGEST) };
	ingest->known = all;
	ingest->known_count += count;
}

/* Postgres sorts by its collation, we by bytes. */
static CAN_FAIL read_known(struct cli *cli, struct ingest *ingest)
{
	const char *after = "";
	struct rows *rows;

	do {
		TRY(db_run(&cli->db, SQL_DOCUMENTS_KNOWN, &rows,
		           ingest->source_id, after));
		add_known(cli, ingest, rows);
		if (rows_count(rows))
			after = rows_text(rows, rows_count(rows) - 1, 0);
	} while (rows_count(rows) == KNOWN_PAGE);
	qsort(ingest->known, ingest->known_count, sizeof(*ingest->known),
	      by_origin);
	return NULL;
}

/* ---- what is gone ---- */

static CAN_FAIL drop(struct cli *cli, const struct ingest *ingest,
                     const char *const *origins, size_t count, size_t *gone)
{
	struct rows *rows;

	if (!count)
		return NULL;
	TRY(db_run(&cli->db, SQL_DOCUMENTS_DROP, &rows, ingest->source_id,
	           db_array(cli->mem, origins, count)));
	*gone += rows_count(rows);
	return NULL;
}

/* Deletes documents whose files are not in the folder any more. A file that
 * is there but cannot be read today keeps its document. */
static CAN_FAIL drop_gone(struct cli *cli, const struct ingest *ingest,
                          size_t *gone)
{
	const char *origins[DROP_MOST];
	size_t count = 0;

	for (size_t i = 0; i < ingest->known_count; i++) {
		if (ingest_has(&ingest->files, ingest->known[i].origin))
			continue;
		origins[count++] = ingest->known[i].origin;
		if (count < DROP_MOST)
			continue;
		TRY(drop(cli, ingest, origins, count, gone));
		count = 0;
	}
	return drop(cli, ingest, origins, count, gone);
}

/* ---- the command ---- */

static void close_pool(void *pool)
{
	pool_free(pool);
}

/* The command's own connection answers within seconds; these work longer. */
static void open_pool(struct cli *cli, struct ingest *ingest)
{
	const char *url = cli->config.api_database_url
	                          ? cli->config.api_database_url
	                          : cli->config.database_url;

	ingest->db = cli->db;
	ingest->db.pool = pool_new(config_libpq(cli->mem, url), CONNECTIONS,
	                           STATEMENT_MS);
	arena_defer(cli->mem, close_pool, ingest->db.pool);
}

static CAN_FAIL read_folder(struct cli *cli, struct ingest *ingest)
{
	const char *base = cli_option(cli, "url-base");
	char *folder;
	size_t size;

	if (cli->operand_count != 1)
		return cli_usage(cli, "ingest wants one folder");
	if (base && !clean_url(cli->mem, base, URL_MOST))
		return cli_usage(cli, "--url-base wants an http or https URL");
	folder = text_copy(cli->mem, cli->operands[0]);
	size = strlen(folder);
	while (size > 1 && folder[size - 1] == '/')
		folder[--size] = '\0';
	ingest->folder = folder;
	ingest->url_base = base;
	return ingest_list(cli->mem, folder, &ingest->files);
}

static void close_list(void *list)
{
	fclose(list);
}

static CAN_FAIL open_list(struct cli *cli, struct ingest *ingest)
{
	const char *path = cli_option(cli, "skipped");

	if (!path)
		return NULL;
	ingest->list = fopen(path, "we");
	if (!ingest->list)
		return fault_told(cli->mem, FAULT_BAD_INPUT,
		                  "--skipped: %s cannot be written.", path);
	arena_defer(cli->mem, close_list, ingest->list);
	return NULL;
}

static CAN_FAIL run(struct cli *cli)
{
	struct ingest ingest = {
		.progress = { .what = "files",
		              .quiet = cli_option(cli, "quiet") },
	};
	int64_t started = clock_ms();
	size_t gone = 0;

	TRY(read_folder(cli, &ingest));
	TRY(open_list(cli, &ingest));
	TRY(choose_source(cli, &ingest));
	TRY(read_known(cli, &ingest));
	open_pool(cli, &ingest);
	TRY(ingest_work(&ingest, cli->mem));
	cli->db.deadline = deadline_in(STATEMENT_MS);
	if (cli_option(cli, "delete"))
		TRY(drop_gone(cli, &ingest, &gone));
	printf("source %s: %zu documents new or changed (%.1f MB), %zu "
	       "unchanged, %zu files skipped, %zu deleted, in %.1f s\n",
	       ingest.source_id, ingest.put, (double)ingest.bytes / 1e6,
	       ingest.unchanged, ingest.skipped, gone,
	       (double)(clock_ms() - started) / 1e3);
	return NULL;
}

static const struct command_option options[] = {
	OPTION_USER,
	{ "source", "ID", false,
	  "the source of type documents, by id or name" },
	{ "create", "NAME", false,
	  "the source of this name, made if there is none" },
	{ "url-base", "URL", false,
	  "where the folder can be read: becomes each document's url" },
	{ "delete", NULL, false, "delete documents whose files are gone" },
	{ "skipped", "FILE", false,
	  "where skipped files are listed, not on standard error" },
	{ "quiet", NULL, false, "no progress, and no word on skipped files" },
	{ 0 },
};

const struct command ingest_command = {
	.words = "ingest",
	.operands = "FOLDER",
	.help = "Indexes a folder's text, Markdown, HTML and .gz files",
	.needs = NEEDS_USER,
	.options = options,
	.run = run,
};
