/* gatehouse import: one row of the original's database at a time. */
#ifndef GATEHOUSE_CLI_IMPORT_ROWS_H
#define GATEHOUSE_CLI_IMPORT_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/config.h"
#include "core/fault.h"
#include "db/db.h"

struct arena;
struct vault;

/* How many rows of a kind went which way. */
struct import_count {
	long made;    /* taken over now */
	long there;   /* by an earlier run; left as they are */
	long refused; /* could not be taken, each with a line that says why */
};

struct import {
	struct arena *mem; /* of the page of rows at hand */
	struct db from;    /* the original's database */
	struct db to;      /* ours; its tenant is the account of the row */
	struct vault *vault;
	const struct config *config;
	char **pool;   /* of gateway domains; ends with NULL */
	bool reassign; /* a server without a usable domain gets one of these */
	struct import_count count;
};

/* Takes a row of import_read_users, …_sources, …_servers over, counts it, and
 * tells on standard error what could not be taken; never a secret. Faults: the
 * database is away; all else is the row's own failure, and counted. */
CAN_FAIL import_user(struct import *import, const struct rows *rows,
                     size_t row);
CAN_FAIL import_source(struct import *import, const struct rows *rows,
                       size_t row);
CAN_FAIL import_server(struct import *import, const struct rows *rows,
                       size_t row);

#endif
