/* gatehouse grant list, end: which applications act for an account, and which at
 * one of its servers. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/commands.h"
#include "core/text.h"

static CAN_FAIL list(struct cli *cli)
{
	static const struct cli_column columns[] = {
		{ "ID", { "id" } },
		{ "APPLICATION", { "client_name" } },
		{ "SERVER", { "server", "name" } },
		{ "USER", { "user" } },
		{ "EXPIRES", { "expires_at" } },
		{ "LAST USED", { "last_used_at" } },
		{ 0 },
	};
	const char *named = cli_option(cli, "server"), *server;

	if (!named)
		return cli_print_list(cli, SQL_GRANT_LIST, NULL, columns);
	TRY(cli_server(cli, named, &server));
	return cli_print_list(cli, SQL_SERVER_GRANT_LIST, server, columns);
}

static CAN_FAIL end(struct cli *cli)
{
	const char *id = text_uuid(cli->mem, cli_option(cli, "id"));
	struct rows *rows;

	if (!id)
		return cli_usage(cli, "--id wants the id of a grant; see: "
		                      "gatehouse grant list");
	TRY(db_run(&cli->db, SQL_GRANT_END, &rows, id));
	if (rows_count(rows) == 0)
		return fault_told(cli->mem, FAULT_NO_GRANT,
		                  "Grant not found: %s", id);
	puts("ended");
	return NULL;
}

static const struct command_option list_options[] = {
	OPTION_USER,
	{ "server", "ID|NAME", false,
	  "what was granted at this MCP server; else what the account "
	  "granted" },
	{ "json", NULL, false, "print one JSON array" },
	{ 0 },
};

static const struct command_option end_options[] = {
	OPTION_USER,
	{ "id", "ID", true, "the grant to end" },
	{ 0 },
};

const struct command grant_list = {
	.words = "grant list",
	.help = "Lists the applications that act for an account",
	.needs = NEEDS_USER,
	.options = list_options,
	.run = list,
};
const struct command grant_end = {
	.words = "grant end",
	.help = "Ends a grant and its tokens at once",
	.needs = NEEDS_USER,
	.options = end_options,
	.run = end,
};
