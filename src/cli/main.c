/* gatehouse: what an operator does from the command line. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/run.h"
#include "core/arena.h"
#include "core/text.h"

/* Every subcommand, in the order the help shows them. */
static const struct command *const commands[] = {
	&config_command, &doctor_command, &keys_create,    &user_create,
	&user_delete,    &source_list,    &server_list,    &token_create,
	&token_list,     &token_end,      &grant_list,     &grant_end,
	&audit_export,   &audit_trim,     &pin_add,        &pin_list,
	&pin_drop,       &ingest_command, &import_command, NULL,
};

enum { COMMAND_MEMORY = 64 << 20, USAGE_STATUS = 2 };

static void print_usage(FILE *to)
{
	fputs("usage: gatehouse COMMAND [OPTION...]\n\n", to);
	for (size_t i = 0; commands[i]; i++)
		fprintf(to, "  %-14s %s\n", commands[i]->words,
		        commands[i]->help);
	fputs("  help [COMMAND] what a command takes\n"
	      "  --version      which release this is\n\n"
	      "Settings come from the environment and from .env, or from the "
	      "file that\nGATEHOUSE_ENV_FILE names: see gatehouse config "
	      "--template.\n",
	      to);
}

static void print_help(const struct command *command, FILE *to)
{
	const struct command_option *option = command->options;

	fprintf(to, "usage: gatehouse %s", command->words);
	for (; option->name; option++)
		fprintf(to, " %s--%s%s%s%s", option->required ? "" : "[",
		        option->name, option->value ? " " : "",
		        option->value ? option->value : "",
		        option->required ? "" : "]");
	if (command->operands)
		fprintf(to, " %s", command->operands);
	fprintf(to, "\n\n%s.\n\n", command->help);
	for (option = command->options; option->name; option++)
		fprintf(to, "  --%s%s%-*s %s\n", option->name,
		        option->value ? " " : "",
		        (option->value ? 18 : 19) - (int)strlen(option->name),
		        option->value ? option->value : "", option->help);
}

/* How many of the arguments are the words of a command; 0 if it is another. */
static int words_match(const struct command *command, int count,
                       char *const *arguments)
{
	const char *words = command->words;
	int matched = 0;

	for (;; words++, matched++) {
		size_t size = strcspn(words, " ");

		if (matched == count || strlen(arguments[matched]) != size ||
		    strncmp(arguments[matched], words, size) != 0)
			return 0;
		words += size;
		if (!*words)
			return matched + 1;
	}
}

static const struct command *find(int count, char *const *arguments, int *words)
{
	for (size_t i = 0; commands[i]; i++) {
		*words = words_match(commands[i], count, arguments);
		if (*words)
			return commands[i];
	}
	return NULL;
}

/* Shows the commands that begin with a word that is no command by itself. */
static int unknown(const char *word)
{
	bool some = false;

	for (size_t i = 0; commands[i]; i++) {
		size_t size = strcspn(commands[i]->words, " ");

		if (strlen(word) != size ||
		    strncmp(commands[i]->words, word, size) != 0)
			continue;
		if (!some)
			fprintf(stderr, "gatehouse: %s what? One of:\n", word);
		fprintf(stderr, "  gatehouse %s\n", commands[i]->words);
		some = true;
	}
	if (!some)
		fprintf(stderr,
		        "gatehouse: there is no command %s; see: gatehouse "
		        "help\n",
		        word);
	return USAGE_STATUS;
}

static int help(int count, char *const *arguments)
{
	const struct command *command;
	int words;

	if (count == 0) {
		print_usage(stdout);
		return 0;
	}
	command = find(count, arguments, &words);
	if (!command)
		return unknown(arguments[0]);
	print_help(command, stdout);
	return 0;
}

/* The operator reads the log's note too: nobody else sees this terminal. */
static int failed(const struct command *command, const struct fault *fault)
{
	fprintf(stderr, "gatehouse: %s\n", fault->told);
	if (*fault->note)
		fprintf(stderr, "gatehouse: (%s)\n", fault->note);
	if (fault->kind == FAULT_BAD_SETTING)
		return EX_CONFIG;
	if (fault->kind != FAULT_BAD_REQUEST)
		return 1;
	fprintf(stderr, "see: gatehouse help %s\n", command->words);
	return USAGE_STATUS;
}

/* A result that did not reach its reader (a full disk) is no success. */
static int finished(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	fprintf(stderr, "gatehouse: writing the result failed: %m\n");
	return 1;
}

static bool asks_for_help(int count, char *const *arguments)
{
	return count > 0 && (text_same(arguments[count - 1], "--help") ||
	                     text_same(arguments[count - 1], "-h"));
}

int main(int count, char **arguments)
{
	const struct command *command;
	struct arena *mem;
	struct fault *fault;
	int words, status;

	if (count < 2) {
		print_usage(stderr);
		return USAGE_STATUS;
	}
	if (text_same(arguments[1], "--version")) {
		puts("gatehouse " PACKAGE_VERSION);
		return finished();
	}
	if (text_same(arguments[1], "help"))
		return help(count - 2, arguments + 2);
	if (text_same(arguments[1], "--help") || text_same(arguments[1], "-h"))
		return help(0, NULL);
	command = find(count - 1, arguments + 1, &words);
	if (!command)
		return unknown(arguments[1]);
	if (asks_for_help(count - 1 - words, arguments + 1 + words)) {
		print_help(command, stdout);
		return finished();
	}
	mem = arena_new(COMMAND_MEMORY);
	fault = command_run(mem, command, count - words, arguments + words);
	status = fault ? failed(command, fault) : finished();
	arena_free(mem);
	return status;
}
