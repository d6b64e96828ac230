/* A .env file: NAME=VALUE, one a line.
 *
 * Blank lines, comments (# first, or after a blank) and 'export ' are passed
 * over. A value stands bare, in '…' (as it is) or in "…" (where \" \\ \$ and \`
 * stand for the second character). Nothing is expanded: no variables, no
 * commands, no lines that go on. A line of another form is a fault, and so is
 * a name that comes twice. */
#ifndef GATEHOUSE_CORE_ENV_FILE_H
#define GATEHOUSE_CORE_ENV_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/fault.h"

struct arena;

struct env_line {
	const char *name;
	const char *value;
	long line; /* from 1 */
};

struct env_file {
	const char *path;
	struct env_line *lines; /* of the file's arena */
	size_t count;
	bool open_to_all; /* others than owner and group may read or write it */
};

/* Reads a whole file of at most 256 KiB. Fault: BAD_SETTING, told as a line
 * for standard error; it repeats no value. */
CAN_FAIL env_file_read(struct arena *mem, const char *path,
                       struct env_file *file);

/* The same for text that stands in memory. */
CAN_FAIL env_file_parse(struct arena *mem, const char *path, const char *text,
                        struct env_file *file);

/* The line of a name; NULL if it has none. */
const struct env_line *env_file_find(const struct env_file *file,
                                     const char *name);

#endif
