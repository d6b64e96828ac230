/* A long text in parts that a model can go through: each ends with the id that
 * reads on, and they join without a gap (security RL-4).
 *
 * Such an id is the item's own and where the part begins, "…@50000": so a
 * kind's own ids hold no '@'. */
#ifndef GATEHOUSE_SOURCES_WINDOW_H
#define GATEHOUSE_SOURCES_WINDOW_H

#include <stdbool.h>

#include "sources/source.h"

enum {
	WINDOW_MOST = 50000, /* characters of one part */
	WINDOW_FROM_MOST = 100000000,
};

/* Splits an id. from: set to what stands after '@', 1 to most, or to 0 where
 * there is none. Returns what stands before, of mem; NULL for anything else. */
const char *window_id(struct arena *mem, const char *id, long most, long *from);

/* The part of an item's text that begins at a character, as long as the answer
 * has room for; of job->mem. id: the item's own. metadata: what the item says
 * besides, complete; the length of the whole text is added to it, and cut where
 * there is more. */
const char *window_text(const struct job *job, const char *text, const char *id,
                        long from, json_object *metadata);

#endif
