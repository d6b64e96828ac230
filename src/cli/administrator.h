/* The database as its administrator has it: for what belongs to everybody, and
 * for what no program that serves requests may do. */
#ifndef GATEHOUSE_CLI_ADMINISTRATOR_H
#define GATEHOUSE_CLI_ADMINISTRATOR_H

#include "core/fault.h"

struct cli;
struct db;

/* The option that such a command begins with. */
#define OPTION_DATABASE                                                 \
	{                                                               \
		"database", "URL", true,                                \
			"ours, as its administrator: a program's role " \
			"sees no row"                                   \
	}

/* Connects as --database says. db: set, with memory of its own for a page, which
 * the caller empties, and a deadline of so many milliseconds, which it renews;
 * it ends with the command. Faults: BAD_INPUT (a role that does not see
 * everything), NO_DATABASE. */
CAN_FAIL administrator_open(struct cli *cli, long milliseconds, struct db *db);

#endif
