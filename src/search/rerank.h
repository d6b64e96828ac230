/* Hits put in an order of meaning: by how near their titles and passages are
 * to the question, as embeddings have it.
 *
 * It is off without OPENAI_API_KEY: then nothing of a search leaves for there.
 * It never takes a hit away, and whatever goes wrong, the order stays. */
#ifndef GATEHOUSE_SEARCH_RERANK_H
#define GATEHOUSE_SEARCH_RERANK_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct hit;
struct request;

enum { RERANK_MOST = 30 }; /* hits, from the top; the rest stay below them */

/* Whether searches are re-ranked here. */
bool rerank_is_on(const struct request *req);

/* Re-ranks the top of count fused hits, if it is on, within
 * GATEHOUSE_RERANK_MS; not while the service is left alone, as it fails. What
 * goes wrong is a line in the log. */
void rerank(struct request *req, const char *query, struct hit *hits,
            size_t count);

/* The order itself: the fused one and that of nearness (one number a hit, more
 * is nearer) fused once more, nearness counting double; equals stay as they
 * were. */
void rerank_by(struct arena *mem, struct hit *hits, size_t count,
               const double *nearness);

#endif
