#include "core/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A line fits one write to a pipe (PIPE_BUF), so that lines of several workers
 * do not mix; a value keeps this much of it. */
enum { LINE = 4000, VALUE = 600 };

struct line {
	char text[LINE + 8]; /* room for the end of a line that was cut */
	size_t size;
};

static const char *program = "gatehouse";
static enum log_level least = LOG_INFO;
static atomic_ulong dropped;

static const char *const level_names[] = { "debug", "info", "warning",
	                                   "error" };

void log_open(const char *name, enum log_level level)
{
	struct stat about;
	int flags = fcntl(STDERR_FILENO, F_GETFL);

	program = name;
	least = level;
	if (flags >= 0 && fstat(STDERR_FILENO, &about) == 0 &&
	    S_ISFIFO(about.st_mode))
		fcntl(STDERR_FILENO, F_SETFL, flags | O_NONBLOCK);
}

unsigned long log_dropped(void)
{
	return atomic_load(&dropped);
}

static void add(struct line *line, const char *text)
{
	size_t size = strlen(text);

	if (line->size + size > LINE)
		return;
	memcpy(line->text + line->size, text, size);
	line->size += size;
}

/* Whether a character turns or breaks a line for a reader of the log:
 * bidi controls (U+202A-202E, U+2066-2069, U+200E-200F), U+2028 and U+2029. */
static bool turns_text(const unsigned char *c)
{
	if (c[0] != 0xe2)
		return false;
	if (c[1] == 0x80)
		return (c[2] >= 0xa8 && c[2] <= 0xae) || c[2] == 0x8e ||
		       c[2] == 0x8f;
	return c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9;
}

/* A value as the inside of a JSON string: escaped and cut (LA-4). */
static void add_value(struct line *line, const char *text)
{
	const unsigned char *c = (const unsigned char *)text;
	const unsigned char *end = c + strnlen(text, VALUE);
	bool cut = *end != '\0';
	char escape[8];

	while (cut && end > c && (*end & 0xc0) == 0x80)
		end--; /* never half a character */
	for (; c < end; c++) {
		if (turns_text(c)) {
			add(line, "?");
			c += 2;
		} else if (*c == '"' || *c == '\\') {
			snprintf(escape, sizeof(escape), "\\%c", *c);
			add(line, escape);
		} else if (*c < 0x20 || *c == 0x7f) {
			snprintf(escape, sizeof(escape), "\\u%04x", *c);
			add(line, escape);
		} else {
			escape[0] = (char)*c;
			escape[1] = '\0';
			add(line, escape);
		}
	}
	if (cut)
		add(line, "…");
}

static void add_time(struct line *line)
{
	struct timespec now;
	struct tm utc;
	char text[40];
	char fraction[8];

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	strftime(text, sizeof(text), "{\"time\":\"%Y-%m-%dT%H:%M:%S", &utc);
	add(line, text);
	snprintf(fraction, sizeof(fraction), ".%03dZ",
	         (int)(now.tv_nsec / 1000000) % 1000);
	add(line, fraction);
}

static void add_field(struct line *line, const struct log_field *field)
{
	char number[32];

	add(line, ",\"");
	add(line, field->name);
	if (field->text) {
		add(line, "\":\"");
		add_value(line, field->text);
		add(line, "\"");
	} else {
		snprintf(number, sizeof(number), "\":%lld", field->number);
		add(line, number);
	}
}

void log_fields(enum log_level level, const char *event,
                const struct log_field *fields)
{
	struct line line = { .size = 0 };
	ssize_t written;

	if (level < least)
		return;
	add_time(&line);
	add(&line, "\",\"level\":\"");
	add(&line, level_names[level]);
	add(&line, "\",\"program\":\"");
	add(&line, program);
	add(&line, "\",\"event\":\"");
	add(&line, event);
	add(&line, "\"");
	for (; fields->name; fields++) {
		if (line.size + VALUE * 6 + 64 > LINE && fields->text &&
		    strlen(fields->text) * 6 + 64 > LINE - line.size)
			continue; /* a whole field is left out, never half */
		add_field(&line, fields);
	}
	memcpy(line.text + line.size, "}\n", 2);
	line.size += 2;
	do
		written = write(STDERR_FILENO, line.text, line.size);
	while (written < 0 && errno == EINTR);
	if (written != (ssize_t)line.size)
		atomic_fetch_add(&dropped, 1);
}
