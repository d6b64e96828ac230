/* How good the order is: nDCG@10 of each source alone, of all of them fused,
 * and re-ranked, over t/unit/collection.h. The sources rank as differently as
 * vendors do; vectors are made of words, and of a few that mean the same, as
 * the stand-in of t/vendors makes them. */
#include "check.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "collection.h"
#include "core/arena.h"
#include "core/text.h"
#include "search/fuse.h"
#include "search/rerank.h"

enum { DEPTH = 10, PARTS = 256, WORD_MOST = 40 };

static struct arena *mem;

/* ---- words ---- */

/* The next word of a text, in lower case, without a plural's s. */
static bool next_word(const char **text, char word[WORD_MOST])
{
	size_t size = 0;

	while (**text && !isalnum((unsigned char)**text))
		(*text)++;
	for (; isalnum((unsigned char)**text); (*text)++) {
		if (size < WORD_MOST - 1)
			word[size++] = (char)tolower((unsigned char)**text);
	}
	if (size > 3 && word[size - 1] == 's')
		size--;
	word[size] = '\0';
	return size > 0;
}

static bool has_word(const char *text, const char *wanted)
{
	char word[WORD_MOST];

	while (next_word(&text, word)) {
		if (strcmp(word, wanted) == 0)
			return true;
	}
	return false;
}

/* ---- three ways to rank ---- */

static double rarity(const char *word)
{
	int with = 0;

	for (int i = 0; i < ITEMS; i++)
		with += has_word(written[i].title, word) ||
		        has_word(written[i].text, word);
	return log((double)(ITEMS + 1) / (with + 1));
}

/* Mail: the newest that has any of the words. */
static double by_time(const struct written *item, const char *question)
{
	char word[WORD_MOST];

	while (next_word(&question, word)) {
		if (has_word(item->title, word) || has_word(item->text, word))
			return atof(item->time) * 10000 +
			       atof(item->time + 5) * 100 +
			       atof(item->time + 8);
	}
	return 0;
}

/* Files: words in the name, then words within. */
static double by_name(const struct written *item, const char *question)
{
	char word[WORD_MOST];
	double score = 0;

	while (next_word(&question, word))
		score += 100 * has_word(item->title, word) +
		         has_word(item->text, word);
	return score;
}

/* Notes: rare words count more, and more so in the title. */
static double by_weight(const struct written *item, const char *question)
{
	char word[WORD_MOST];
	double score = 0;

	while (next_word(&question, word))
		score += rarity(word) * (2 * has_word(item->title, word) +
		                         has_word(item->text, word));
	return score;
}

static double (*const ranks[SOURCES])(const struct written *, const char *) = {
	[MAIL] = by_time,
	[FILES] = by_name,
	[NOTES] = by_weight,
};

struct scored {
	const struct written *item;
	double score;
};

static int better(const void *one, const void *two)
{
	const struct scored *a = one, *b = two;

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return strcmp(a->item->id, b->item->id);
}

/* What a source answers, best first. all: whether it holds all items. */
static struct job ask(int source, const char *question, bool all)
{
	struct scored list[ITEMS];
	size_t count = 0;
	struct job job = { .query = question,
		           .results = arena_array(mem, DEPTH,
		                                  sizeof(struct result)) };

	for (int i = 0; i < ITEMS; i++) {
		const struct written *item = &written[i];
		double score = ranks[source](item, question);

		if (score > 0 && (all || item->source == source))
			list[count++] = (struct scored){ item, score };
	}
	qsort(list, count, sizeof(*list), better);
	for (; job.result_count < count && job.result_count < DEPTH;
	     job.result_count++) {
		const struct written *item = list[job.result_count].item;

		job.results[job.result_count] = (struct result){
			.native_id = item->id,
			.title = item->title,
			.snippet = item->text,
			.time = item->time,
			.same_as = item->same ? item->same : item->id,
		};
	}
	return job;
}

/* ---- vectors of words ---- */

static const char *meaning(const char *word)
{
	static const char *const same[][2] = {
		{ "rental", "rent" },     { "renting", "rent" },
		{ "lease", "rent" },      { "tenancy", "rent" },
		{ "bill", "invoice" },    { "unpaid", "overdue" },
		{ "open", "overdue" },    { "remind", "reminder" },
		{ "course", "training" }, { "oil", "fuel" },
		{ "diesel", "fuel" },     { "resetting", "reset" },
	};

	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++) {
		if (strcmp(word, same[i][0]) == 0)
			return same[i][1];
	}
	return word;
}

