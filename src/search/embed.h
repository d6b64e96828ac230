/* Texts as directions of meaning: one call to OpenAI, or to a service that
 * speaks as it does, where the operator gave a key for it. */
#ifndef GATEHOUSE_SEARCH_EMBED_H
#define GATEHOUSE_SEARCH_EMBED_H

#include <stddef.h>

#include "core/fault.h"

struct request;

enum { EMBED_MOST = 31 }; /* texts of one call */

/* A direction of length 1. */
struct vector {
	const float *parts;
	size_t count;
};

/* Asks for the vectors of count texts, none of them empty, within the time
 * that GATEHOUSE_RERANK_MS gives and the request has left. vectors: filled, in
 * the order of the texts, all of one size; they are of the request's memory.
 * How it went is told to the app's breaker, which the caller has asked.
 * Faults: BUSY (no answer in time, or none that is right), BAD_JSON. */
CAN_FAIL embed(struct request *req, const char *const *texts, size_t count,
               struct vector *vectors);

/* Reads a reply's JSON as embed() does; for tests. Fault: BUSY. */
struct arena;
struct json_object;
CAN_FAIL embed_read(struct arena *mem, struct json_object *reply,
                    size_t count, struct vector *vectors);

/* How near two vectors of one size are: 1 the same, 0 nothing in common. */
double vector_nearness(const struct vector *a, const struct vector *b);

#endif
