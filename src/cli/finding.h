/* What gatehouse doctor finds: one line each, for people or as JSON. */
#ifndef GATEHOUSE_CLI_FINDING_H
#define GATEHOUSE_CLI_FINDING_H

#include <stdbool.h>

#include "core/config.h"
#include "core/fault.h"
#include "db/db.h"

struct cli;

enum verdict { FINE, DOUBTFUL, WRONG };

/* One visit. */
struct doctor {
	struct cli *cli;
	struct config config; /* as the mcp program has it */
	struct db db;         /* as its administrator has it */
	bool database;        /* it answers */
	bool json;
	bool wrong; /* something is */
};

/* Tells one: of which check; about what, "" for the check itself; and, unless it
 * is fine, what to do. None of them holds a secret. */
void finding(struct doctor *doctor, enum verdict verdict, const char *check,
             const char *about, const char *said, const char *fix);

/* Looks at all sources that the command names: whether their settings are as
 * their kind declares them, their secrets open, and their vendor answers. Fault:
 * NO_DATABASE. */
CAN_FAIL doctor_sources(struct doctor *doctor);

#endif
