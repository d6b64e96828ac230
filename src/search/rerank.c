#include "search/rerank.h"

#include <assert.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/breaker.h"
#include "core/log.h"
#include "core/text.h"
#include "search/embed.h"
#include "search/fuse.h"
#include "web/app.h"
#include "web/request.h"

enum { TEXT_MOST = 1000 }; /* code points of one hit, or of the question */

static_assert(RERANK_MOST + 1 <= EMBED_MOST, "the question goes with them");

/* ---- the order ---- */

static const double FLATTENING = 60, NEARNESS_WEIGHT = 2;

struct place_of_hit {
	struct hit hit;
	size_t fused; /* its place in the fused order */
	double nearness;
	double score;
};

static int nearer(const void *one, const void *two)
{
	const struct place_of_hit *a = one, *b = two;

	if (a->nearness != b->nearness)
		return a->nearness > b->nearness ? -1 : 1;
	return a->fused < b->fused ? -1 : a->fused > b->fused;
}

static int better(const void *one, const void *two)
{
	const struct place_of_hit *a = one, *b = two;

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return a->fused < b->fused ? -1 : a->fused > b->fused;
}

void rerank_by(struct arena *mem, struct hit *hits, size_t count,
               const double *nearness)
{
	struct place_of_hit *all = arena_array(mem, count + 1, sizeof(*all));

	for (size_t i = 0; i < count; i++)
		all[i] = (struct place_of_hit){ .hit = hits[i],
			                        .fused = i,
			                        .nearness = nearness[i] };
	qsort(all, count, sizeof(*all), nearer);
	for (size_t i = 0; i < count; i++)
		all[i].score = 1 / (FLATTENING + (double)all[i].fused + 1) +
		               NEARNESS_WEIGHT / (FLATTENING + (double)i + 1);
	qsort(all, count, sizeof(*all), better);
	for (size_t i = 0; i < count; i++)
		hits[i] = all[i].hit;
}

/* ---- asking for it ---- */

bool rerank_is_on(const struct request *req)
{
	const char *key = req->app->config.openai_api_key;

	return key && *key;
}

static const char *text_of(struct request *req, const struct hit *hit)
{
	const char *title = hit->result->title, *snippet = hit->result->snippet;
	const char *text = text_fold(
		req->mem, text_format(req->mem, "%s %s", title ? title : "",
	                              snippet ? snippet : ""));

	return *text ? text_cut(req->mem, text, TEXT_MOST) : "(no title)";
}

static CAN_FAIL ask(struct request *req, const char *query,
                    const struct hit *hits, size_t count, double *nearness)
{
	const char *texts[EMBED_MOST];
	struct vector vectors[EMBED_MOST];

	texts[0] = query;
	for (size_t i = 0; i < count; i++)
		texts[i + 1] = text_of(req, &hits[i]);
	TRY(embed(req, texts, count + 1, vectors));
	for (size_t i = 0; i < count; i++)
		nearness[i] = vector_nearness(&vectors[0], &vectors[i + 1]);
	return NULL;
}

void rerank(struct request *req, const char *query, struct hit *hits,
            size_t count)
{
	double nearness[RERANK_MOST] = { 0 };
	struct fault *wrong;

	count = count < RERANK_MOST ? count : RERANK_MOST;
	if (!rerank_is_on(req) || count < 2 || !breaker_asks(req->app->rerank))
		return;
	wrong = ask(req, query, hits, count, nearness);
	if (wrong)
		log_line(LOG_WARNING, "rerank-failed",
		         { "request_id", .text = req->id },
		         { "note",
		           .text = *wrong->note ? wrong->note : wrong->told });
	else
		rerank_by(req->mem, hits, count, nearness);
}
