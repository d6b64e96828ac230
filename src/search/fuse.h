/* Many ranked lists made one: weighted reciprocal rank fusion, with
 * near-duplicates joined. */
#ifndef GATEHOUSE_SEARCH_FUSE_H
#define GATEHOUSE_SEARCH_FUSE_H

#include <stddef.h>

#include "sources/source.h"

struct arena;

/* A result among all, and the job it came from. */
struct hit {
	const struct result *result;
	const struct job *job;
	double score;
	const struct hit *also; /* the same thing from elsewhere, or NULL */
};

/* What a list gives to what stands at a place in it, from 0. */
double fuse_score(size_t place);

/* Fuses the results of count jobs, and what they show of the jobs' question
 * (search/shown.h). hits: set to an array of mem, best first;
 * equals keep the order of jobs and ranks, so that the same answers always give
 * the same order. Two results are the same when they say so (same_as), have
 * the same URL, or come from two sources with the same title and time; the
 * better one stays and gains the score of the best from each other source.
 * Returns the number of hits. */
size_t fuse(struct arena *mem, const struct job *jobs, size_t count,
            struct hit **hits);

#endif
