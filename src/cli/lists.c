/* gatehouse source list, server list: what an account has. */
#include "cli/command.h"
#include "cli/commands.h"

static CAN_FAIL list_sources(struct cli *cli)
{
	static const struct cli_column columns[] = {
		{ "ID", { "id" } },
		{ "TYPE", { "type" } },
		{ "NAME", { "source_metadata", "name" } },
		{ "CREATED", { "created_at" } },
		{ 0 },
	};

	return cli_print_list(cli, SQL_SOURCE_LIST, NULL, columns);
}

static CAN_FAIL list_servers(struct cli *cli)
{
	static const struct cli_column columns[] = {
		{ "ID", { "id" } },
		{ "NAME", { "name" } },
		{ "DOMAIN", { "endpoint" } },
		{ "SOURCES", { "source_ids" } },
		{ "CREATED", { "created_at" } },
		{ 0 },
	};

	return cli_print_list(cli, SQL_SERVER_LIST, NULL, columns);
}

static const struct command_option options[] = {
	OPTION_USER,
	{ "json", NULL, false, "print one JSON array" },
	{ 0 },
};

const struct command source_list = {
	.words = "source list",
	.help = "Lists an account's sources",
	.needs = NEEDS_USER,
	.options = options,
	.run = list_sources,
};
const struct command server_list = {
	.words = "server list",
	.help = "Lists an account's MCP servers and their domains",
	.needs = NEEDS_USER,
	.options = options,
	.run = list_servers,
};
