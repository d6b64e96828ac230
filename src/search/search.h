/* One question, many sources: ask them all, join and rank what they say, and
 * say what the answer covers. */
#ifndef GATEHOUSE_SEARCH_SEARCH_H
#define GATEHOUSE_SEARCH_SEARCH_H

#include <stddef.h>

#include "core/fault.h"
#include "core/json.h"
#include "sources/source.h"

struct request;

/* The sources of the server that req->principal may ask. */
struct source_list {
	struct source *sources;
	size_t count;
};
struct source_list sources_of(struct request *req);

/* Searches all sources at once, each within its own time. answer: set to
 * {results: [{id, title, url, text, metadata}], sources: [{id, name, type,
 * state, count, help?}], next_cursor?, cut?}, the structured content of the
 * tool 'search'; id is <type>::<source>::<native id>. A source that fails is
 * in the answer, not a fault. Faults: BAD_INPUT (told: an empty or too long
 * query); NOT_CONNECTED, told, where all sources are personal and none of them
 * is connected: req->unconnected then says where that is done. */
CAN_FAIL search_sources(struct request *req, const char *query,
                        json_object **answer);

/* The page after that which gave next_cursor, in the same form. No item comes
 * twice; what has changed since in a source may make one be missing. Fault:
 * BAD_INPUT, told, for a cursor of another user or server, or none. */
CAN_FAIL search_more(struct request *req, const char *cursor,
                     json_object **answer);

/* Fetches one item. answer: set to {id, title, text, url, metadata}. Faults:
 * NO_ITEM (malformed, unknown, of another server: all the same, MC-9),
 * TIMED_OUT, NOT_CONNECTED, and what the source failed with, told. */
CAN_FAIL search_fetch(struct request *req, const char *id,
                      json_object **answer);

/* For a tool of one kind: makes the job of asking the source with that id; or,
 * where it is NULL, the server's only one of the kind. Sources whose owner has
 * switched their tools off are not asked. Fault: BAD_INPUT, told. */
CAN_FAIL search_tool_job(struct request *req, const struct source_kind *kind,
                         const char *source, struct job *job);

/* Runs it from a first step; job->item is there afterwards. Faults: as
 * search_fetch(). */
CAN_FAIL search_tool_run(struct request *req, struct job *job,
                         struct step (*first)(struct job *));

#endif
