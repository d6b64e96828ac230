/* Ids of items: <type>::<source>::<native id>. They come back from a model
 * that may be steered, so they are read strictly and prove no right (MC-9). */
#ifndef GATEHOUSE_SEARCH_ID_H
#define GATEHOUSE_SEARCH_ID_H

#include <stdbool.h>

struct arena;
struct job;

struct item_id {
	const char *type;   /* lower-case letters and '_' */
	const char *source; /* a UUID, exactly as written by item_id_print() */
	const char *native; /* whatever the kind says; 1 to 1,000 bytes */
};

/* The id as text of mem. */
const char *item_id_print(struct arena *mem, const struct item_id *id);

/* The id of what a job's source calls by a native id. */
const char *item_id_of(struct arena *mem, const struct job *job,
                       const char *native);

/* Reads an id; false for anything item_id_print() would not have printed.
 * Parts are of mem. */
bool item_id_read(struct arena *mem, const char *text, struct item_id *id);

#endif
