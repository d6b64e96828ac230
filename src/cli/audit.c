/* gatehouse audit export, trim: the audit log of everybody, as its operator has
 * it: with rights that no program that serves requests has. */
#include <stdio.h>
#include <string.h>

#include "cli/administrator.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "core/arena.h"
#include "core/moment.h"
#include "core/text.h"

enum {
	PAGE_ROWS = 1000,
	PAGE_MS = 60000,
	ID_MOST = 24,
	DAYS_MOST = 36500,
};

/* A time for a statement; NULL where the option was not given. */
static CAN_FAIL read_time(struct cli *cli, const char *name, const char **time)
{
	const char *text = cli_option(cli, name);
	time_t moment;

	*time = NULL;
	if (!text)
		return NULL;
	if (!moment_read(cli->mem, text, &moment))
		return cli_usage(cli,
		                 "--%s wants a day or a time, such as "
		                 "2026-01-31T12:00:00Z",
		                 name);
	*time = moment_text(cli->mem, moment);
	return NULL;
}

static CAN_FAIL export(struct cli *cli)
{
	enum { ID, JSON };
	char after[ID_MOST] = "0";
	const char *since, *until;
	struct rows *rows;
	struct db db;

	TRY(read_time(cli, "since", &since));
	TRY(read_time(cli, "until", &until));
	TRY(administrator_open(cli, PAGE_MS, &db));
	do {
		arena_reset(db.mem);
		db.deadline = deadline_in(PAGE_MS);
		TRY(db_run(&db, SQL_AUDIT_EXPORT, &rows, after,
		           cli_option(cli, "user"), since, until,
		           text_format(db.mem, "%d", PAGE_ROWS)));
		for (size_t i = 0; i < rows_count(rows); i++) {
			puts(rows_text(rows, i, JSON));
			snprintf(after, sizeof(after), "%s",
			         rows_text(rows, i, ID));
		}
	} while (rows_count(rows) == PAGE_ROWS);
	return NULL;
}

static CAN_FAIL trim(struct cli *cli)
{
	long days, gone = 0, part;
	struct rows *rows;
	struct db db;

	TRY(cli_number(cli, "days", 1, DAYS_MOST, cli->config.audit_days,
	               &days));
	TRY(administrator_open(cli, PAGE_MS, &db));
	do {
		arena_reset(db.mem);
		db.deadline = deadline_in(PAGE_MS);
		TRY(db_run(&db, SQL_AUDIT_TRIM, &rows,
		           text_format(db.mem, "%ld", days),
		           text_format(db.mem, "%d", PAGE_ROWS)));
		part = (long)rows_count(rows);
		gone += part;
	} while (part == PAGE_ROWS);
	printf("%ld rows older than %ld days are gone\n", gone, days);
	return NULL;
}

static const struct command_option export_options[] = {
	OPTION_DATABASE,
	{ "user", "EMAIL", false, "of this account alone" },
	{ "since", "TIME", false, "from this time on" },
	{ "until", "TIME", false, "before this time" },
	{ 0 },
};

static const struct command_option trim_options[] = {
	OPTION_DATABASE,
	{ "days", "N", false,
	  "keep so many days; GATEHOUSE_AUDIT_DAYS if not said" },
	{ 0 },
};

const struct command audit_export = {
	.words = "audit export",
	.help = "Prints the audit log, a JSON object a line",
	.needs = NEEDS_SETTINGS,
	.options = export_options,
	.run = export,
};
const struct command audit_trim = {
	.words = "audit trim",
	.help = "Forgets what is old in the audit log",
	.needs = NEEDS_SETTINGS,
	.options = trim_options,
	.run = trim,
};
