/* gatehouse config: what is in force; and the table of settings, printed for
 * those who write settings down. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/commands.h"

/* The table prints even where the settings are wrong: it says what is right. */
static CAN_FAIL run(struct cli *cli)
{
	if (cli_option(cli, "template")) {
		config_print_template(stdout);
	} else if (cli_option(cli, "reference")) {
		config_print_reference(stdout);
	} else if (cli_option(cli, "manual")) {
		config_print_manual(stdout);
	} else {
		TRY(config_read(cli->mem, FOR_NOBODY, &cli->config));
		config_print(&cli->config, stdout);
	}
	return NULL;
}

static const struct command_option options[] = {
	{ "template", NULL, false, "print .env.template instead" },
	{ "reference", NULL, false, "print them as Markdown tables" },
	{ "manual", NULL, false, "print them as a manual page has them" },
	{ 0 },
};

const struct command config_command = {
	.words = "config",
	.help = "Checks the settings and prints what is in force, without "
		"secrets",
	.needs = NEEDS_NOTHING,
	.options = options,
	.run = run,
};
