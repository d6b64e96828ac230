/* What a search and a fetch answer, as JSON, kept within bounds (RL-4). */
#ifndef GATEHOUSE_SEARCH_ANSWER_H
#define GATEHOUSE_SEARCH_ANSWER_H

#include <stddef.h>

#include "core/json.h"
#include "search/fuse.h"

struct request;

/* {results: [{id, title, url, text, metadata}], sources: [{id, name, type,
 * state, count, help?}]}. Results that would make the answer longer than
 * 60,000 characters are left out, and the answer says so ("cut"). */
json_object *answer_search(struct request *req, const struct job *jobs,
                           size_t count, const struct hit *hits,
                           size_t hit_count);

/* {id, title, text, url, metadata} */
json_object *answer_item(struct request *req, const struct job *job,
                         const char *id);

#endif
