/* What a search and a fetch answer, as JSON, kept within the characters that
 * GATEHOUSE_ANSWER_CHARACTERS gives, with cuts marked (RL-4). */
#ifndef GATEHOUSE_SEARCH_ANSWER_H
#define GATEHOUSE_SEARCH_ANSWER_H

#include <stddef.h>

#include "core/json.h"
#include "search/fuse.h"
#include "search/place.h"

struct request;

enum { PAGE_RESULTS = 20 }; /* of one page */

/* What a search found: how each source ended, and what is to be shown. */
struct found {
	const struct job *jobs;
	size_t job_count;
	const struct hit *hits;
	size_t hit_count;
};

/* answer: set to {results: [{id, title, url, text, metadata}], sources: [{id,
 * name, type, state, count, help?}]} with as many results as a page and the
 * answer have room for. Returns how many. */
size_t answer_search(struct request *req, const struct place *place,
                     const struct found *found, json_object **answer);

/* Adds how it goes on: next_cursor (NULL: it does not), and "cut" where left
 * results of those found had no room. */
void answer_next(struct request *req, json_object *answer, const char *cursor,
                 size_t left);

/* Adds how a source's job ended: {id, name, type, state, count, help?}. */
void answer_coverage(json_object *sources, const struct job *job);

/* {id, title, text, url, metadata}; a text that was cut says so at its end, and
 * metadata.cut is true. */
json_object *answer_item(struct request *req, const struct job *job,
                         const char *id);

#endif