static void add_text(double *sum, const char *text)
{
	char word[WORD_MOST];

	while (next_word(&text, word)) {
		uint64_t hash = 14695981039346656037U;

		for (const char *c = meaning(word); *c; c++)
			hash = (hash ^ (unsigned char)*c) * 1099511628211U;
		if (strlen(word) < 4 && !isdigit((unsigned char)*word))
			continue;
		for (int i = 0; i < 8; i++, hash = hash * 25214903917U + 11)
			sum[hash >> 32 & (PARTS - 1)] +=
				hash >> 50 & 1 ? 1 : -1;
	}
}

static double nearness(const char *question, const struct result *result)
{
	double a[PARTS] = { 0 }, b[PARTS] = { 0 };
	double both = 0, one = 0, two = 0;

	add_text(a, question);
	add_text(b, result->title);
	add_text(b, result->snippet);
	for (int i = 0; i < PARTS; i++) {
		both += a[i] * b[i];
		one += a[i] * a[i];
		two += b[i] * b[i];
	}
	return one > 0 && two > 0 ? both / sqrt(one * two) : 0;
}

/* ---- how good ---- */

/* The grade of an item, by its id or that of the same thing. */
static int grade(const struct question *question, const char *id)
{
	const char *at = strstr(question->grades, id);

	return at ? at[strlen(id) + 1] - '0' : 0;
}

static int grade_of(const struct question *question, const struct hit *hit)
{
	int best = 0;

	for (; hit; hit = hit->also) {
		int one = grade(question, hit->result->native_id);

		best = one > best ? one : best;
	}
	return best;
}

static double gain(int graded, size_t place)
{
	return (pow(2, graded) - 1) / log2((double)place + 2);
}

static double ideal(const struct question *question)
{
	double sum = 0;
	size_t place = 0;

	for (int wanted = 3; wanted > 0; wanted--) {
		for (const char *c = question->grades; *c; c++) {
			if (*c == ':' && c[1] - '0' == wanted && place < DEPTH)
				sum += gain(wanted, place++);
		}
	}
	return sum;
}

static double ndcg(const struct question *question, const struct hit *hits,
                   size_t count)
{
	double sum = 0;

	for (size_t i = 0; i < count && i < DEPTH; i++)
		sum += gain(grade_of(question, &hits[i]), i);
	return sum / ideal(question);
}

struct quality {
	double source[SOURCES];
	double fused;
	double reranked;
};

static void rank_again(const char *question, struct hit *hits, size_t count)
{
	double near[RERANK_MOST];

	count = count < RERANK_MOST ? count : RERANK_MOST;
	for (size_t i = 0; i < count; i++)
		near[i] = nearness(question, hits[i].result);
	rerank_by(mem, hits, count, near);
}

static struct quality measure(bool all)
{
	struct quality sum = { 0 };

	for (int q = 0; q < QUESTIONS; q++) {
		struct job jobs[SOURCES];
		struct hit *hits;
		size_t count;

		for (int s = 0; s < SOURCES; s++) {
			jobs[s] = ask(s, asked[q].text, all);
			count = fuse(mem, &jobs[s], 1, &hits);
			sum.source[s] += ndcg(&asked[q], hits, count);
		}
		count = fuse(mem, jobs, SOURCES, &hits);
		sum.fused += ndcg(&asked[q], hits, count);
		rank_again(asked[q].text, hits, count);
		sum.reranked += ndcg(&asked[q], hits, count);
	}
	return sum;
}

static void tell(const char *what, const struct quality *sum)
{
	printf("# nDCG@10, %s: mail %.3f, files %.3f, notes %.3f; "
	       "fused %.3f; re-ranked %.3f\n",
	       what, sum->source[MAIL] / QUESTIONS,
	       sum->source[FILES] / QUESTIONS, sum->source[NOTES] / QUESTIONS,
	       sum->fused / QUESTIONS, sum->reranked / QUESTIONS);
}

static double best_source(const struct quality *sum)
{
	double best = 0;

	for (int s = 0; s < SOURCES; s++)
		best = sum->source[s] > best ? sum->source[s] : best;
	return best;
}

int main(void)
{
	struct quality spread, shared;

	mem = arena_new(64 << 20);
	spread = measure(false);
	tell("each item in one source", &spread);
	CHECK(spread.fused >= best_source(&spread));
	CHECK(spread.reranked >= best_source(&spread));
	CHECK(spread.reranked >= spread.fused);

	shared = measure(true);
	tell("all items in each source", &shared);
	CHECK(shared.reranked >= shared.fused);
	arena_free(mem);
	return check_end();
}
