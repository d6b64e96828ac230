/* What the table of settings prints of itself. */
#include "core/config.h"

#include <string.h>

#include "core/arena.h"
#include "core/setting.h"
#include "core/text.h"

enum { WIDTH = 78 };

/* Prints text as comment lines of at most WIDTH columns. */
static void print_comment(FILE *to, const char *text)
{
	size_t column = 0;

	while (*text) {
		size_t size = strcspn(text, " ");

		if (column && column + 1 + size > WIDTH) {
			fputc('\n', to);
			column = 0;
		}
		column += (size_t)fprintf(to, "%s%.*s", column ? " " : "# ",
		                          (int)size, text);
		text += size + (text[size] == ' ');
	}
	fputc('\n', to);
}

static const char *range_of(struct arena *mem, const struct setting *row)
{
	if (row->type == SETTING_IS_NUMBER)
		return text_format(mem, "%ld to %ld", row->least, row->most);
	return row->type == SETTING_IS_SWITCH ? "yes or no" : "";
}

/* What it means, and what it may be. */
static const char *all_meaning(struct arena *mem, const struct setting *row)
{
	const char *range = range_of(mem, row);

	if (!*range)
		return row->meaning;
	return text_format(mem, "%s %s%s.", row->meaning,
	                   row->type == SETTING_IS_NUMBER ? "From " : "Say ",
	                   range);
}

void config_print(const struct config *config, FILE *to)
{
	struct arena *mem = arena_new(1 << 16);

	if (config->env_file)
		fprintf(to, "# read from %s and the environment\n",
		        config->env_file);
	for (const struct setting *row = settings; row->type; row++) {
		const char *value;

		if (!row->name)
			continue;
		value = setting_show(mem, row, config);
		if (!value)
			fprintf(to, "# %s is not set\n", row->name);
		else if (row->secret)
			fprintf(to, "%s=(secret)\n", row->name);
		else
			fprintf(to, "%s=%s\n", row->name, value);
	}
	arena_free(mem);
}

static void print_row(struct arena *mem, const struct setting *row, FILE *to)
{
	fputc('\n', to);
	print_comment(to, all_meaning(mem, row));
	fprintf(to, "%s%s=%s\n", row->needed ? "" : "#", row->name,
	        setting_default(mem, row));
}

void config_print_template(FILE *to)
{
	struct arena *mem = arena_new(1 << 16);

	fputs("# Settings of Gatehouse. Copy this to .env, run \"chmod 600 "
	      ".env\", and fill it\n"
	      "# in. What the environment sets goes before what stands here. "
	      "Lines that begin\n"
	      "# with # show the defaults.\n",
	      to);
	for (const struct setting *row = settings; row->type; row++)
		if (row->name)
			print_row(mem, row, to);
		else
			fprintf(to, "\n# ---- %s ----\n", row->meaning);
	arena_free(mem);
}

static const char *programs(struct arena *mem, unsigned needed)
{
	struct buffer names = { .mem = mem };

	if (needed & FOR_API)
		buffer_add(&names, "api");
	if (needed & FOR_MCP)
		buffer_add(&names, names.size ? ", mcp" : "mcp");
	if (needed & FOR_COMMAND)
		buffer_add(&names, names.size ? ", command" : "command");
	return buffer_text(&names);
}

void config_print_reference(FILE *to)
{
	struct arena *mem = arena_new(1 << 16);

	for (const struct setting *row = settings; row->type; row++) {
		const char *value;

		if (!row->name) {
			fprintf(to,
			        "\n### %s\n\n"
			        "| name | needed by | default | values | "
			        "meaning |\n|---|---|---|---|---|\n",
			        row->meaning);
			continue;
		}
		value = setting_default(mem, row);
		fprintf(to, "| `%s` | %s | %s | %s | %s%s |\n", row->name,
		        programs(mem, row->needed),
		        *value ? text_format(mem, "`%s`", value) : "",
		        range_of(mem, row), row->meaning,
		        row->secret ? " Secret." : "");
	}
	fputc('\n', to);
	arena_free(mem);
}

/* mdoc wants each sentence on a line of its own. */
static void print_sentences(FILE *to, const char *text)
{
	for (; *text; text++)
		fputc(text[0] == ' ' && text[-1] == '.' ? '\n' : *text, to);
	fputc('\n', to);
}

static void print_entry(struct arena *mem, const struct setting *row, FILE *to)
{
	const char *value = setting_default(mem, row);

	fprintf(to, ".It Ev %s\n", row->name);
	print_sentences(to, all_meaning(mem, row));
	if (*value)
		fprintf(to, "Default: %s.\n", value);
	if (row->needed)
		fprintf(to, "Needed by: %s.\n", programs(mem, row->needed));
}

void config_print_manual(FILE *to)
{
	struct arena *mem = arena_new(1 << 16);
	bool open = false;

	for (const struct setting *row = settings; row->type; row++)
		if (row->name) {
			print_entry(mem, row, to);
		} else {
			fprintf(to, "%s.Ss %s\n.Bl -tag -width Ds\n",
			        open ? ".El\n" : "", row->meaning);
			open = true;
		}
	if (open)
		fputs(".El\n", to);
	arena_free(mem);
}
