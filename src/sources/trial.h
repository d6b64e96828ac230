/* Trying a source: the cheapest real call to its vendor, and what it says in
 * plain words. */
#ifndef GATEHOUSE_SOURCES_TRIAL_H
#define GATEHOUSE_SOURCES_TRIAL_H

#include <stdbool.h>

#include "core/json.h"

struct request;
struct source;

struct trial {
	bool fine;
	const char *state; /* a word of coverage: "complete", "unauthorized" */
	const char *told;  /* a sentence for the owner; never the vendor's */
};

/* Tries a source as the request's tenant. secrets: its secrets in clear, for
 * one that is not stored yet; NULL: those stored. */
struct trial source_try(struct request *req, const struct source *source,
                        json_object *secrets);

#endif
