#include "core/env_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/text.h"

enum { FILE_MOST = 256 * 1024 };

#define WRONG(mem, path, line, what) \
	fault_told(mem, FAULT_BAD_SETTING, "%s line %ld: %s", path, line, what)

static bool in_name(char c, bool first)
{
	return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (!first && c >= '0' && c <= '9');
}

static const char *skip_blanks(const char *at)
{
	return at + strspn(at, " \t");
}

/* Takes "…" or '…' apart. at: at the opening quote, then after the closing
 * one; NULL when there is none. */
static char *quoted(struct arena *mem, const char **at)
{
	const char *from = *at + 1;
	char quote = **at;
	char *value = arena_alloc(mem, strlen(from) + 1);
	char *to = value;

	for (; *from && *from != quote; from++) {
		if (quote == '"' && *from == '\\' && from[1] &&
		    strchr("\"\\$`", from[1]))
			from++;
		*to++ = *from;
	}
	*at = *from ? from + 1 : NULL;
	return value;
}

/* A value without quotes ends at a comment or at the end of the line. */
static char *bare(struct arena *mem, const char **at)
{
	const char *start = *at, *end = start;

	while (*end && !(*end == '#' &&
	                 (end == start || end[-1] == ' ' || end[-1] == '\t')))
		end++;
	*at = end;
	return text_trim(mem, text_copy_n(mem, start, (size_t)(end - start)));
}

static CAN_FAIL read_value(struct arena *mem, const char *path, const char *at,
                           struct env_line *line)
{
	at = skip_blanks(at);
	if (*at == '"' || *at == '\'')
		line->value = quoted(mem, &at);
	else
		line->value = bare(mem, &at);
	if (!at)
		return WRONG(mem, path, line->line,
		             "a quote is not closed on the same line");
	at = skip_blanks(at);
	if (*at && *at != '#')
		return WRONG(mem, path, line->line,
		             "something stands behind the closing quote");
	return NULL;
}

/* Reads one line; line->name stays NULL where there is nothing to read. */
static CAN_FAIL read_line(struct arena *mem, const char *path, const char *text,
                          struct env_line *line)
{
	const char *at = skip_blanks(text), *name;
	size_t size = 0;

	if (!*at || *at == '#')
		return NULL;
	if (text_starts(at, "export") && (at[6] == ' ' || at[6] == '\t'))
		at = skip_blanks(at + 6);
	name = at;
	while (in_name(name[size], size == 0))
		size++;
	at = skip_blanks(name + size);
	if (size == 0 || *at != '=')
		return WRONG(mem, path, line->line, "this is not NAME=VALUE");
	line->name = text_copy_n(mem, name, size);
	return read_value(mem, path, at + 1, line);
}

const struct env_line *env_file_find(const struct env_file *file,
                                     const char *name)
{
	for (size_t i = 0; i < file->count; i++)
		if (text_same(file->lines[i].name, name))
			return &file->lines[i];
	return NULL;
}

static CAN_FAIL keep_line(struct arena *mem, struct env_file *file,
                          const struct env_line *line)
{
	const struct env_line *first = env_file_find(file, line->name);

	if (first)
		return fault_told(mem, FAULT_BAD_SETTING,
		                  "%s line %ld: %s stands in line %ld already; "
		                  "delete one of them",
		                  file->path, line->line, line->name,
		                  first->line);
	file->lines[file->count++] = *line;
	return NULL;
}

struct fault *env_file_parse(struct arena *mem, const char *path,
                             const char *text, struct env_file *file)
{
	size_t most = 1;

	*file = (struct env_file){ .path = path };
	if (text_starts(text, "\xEF\xBB\xBF"))
		text += 3; /* a byte order mark, as some editors write it */
	for (const char *c = text; *c; c++)
		most += *c == '\n';
	file->lines = arena_array(mem, most, sizeof(*file->lines));
	for (long number = 1; *text; number++) {
		struct env_line line = { .line = number };
		size_t size = strcspn(text, "\n");
		bool more = text[size] == '\n';
		char *one = text_copy_n(mem, text, size);

		if (text_ends(one, "\r"))
			one[size - 1] = '\0';
		TRY(read_line(mem, path, one, &line));
		if (line.name)
			TRY(keep_line(mem, file, &line));
		text += size + more;
	}
	return NULL;
}

/* Reads at most size bytes; -1 with errno when that fails. */
static ssize_t read_all(int file, char *bytes, size_t size)
{
	size_t got = 0;

	while (got < size) {
		ssize_t more = read(file, bytes + got, size - got);

		if (more < 0 && errno == EINTR)
			continue;
		if (more < 0)
			return -1;
		if (more == 0)
			break;
		got += (size_t)more;
	}
	return (ssize_t)got;
}

static CAN_FAIL unreadable(struct arena *mem, const char *path)
{
	char text[128];

	return fault_told(mem, FAULT_BAD_SETTING, "%s: cannot be read: %s",
	                  path, strerror_r(errno, text, sizeof(text)));
}

struct fault *env_file_read(struct arena *mem, const char *path,
                            struct env_file *file)
{
	char *bytes = arena_alloc(mem, FILE_MOST + 1);
	int from = open(path, O_RDONLY | O_CLOEXEC);
	struct stat about;
	ssize_t size = -1;

	if (from < 0)
		return unreadable(mem, path);
	if (fstat(from, &about) == 0)
		size = read_all(from, bytes, FILE_MOST);
	close(from);
	if (size < 0)
		return unreadable(mem, path);
	if (size == FILE_MOST)
		return fault_told(mem, FAULT_BAD_SETTING,
		                  "%s: is too large for a .env file", path);
	if (!text_valid(bytes, (size_t)size))
		return fault_told(mem, FAULT_BAD_SETTING,
		                  "%s: is not UTF-8 text", path);
	TRY(env_file_parse(mem, path, bytes, file));
	file->open_to_all = about.st_mode & S_IRWXO;
	return NULL;
}
