/* gatehouse doctor: looks at what a running Gatehouse needs, from the command
 * line of its host, and says of each thing whether it is well and what to do if
 * it is not. A new check is a row. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cli/administrator.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/finding.h"
#include "core/arena.h"
#include "core/json.h"
#include "core/text.h"
#include "vault/vault.h"

enum { DATABASE_MS = 10000, CLOCK_MOST = 5 };

void finding(struct doctor *doctor, enum verdict verdict, const char *check,
             const char *about, const char *said, const char *fix)
{
	static const char *const words[] = { "fine", "doubtful", "wrong" };
	json_object *line;

	if (verdict == WRONG)
		doctor->wrong = true;
	if (doctor->json) {
		line = js_object(doctor->cli->mem);
		js_put_text(line, "verdict", words[verdict]);
		js_put_text(line, "check", check);
		js_put_text(line, "about", about);
		js_put_text(line, "said", said);
		js_put_text(line, "fix", verdict == FINE ? "" : fix);
		puts(js_print(doctor->cli->mem, line));
	} else {
		printf("%-8s  %s%s%s: %s\n", words[verdict], check,
		       *about ? " " : "", about, said);
		if (verdict != FINE)
			printf("          %s\n", fix);
	}
	fflush(stdout);
}

/* ---- checks ---- */

static CAN_FAIL settings(struct doctor *doctor)
{
	static const struct {
		enum config_for program;
		const char *name;
	} programs[] = { { FOR_API, "api" }, { FOR_MCP, "mcp" } };

	for (size_t i = 0; i < 2; i++) {
		struct config config;
		struct fault *wrong = config_read(doctor->cli->mem,
		                                  programs[i].program, &config);

		if (wrong)
			finding(doctor, WRONG, "settings", programs[i].name,
			        wrong->told,
			        "Correct that line; gatehouse config checks it "
			        "again.");
		else
			finding(doctor, FINE, "settings", programs[i].name,
			        "this program would start with them", "");
	}
	return NULL;
}

static CAN_FAIL keys(struct doctor *doctor)
{
	const struct config *config = &doctor->config;
	const struct {
		const char *file, *name;
		bool private;
	} rows[] = {
		{ config->seal_public_key_file, "public", false },
		{ config->seal_private_key_file, "private", true },
	};

	for (size_t i = 0; i < 2; i++) {
		struct vault *vault = NULL;
		struct fault *wrong;

		if (!rows[i].file) {
			finding(doctor, DOUBTFUL, "keys", rows[i].name,
			        "no file is set here",
			        "Run this where the settings of that program "
			        "are, or make keys: gatehouse keys create");
			continue;
		}
		wrong = vault_open(
			doctor->cli->mem, rows[i].private ? NULL : rows[i].file,
			rows[i].private ? rows[i].file : NULL, &vault);
		if (wrong)
			finding(doctor, WRONG, "keys", rows[i].name,
			        wrong->told,
			        "Put the file back as gatehouse keys create "
			        "made it: nothing else opens what is sealed.");
		else
			finding(doctor, FINE, "keys", rows[i].name,
			        "the file is as it has to be", "");
		vault_close(vault);
	}
	return NULL;
}

static CAN_FAIL database(struct doctor *doctor)
{
	enum { SECONDS, SERVER, SCHEMA };
	struct fault *wrong =
		administrator_open(doctor->cli, DATABASE_MS, &doctor->db);
	struct rows *rows;
	long apart;

	if (!wrong)
		wrong = db_run(&doctor->db, SQL_DOCTOR_CLOCK, &rows);
	if (wrong) {
		finding(doctor, WRONG, "database", "",
		        wrong->kind == FAULT_BAD_INPUT ? wrong->told
		                                       : "it does not answer",
		        "Is Postgres up, and --database its address as a "
		        "superuser?");
		return NULL;
	}
	if (!rows_true(rows, 0, SCHEMA)) {
		finding(doctor, WRONG, "database", "",
		        "it has no schema of Gatehouse",
		        "Deploy it: sqitch deploy, as doc/install.md has it.");
		return NULL;
	}
	doctor->database = true;
	finding(doctor, FINE, "database", "",
	        text_format(doctor->cli->mem, "Postgres %s answers",
	                    rows_text(rows, 0, SERVER)),
	        "");
	apart = labs(rows_integer(rows, 0, SECONDS) - (long)time(NULL));
	if (apart > CLOCK_MOST)
		finding(doctor, WRONG, "clock", "",
		        text_format(doctor->cli->mem,
		                    "this host and the database are %ld "
		                    "seconds apart",
		                    apart),
		        "Let both follow the same time (chrony, "
		        "systemd-timesyncd): tokens end by it.");
	else
		finding(doctor, FINE, "clock", "",
		        "this host and the database agree", "");
	return NULL;
}

static CAN_FAIL pool(struct doctor *doctor)
{
	struct arena *mem = doctor->cli->mem;
	struct rows *rows;
	char **domains;
	size_t count = 0;
	long unused;

	if (!doctor->database || !doctor->config.pool)
		return NULL;
	if (config_pool(mem, &doctor->config, &domains)) {
		finding(doctor, WRONG, "pool", "", "it cannot be read",
		        "Correct MCP_GATEWAY_URL_POOLS.");
		return NULL;
	}
	while (domains[count])
		count++;
	TRY(db_run(&doctor->db, SQL_DOCTOR_DOMAINS, &rows,
	           db_array(mem, (const char *const *)domains, count)));
	unused = rows_integer(rows, 0, 0);
	finding(doctor, unused > 0 ? FINE : DOUBTFUL, "pool", "",
	        text_format(mem, "%ld of %zu gateway domains are unused",
	                    unused, count),
	        "No server can be made before another is deleted: add domains "
	        "to MCP_GATEWAY_URL_POOLS.");
	return NULL;
}

static const struct {
	CAN_FAIL (*look)(struct doctor *doctor);
} checks[] = {
	{ keys },
	{ database },
	{ pool },
	{ doctor_sources },
};

static CAN_FAIL run(struct cli *cli)
{
	struct doctor doctor = {
		.cli = cli,
		.json = cli_option(cli, "json"),
	};
	bool readable = !config_read(cli->mem, FOR_NOBODY, &cli->config);

	doctor.config = cli->config;
	TRY(settings(&doctor));
	for (size_t i = 0; readable && i < sizeof(checks) / sizeof(*checks);
	     i++)
		TRY(checks[i].look(&doctor));
	if (doctor.wrong)
		return fault_told(cli->mem, FAULT_BAD_INPUT,
		                  "something is wrong: see above");
	return NULL;
}

static const struct command_option options[] = {
	OPTION_DATABASE,
	{ "user", "EMAIL", false, "the sources of this account alone" },
	{ "source", "ID", false, "this source alone" },
	{ "offline", NULL, false, "ask no vendor" },
	{ "json", NULL, false, "print a JSON object a line" },
	{ 0 },
};

const struct command doctor_command = {
	.words = "doctor",
	.help = "Checks settings, keys, database, pool and every source",
	.needs = NEEDS_NOTHING,
	.options = options,
	.run = run,
};
