/* gatehouse keys create: the pair that vendor credentials are sealed with. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/commands.h"
#include "vault/vault.h"

static CAN_FAIL run(struct cli *cli)
{
	const char *public_file = cli_option(cli, "public");
	const char *private_file = cli_option(cli, "private");

	TRY(vault_create(cli->mem, public_file, private_file));
	printf("%s: for the api program, which seals with it\n"
	       "%s: for the mcp program alone, which opens with it; keep a "
	       "copy in a safe place\n",
	       public_file, private_file);
	return NULL;
}

static const struct command_option options[] = {
	{ "public", "FILE", true, "where the public key goes" },
	{ "private", "FILE", true, "where the private key goes" },
	{ 0 },
};

const struct command keys_create = {
	.words = "keys create",
	.help = "Makes the keys that vendor credentials are sealed with",
	.needs = NEEDS_NOTHING,
	.options = options,
	.run = run,
};
