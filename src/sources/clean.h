/* What sources say, made fit for a model: visible, bounded, and nothing but
 * text (security MC-13, RL-4). */
#ifndef GATEHOUSE_SOURCES_CLEAN_H
#define GATEHOUSE_SOURCES_CLEAN_H

#include <stddef.h>

#include "core/json.h"

struct arena;

/* One line of visible text of at most that many code points, "…" where it was
 * cut; "" for NULL. Of mem. */
const char *clean_line(struct arena *mem, const char *text, size_t most);

/* The URL, if it is an absolute http or https one of at most that many bytes,
 * all of them visible ASCII; else NULL. */
const char *clean_url(struct arena *mem, const char *url, size_t most);

/* How many code points of a text, from its start, take at most that many
 * characters as the inside of a JSON string. */
size_t clean_fit(const char *text, size_t most);

/* An object from JSON text Postgres made, with all strings and names visible;
 * a new object for NULL and for anything that is no object. */
json_object *clean_json(struct arena *mem, const char *json);

#endif
