/* The attachments of one mail: what they are called, and the text of those
 * that are text. */
#ifndef GATEHOUSE_SOURCES_OUTLOOK_FILES_H
#define GATEHOUSE_SOURCES_OUTLOOK_FILES_H

#include <stddef.h>

#include "sources/source.h"

enum file_kind {
	FILE_OTHER, /* named only */
	FILE_TEXT,
	FILE_HTML,
	FILE_MAIL,
};

struct mail_file {
	const char *id;
	const char *name;
	const char *type; /* media type, "" if not told */
	int64_t size;     /* bytes, as Graph counts them */
	enum file_kind kind;
	struct call *call; /* that asks for its text; NULL: not asked for */
	const char *text;  /* NULL: not read */
	const char *why;   /* it was not read, when it might have been */
};

struct mail_files {
	struct mail_file *files;
	size_t count;
	size_t left_out; /* more than are told */
};

/* The attachments of a message of Graph's; pictures within its body are none.
 * Of mem. */
struct mail_files mail_files_of(struct arena *mem, json_object *message);

/* Makes the calls that bring texts. Returns how many. */
size_t mail_files_ask(struct job *job, struct mail_files *files,
                      const char *message);

/* Reads what the calls brought; a file without its text tells why. */
void mail_files_read(struct job *job, struct mail_files *files);

/* The files as JSON, for metadata. */
void mail_files_put(json_object *metadata, const struct mail_files *files);

#endif
