/* Start-up, the same for both FastCGI programs: the command line, settings,
 * log, keys and pool; then it serves. A setting that is wrong ends the program
 * with one line on standard error and EX_CONFIG (78), before any socket is
 * read. A database that is away does not: requests answer 503 until it is
 * back. */
#ifndef GATEHOUSE_WEB_START_H
#define GATEHOUSE_WEB_START_H

#include "core/config.h"
#include "core/fault.h"

struct app;

/* Runs a program from its arguments to its exit status.
 *
 * app: name, routes, kinds and answer are set; the rest is filled here, and
 * everything joins app->mem, which ends with the program.
 * rest: opens what only this program has (passwords, the outbound thread),
 * after all else is open; may be NULL.
 *
 * Arguments: --version, --check (reads the settings, and asks the database, if
 * it answers, whether this role could see past row-level security: TI-2), or
 * none to serve descriptor 0. */
int start(struct app *app, enum config_for program, int count, char **arguments,
          CAN_FAIL (*rest)(struct app *app));

/* Opens the outbound thread, for a `rest`; it ends with app->mem. As many
 * requests as there are threads may then wait for vendors, and a quarter more
 * threads are there for those that do not. Fault: as outbound_open(). */
CAN_FAIL start_outbound(struct app *app);

#endif
