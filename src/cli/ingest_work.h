/* The work of an ingest: files read and put into Postgres, by a few threads,
 * each with a connection. */
#ifndef GATEHOUSE_CLI_INGEST_WORK_H
#define GATEHOUSE_CLI_INGEST_WORK_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "cli/progress.h"
#include "core/fault.h"
#include "db/db.h"

struct arena;

/* Paths below a folder, sorted by bytes. */
struct ingest_files {
	char **origins;
	size_t count;
};

/* What an earlier ingest put: origin and digest, sorted by origin. */
struct ingest_known {
	const char *origin;
	const char *digest;
};

struct ingest {
	struct db db;          /* tenant and pool; each thread has a copy */
	const char *folder;
	const char *source_id;
	const char *language;
	const char *url_base;  /* or NULL */
	struct ingest_files files;
	struct ingest_known *known;
	size_t known_count;
	struct progress progress;
	FILE *list;            /* of what is skipped; NULL: standard error */

	pthread_mutex_t lock;  /* guards what follows */
	pthread_cond_t changed;
	size_t next;           /* the file that is taken next */
	size_t done, put, unchanged, skipped, bytes;
	size_t threads;        /* still at work */
	bool failed;
	enum fault_kind kind;  /* what failed first, and its texts */
	char told[512], note[512];
};

/* Lists the files below a folder; links are not followed. files: set, of mem.
 * Fault: BAD_INPUT, told, when there is no such folder. */
CAN_FAIL ingest_list(struct arena *mem, const char *folder,
                     struct ingest_files *files);

/* Whether a path is among the files. */
bool ingest_has(const struct ingest_files *files, const char *origin);

/* Reads and puts all files, showing progress and telling what is skipped.
 * Fault: what a thread failed with; what was put before that stays. */
CAN_FAIL ingest_work(struct ingest *ingest, struct arena *mem);

#endif
