/* How far a long piece of work is: a bar on a terminal, else a line now and
 * then. On standard error; one thread writes. */
#ifndef GATEHOUSE_CLI_PROGRESS_H
#define GATEHOUSE_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>

struct progress {
	const char *what;  /* "files" */
	bool quiet;        /* nothing is written */
	bool terminal;     /* set by progress_start() */
	bool drawn;        /* a bar stands on the current line */
	int64_t next;      /* clock_ms() of the next report */
};

void progress_start(struct progress *progress);

/* Reports, if it is time: ten times a second on a terminal, else every two
 * seconds. */
void progress_show(struct progress *progress, size_t done, size_t all);

/* Takes the bar away, so that something else can be written. */
void progress_clear(struct progress *progress);

#endif
