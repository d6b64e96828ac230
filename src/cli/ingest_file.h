/* A file made a document: unpacked, told apart by what is in it, and read as
 * text. Nothing here asks the database. */
#ifndef GATEHOUSE_CLI_INGEST_FILE_H
#define GATEHOUSE_CLI_INGEST_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum {
	INGEST_UNPACKED_MOST = 16 * 1024 * 1024, /* bytes read of a file */
	INGEST_TEXT_MOST = 4 * 1024 * 1024,      /* bytes of its text */
};

struct ingest_document {
	const char *origin; /* path below the folder */
	const char *title;
	const char *text;
	const char *type;     /* media type of the file */
	const char *modified; /* ISO 8601 */
};

/* Reads the file at path, which is called origin below its folder. Links are
 * not followed; .gz is unpacked, with a bound on what comes out. document: set,
 * of mem. Returns NULL, or why it is left out: "not UTF-8 text", … */
const char *ingest_read(struct arena *mem, const char *path, const char *origin,
                        struct ingest_document *document);

/* The same for bytes: what ingest_read() does once a file is read. */
const char *ingest_text(struct arena *mem, const char *bytes, size_t size,
                        const char *origin, struct ingest_document *document);

#endif
