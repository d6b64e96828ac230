/* gatehouse token create, list, end: what an MCP client shows to a gateway. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/commands.h"
#include "core/text.h"
#include "vault/vault.h"

enum { NAME_MOST = 255, DAYS = 90, DAYS_MOST = 365, TOKEN_BYTES = 32 };

static CAN_FAIL create(struct cli *cli)
{
	const char *name = cli_option(cli, "name"), *server, *token;
	struct rows *rows;
	long days;

	TRY(cli_number(cli, "days", 1, DAYS_MOST, DAYS, &days));
	if (!*name || text_length(name) > NAME_MOST)
		return cli_usage(cli, "--name wants 1 to %d characters",
		                 NAME_MOST);
	TRY(cli_server(cli, cli_option(cli, "server"), &server));
	/* The prefix is for those who scan for leaked secrets. */
	token = text_format(cli->mem, "ght_%s",
	                    random_token(cli->mem, TOKEN_BYTES));
	TRY(db_run(
		&cli->db, SQL_TOKEN_CREATE, &rows, random_uuid(cli->mem),
		server, name, digest_hex(cli->mem, token),
		text_format(cli->mem, "%ld", days),
		text_format(cli->mem, "%ld", cli->config.tokens_per_server)));
	if (rows_count(rows) == 0)
		return fault(cli->mem, FAULT_NO_SERVER, "it has just gone");
	/* Alone on standard output, so that a script can take it. */
	puts(token);
	fputs("gatehouse: this token is shown once and stored nowhere\n",
	      stderr);
	return NULL;
}

static CAN_FAIL list(struct cli *cli)
{
	static const struct cli_column columns[] = {
		{ "ID", { "id" } },
		{ "NAME", { "name" } },
		{ "EXPIRES", { "expires_at" } },
		{ "LAST USED", { "last_used_at" } },
		{ 0 },
	};
	const char *server;

	TRY(cli_server(cli, cli_option(cli, "server"), &server));
	return cli_print_list(cli, SQL_TOKEN_LIST, server, columns);
}

static CAN_FAIL end(struct cli *cli)
{
	const char *id = text_uuid(cli->mem, cli_option(cli, "id")), *server;
	struct rows *rows;

	if (!id)
		return cli_usage(cli, "--id wants the id of a token; see: "
		                      "gatehouse token list");
	TRY(cli_server(cli, cli_option(cli, "server"), &server));
	TRY(db_run(&cli->db, SQL_TOKEN_END, &rows, server, id));
	if (rows_count(rows) == 0)
		return fault_told(cli->mem, FAULT_NO_ACCESS_TOKEN,
		                  "Token not found: %s", id);
	puts("ended");
	return NULL;
}

#define OPTION_SERVER                                                     \
	{                                                                 \
		"server", "ID|NAME", true, "the MCP server it belongs to" \
	}

static const struct command_option create_options[] = {
	OPTION_USER,
	OPTION_SERVER,
	{ "name", "NAME", true, "what to call it: the client that gets it" },
	{ "days", "N", false, "how long it lives: 1 to 365, else 90" },
	{ 0 },
};

static const struct command_option list_options[] = {
	OPTION_USER,
	OPTION_SERVER,
	{ "json", NULL, false, "print one JSON array" },
	{ 0 },
};

static const struct command_option end_options[] = {
	OPTION_USER,
	OPTION_SERVER,
	{ "id", "ID", true, "the token to end" },
	{ 0 },
};

const struct command token_create = {
	.words = "token create",
	.help = "Makes an access token for an MCP server and prints it, once",
	.needs = NEEDS_USER,
	.options = create_options,
	.run = create,
};
const struct command token_list = {
	.words = "token list",
	.help = "Lists the live access tokens of an MCP server",
	.needs = NEEDS_USER,
	.options = list_options,
	.run = list,
};
const struct command token_end = {
	.words = "token end",
	.help = "Ends an access token at once",
	.needs = NEEDS_USER,
	.options = end_options,
	.run = end,
};
