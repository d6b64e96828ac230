#include "search/fuse.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/text.h"
#include "search/shown.h"

/* The usual constant: it keeps one list's first place from outweighing that
 * several lists agree (Cormack and others, SIGIR 2009). */
static const double FLATTENING = 60;

static bool given(const char *text)
{
	return text && *text;
}

/* Title and time are evidence only across sources: in one source, files that
 * came together share both. */
static bool same_thing(const struct hit *a, const struct hit *b)
{
	const struct result *one = a->result, *two = b->result;

	if (given(one->same_as) && text_same(one->same_as, two->same_as))
		return true;
	if (given(one->url) && text_same(one->url, two->url))
		return true;
	return a->job != b->job && given(one->title) && given(one->time) &&
	       text_same(one->title, two->title) &&
	       text_same(one->time, two->time);
}

/* qsort is not stable, so ties are decided: by job, then by rank, which is
 * the order of the addresses within the job. */
static int better(const void *one, const void *two)
{
	const struct hit *a = one, *b = two;

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	if (a->job != b->job)
		return a->job < b->job ? -1 : 1;
	return a->result < b->result ? -1 : a->result > b->result;
}

double fuse_score(size_t place)
{
	return 1 / (FLATTENING + (double)place + 1);
}

static struct hit hit_of(const struct job *job, size_t rank)
{
	double weight = job->weight > 0 ? job->weight : 1;

	return (struct hit){
		.result = &job->results[rank],
		.job = job,
		.score = weight * fuse_score(rank),
	};
}

/* Whether a hit is the same thing as another or as one that was joined to it:
 * a mail and a file may be the same by URL, and that file and a document by
 * title and time. */
static bool belongs(const struct hit *to, const struct hit *hit)
{
	for (; to; to = to->also) {
		if (same_thing(to, hit))
			return true;
	}
	return false;
}

static bool has_job(const struct hit *hit, const struct job *job)
{
	for (; hit; hit = hit->also) {
		if (hit->job == job)
			return true;
	}
	return false;
}

/* A source has one voice: that it lists a thing twice makes it no better. */
static void add(struct arena *mem, struct hit *to, const struct hit *hit)
{
	struct hit *also = arena_alloc(mem, sizeof(*also));

	if (!has_job(to, hit->job))
		to->score += hit->score;
	*also = *hit;
	also->also = to->also;
	to->also = also;
}

/* Joins each hit to the first same one before it, which is better. Lists are
 * short (ten a source and page), so every pair is looked at. Returns how many
 * are left. */
static size_t join(struct arena *mem, struct hit *all, size_t count)
{
	size_t left = 0;

	for (size_t i = 0; i < count; i++) {
		size_t same = 0;

		while (same < left && !belongs(&all[same], &all[i]))
			same++;
		if (same < left)
			add(mem, &all[same], &all[i]);
		else
			all[left++] = all[i];
	}
	return left;
}

size_t fuse(struct arena *mem, const struct job *jobs, size_t count,
            struct hit **hits)
{
	size_t total = 0, n = 0;

	for (size_t i = 0; i < count; i++)
		total += jobs[i].result_count;
	*hits = arena_array(mem, total + 1, sizeof(**hits));
	for (size_t i = 0; i < count; i++) {
		for (size_t rank = 0; rank < jobs[i].result_count; rank++)
			(*hits)[n++] = hit_of(&jobs[i], rank);
	}
	qsort(*hits, n, sizeof(**hits), better);
	n = join(mem, *hits, n);
	if (n > 0 && jobs[0].query)
		shown_score(mem, jobs[0].query, *hits, n);
	qsort(*hits, n, sizeof(**hits), better);
	return n;
}
