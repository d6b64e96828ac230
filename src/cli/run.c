#include "cli/run.h"

#include <assert.h>
#include <getopt.h>
#include <string.h>

#include "auth/email.h"
#include "cli/command.h"
#include "core/arena.h"
#include "core/deadline.h"
#include "core/text.h"
#include "vault/vault.h"

/* A command works for minutes at most, but for ingest, which sets its own. */
enum { DATABASE_MS = 60000, FIRST = 256 };

static int find_option(const struct command *command, const char *name)
{
	for (int i = 0; command->options[i].name; i++)
		if (text_same(command->options[i].name, name))
			return i;
	return -1;
}

const char *cli_option(const struct cli *cli, const char *name)
{
	int i = find_option(cli->command, name);

	assert(i >= 0);
	return cli->values[i];
}

struct fault *cli_number(struct cli *cli, const char *name, long least,
                         long most, long otherwise, long *number)
{
	const char *value = cli_option(cli, name);

	*number = otherwise;
	if (!value || text_number(value, least, most, number))
		return NULL;
	return cli_usage(cli, "--%s wants a whole number from %ld to %ld", name,
	                 least, most);
}

static CAN_FAIL check_options(struct cli *cli)
{
	const struct command *command = cli->command;

	for (int i = 0; command->options[i].name; i++) {
		const char *value = cli->values[i];

		if (!value && command->options[i].required)
			return cli_usage(cli, "%s needs --%s %s",
			                 command->words,
			                 command->options[i].name,
			                 command->options[i].value);
		if (value && !text_valid(value, strlen(value)))
			return cli_usage(cli, "--%s is not UTF-8 text",
			                 command->options[i].name);
	}
	if (cli->operand_count > 0 && !command->operands)
		return cli_usage(cli, "%s takes nothing like %s",
		                 command->words, cli->operands[0]);
	return NULL;
}

static CAN_FAIL read_options(struct cli *cli, int count, char **arguments)
{
	struct option longs[OPTIONS_MOST + 1] = { 0 };
	const struct command_option *options = cli->command->options;
	int got;

	for (int i = 0; options[i].name; i++) {
		assert(i < OPTIONS_MOST);
		longs[i] = (struct option){ options[i].name,
			                    options[i].value ? required_argument
			                                     : no_argument,
			                    NULL, FIRST + i };
	}
	optind = 1;
	while ((got = getopt_long(count, arguments, ":", longs, NULL)) != -1) {
		const char *last = arguments[optind - 1];

		if (got == ':')
			return cli_usage(cli, "%s wants a value", last);
		if (got < FIRST)
			return cli_usage(cli, "%s has no option %s",
			                 cli->command->words, last);
		if (cli->values[got - FIRST])
			return cli_usage(cli, "--%s is given twice",
			                 options[got - FIRST].name);
		cli->values[got - FIRST] = optarg ? optarg : "";
	}
	cli->operands = arguments + optind;
	cli->operand_count = count - optind;
	return check_options(cli);
}

static void close_pool(void *pool)
{
	pool_free(pool);
}

static void open_database(struct cli *cli)
{
	const struct config *config = &cli->config;
	const char *url = config->api_database_url ? config->api_database_url
	                                           : config->database_url;

	cli->db = (struct db){
		.pool = pool_new(config_libpq(cli->mem, url), 1,
		                 config->statement_timeout_ms),
		.mem = cli->mem,
		.request_id = random_hex(cli->mem, 16),
		.deadline = deadline_in(DATABASE_MS),
		.watched = -1,
	};
	arena_defer(cli->mem, close_pool, cli->db.pool);
}

/* Commands see what the account sees, and nothing else: the same row-level
 * security stands before them as before its requests. */
static CAN_FAIL find_user(struct cli *cli)
{
	enum { ID };
	struct email email;
	struct rows *rows;

	TRY(email_read(cli->mem, cli_option(cli, "user"), &email));
	TRY(db_run(&cli->db, SQL_USER_BY_EMAIL, &rows, email.key));
	if (rows_count(rows) == 0)
		return fault_told(cli->mem, FAULT_NO_USER,
		                  "There is no account %s.", email.shown);
	cli->db.tenant = text_copy(cli->mem, rows_text(rows, 0, ID));
	return NULL;
}

/* GATEHOUSE_API_DATABASE_URL will do where DATABASE_URL is not set: a command
 * needs no more rights than the api program has. */
static CAN_FAIL read_settings(struct cli *cli)
{
	TRY(config_read(cli->mem, FOR_NOBODY, &cli->config));
	if (cli->command->needs < NEEDS_DATABASE)
		return NULL;
	if (cli->config.api_database_url)
		return NULL;
	return config_read(cli->mem, FOR_COMMAND, &cli->config);
}

/* No log_open(): it makes standard error non-blocking, which is standard output
 * too in "gatehouse … 2>&1 | less", and a long list would break off. */
struct fault *command_run(struct arena *mem, const struct command *command,
                          int count, char **arguments)
{
	struct cli cli = { .mem = mem, .command = command };

	TRY(read_options(&cli, count, arguments));
	TRY(vault_start(mem));
	if (command->needs >= NEEDS_SETTINGS)
		TRY(read_settings(&cli));
	if (command->needs >= NEEDS_DATABASE)
		open_database(&cli);
	if (command->needs >= NEEDS_USER)
		TRY(find_user(&cli));
	return command->run(&cli);
}
