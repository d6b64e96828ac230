/* gatehouse user create, user delete: accounts, where sign-up is closed or a
 * person is gone. */
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "auth/email.h"
#include "auth/password.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "core/arena.h"
#include "core/text.h"
#include "vault/vault.h"

enum { LINE_MOST = 2048 };

/* Reads a line from standard input; a terminal does not show it. Passwords
 * never come as arguments: other users of the machine see those. */
static CAN_FAIL read_password(struct cli *cli, const char **password)
{
	char *line = arena_alloc(cli->mem, LINE_MOST);
	struct termios shown, hidden;
	bool terminal = tcgetattr(STDIN_FILENO, &shown) == 0;
	bool got;

	if (terminal) {
		hidden = shown;
		hidden.c_lflag &= ~(tcflag_t)ECHO;
		fputs("password: ", stderr);
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	}
	got = fgets(line, LINE_MOST, stdin);
	if (terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
		fputc('\n', stderr);
	}
	line[strcspn(line, "\r\n")] = '\0';
	if (!got || !text_valid(line, strlen(line)))
		return fault_told(cli->mem, FAULT_BAD_INPUT,
		                  "Give the password as one line on standard "
		                  "input.");
	*password = line;
	return NULL;
}

static void close_passwords(void *passwords)
{
	passwords_close(passwords);
}

static CAN_FAIL hash_password(struct cli *cli, const char **hash)
{
	struct passwords *passwords;
	const char *password = "";

	TRY(passwords_open(cli->mem, cli->config.password_hash, 1, &passwords));
	arena_defer(cli->mem, close_passwords, passwords);
	TRY(read_password(cli, &password));
	TRY(password_rules(passwords, cli->mem, password));
	return password_hash(passwords, cli->mem, cli->db.deadline, password,
	                     hash);
}

static CAN_FAIL create(struct cli *cli)
{
	enum { ID, EMAIL };
	struct email email;
	struct fault *wrong;
	struct rows *rows;
	const char *hash;

	TRY(email_read(cli->mem, cli_option(cli, "email"), &email));
	TRY(hash_password(cli, &hash));
	cli->db.tenant = random_uuid(cli->mem);
	wrong = db_run(&cli->db, SQL_USER_CREATE, &rows, cli->db.tenant,
	               email.shown, email.key, hash);
	if (wrong && wrong->kind == FAULT_CONFLICT)
		return fault_told(cli->mem, FAULT_EMAIL_TAKEN, "%s: %s",
		                  fault_row(FAULT_EMAIL_TAKEN)->told,
		                  email.shown);
	TRY(wrong);
	printf("%s  %s\n", rows_text(rows, 0, ID), rows_text(rows, 0, EMAIL));
	return NULL;
}

static CAN_FAIL delete (struct cli *cli)
{
	if (!cli_option(cli, "yes"))
		return cli_usage(cli,
		                 "this ends the account's sessions, tokens "
		                 "and servers; add --yes");
	TRY(db_run(&cli->db, SQL_USER_DELETE, NULL));
	printf("deleted\n");
	return NULL;
}

static const struct command_option create_options[] = {
	{ "email", "EMAIL", true, "the address to sign in with" },
	{ 0 },
};

static const struct command_option delete_options[] = {
	OPTION_USER,
	{ "yes", NULL, false, "really do it" },
	{ 0 },
};

const struct command user_create = {
	.words = "user create",
	.help = "Makes an account; reads its password from standard input",
	.needs = NEEDS_DATABASE,
	.options = create_options,
	.run = create,
};
const struct command user_delete = {
	.words = "user delete",
	.help = "Deletes an account and ends all it has",
	.needs = NEEDS_USER,
	.options = delete_options,
	.run = delete,
};
