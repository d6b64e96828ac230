/* One statement of sql/statements/, as the table in statements.c has it. */
#ifndef GATEHOUSE_DB_STATEMENT_H
#define GATEHOUSE_DB_STATEMENT_H

#include <stdbool.h>

#include "db/statements.h"

struct statement {
	const char *name;
	int parameters;
	bool tenant; /* runs in a transaction as the asking tenant */
	bool again;  /* safe to repeat after a lost connection */
	const char *sql;
};

extern const struct statement statements[SQL_STATEMENTS + 1];

#endif
