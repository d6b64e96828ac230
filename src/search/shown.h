/* What a hit shows of a question: evidence that is the same for all sources,
 * however each of them ranks. */
#ifndef GATEHOUSE_SEARCH_SHOWN_H
#define GATEHOUSE_SEARCH_SHOWN_H

#include <stddef.h>

#include "search/fuse.h"

struct arena;

/* Adds to the score of each hit a quarter of what a source would that ranks all
 * of them by how many of the question's words stand in title and passage, twice
 * as much in a title. Hits that show as many share a place. */
void shown_score(struct arena *mem, const char *question, struct hit *hits,
                 size_t count);

#endif
