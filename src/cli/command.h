/* The gatehouse command: what a subcommand is.
 *
 * A subcommand is one const table of this form in a file of its own, and one
 * line in main.c. From its options come the parsing, the errors and the help.
 * Results go to standard output, all else to standard error. */
#ifndef GATEHOUSE_CLI_COMMAND_H
#define GATEHOUSE_CLI_COMMAND_H

#include <stdbool.h>

#include "core/config.h"
#include "core/fault.h"
#include "db/db.h"

struct arena;

enum { OPTIONS_MOST = 16 };

struct command_option {
	const char *name;  /* "user", for --user */
	const char *value; /* what follows it in the help: "EMAIL"; NULL: a flag */
	bool required;
	const char *help;
};

/* What is ready when a command runs; each includes those before it. */
enum command_needs {
	NEEDS_NOTHING,
	NEEDS_SETTINGS, /* cli->config, whatever is missing in it */
	NEEDS_DATABASE, /* cli->db, with the api program's role */
	NEEDS_USER,     /* cli->db.tenant: the account of the option --user */
};

struct cli {
	struct arena *mem;
	struct config config;
	struct db db;
	const struct command *command;
	const char *values[OPTIONS_MOST]; /* in the order of command->options */
	char **operands;                  /* what follows the options; ends with NULL */
	int operand_count;
};

struct command {
	const char *words;    /* "token create" */
	const char *operands; /* "FOLDER", for the help; NULL: none are taken */
	const char *help;     /* one line, without a dot */
	enum command_needs needs;
	const struct command_option *options; /* ends with a row without a name */
	CAN_FAIL (*run)(struct cli *cli);
};

/* The option every command that acts for an account begins with. */
#define OPTION_USER { "user", "EMAIL", true, "the account to act for" }

/* The value of an option; NULL when it was not given. A flag that was given
 * has the value "". */
const char *cli_option(const struct cli *cli, const char *name);

/* A whole number; otherwise when it was not given. Fault: BAD_REQUEST. */
CAN_FAIL cli_number(struct cli *cli, const char *name, long least, long most,
                    long otherwise, long *number);

/* A mistake in how the command was called: told with a hint at its help, and
 * the command ends with status 2. */
#define cli_usage(cli, ...)                                                    \
	fault_told((cli)->mem, FAULT_BAD_REQUEST, __VA_ARGS__)

/* The id of a source or server of the tenant, named by its id or its name.
 * Faults: NO_SOURCE, NO_SERVER, BAD_INPUT (the name is not the only one). */
CAN_FAIL cli_source(struct cli *cli, const char *named, const char **id);
CAN_FAIL cli_server(struct cli *cli, const char *named, const char **id);

/* Prints a table: names, then each row of a JSON object by those members,
 * columns lined up; as one JSON array with the flag --json. */
struct cli_column {
	const char *title;
	const char *path[3]; /* of member names, ended by NULL */
};

/* Walks all pages of a list statement (limit, offset) or (id, limit, offset),
 * whose rows are JSON, and prints them. columns ends with a row without a
 * title. */
CAN_FAIL cli_print_list(struct cli *cli, enum sql statement, const char *id,
                        const struct cli_column *columns);

#endif
