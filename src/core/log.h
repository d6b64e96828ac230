/* The log: one JSON object a line on standard error, UTC, no secrets.
 *
 * A line is written by one write(2); a sink that is full or closed never
 * blocks nor ends the process: the line is dropped and counted (security
 * LA-7). Text is escaped and cut (LA-4). Values are the caller's duty: never a
 * password, token, cookie, secret, content or query text (LA-3). */
#ifndef GATEHOUSE_CORE_LOG_H
#define GATEHOUSE_CORE_LOG_H

#include <stddef.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

/* One member of a line: text, or a number when text is NULL. */
struct log_field {
	const char *name;
	const char *text;
	long long number;
};

/* Sets the program's name and the least level written; call once, first.
 * Makes standard error non-blocking where it is a pipe. */
void log_open(const char *program, enum log_level least);

/* Writes one line: time, level, program, event, then the fields until one
 * without a name. event: a short constant, "request", "worker-start". */
void log_fields(enum log_level level, const char *event,
                const struct log_field *fields);

/* log_line(LOG_INFO, "worker-start", { "threads", .number = 64 }); */
#define log_line(level, event, ...)                                            \
	log_fields(level, event,                                               \
	           (const struct log_field[]){ __VA_ARGS__, { 0 } })

/* Lines dropped since the start. */
unsigned long log_dropped(void);

#endif
