/* How good the order is: nDCG@10 of each source alone, of all of them fused,
 * and re-ranked, over t/unit/collection.h. The sources rank as differently as
 * vendors do, mail by the order that the kind outlook makes; vectors are made
 * of words, and of a few that mean the same, as the stand-in of t/vendors makes
 * them. */
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
#include "sources/outlook_query.h"

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

static bool item_has(const struct written *item, const char *word)
{
	return has_word(item->title, word) || has_word(item->text, word);
}

static double rarity(const char *word)
{
	int with = 0;

	for (int i = 0; i < ITEMS; i++)
		with += item_has(&written[i], word);
	return log((double)(ITEMS + 1) / (with + 1));
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

static int newer(const void *one, const void *two)
{
	const struct result *a = one, *b = two;
	int order = strcmp(b->time, a->time);

	return order ? order : strcmp(a->native_id, b->native_id);
}

static struct result result_of(const struct written *item)
{
	return (struct result){
		.native_id = item->id,
		.title = item->title,
		.snippet = item->text,
		.time = item->time,
		.same_as = item->same ? item->same : item->id,
	};
}

static size_t words_in(const struct written *item,
                       const struct outlook_query *query)
{
	size_t found = 0;

	for (size_t i = 0; i < query->word_count; i++) {
		const char *text = query->words[i];
		char word[WORD_MOST];

		found += next_word(&text, word) && item_has(item, word);
	}
	return found;
}

/* What Graph finds, newest first, of mails with so many of the words. */
static void find_mails(struct job *job, const struct outlook_query *query,
                       size_t least, bool all)
{
	job->result_count = 0;
	for (int i = 0; i < ITEMS; i++) {
		if ((all || written[i].source == MAIL) &&
		    words_in(&written[i], query) >= least)
			job->results[job->result_count++] =
				result_of(&written[i]);
	}
	qsort(job->results, job->result_count, sizeof(*job->results), newer);
}

/* Mail: all words, and if nothing has them, any; as outlook_search() asks. */
static void ask_mail(struct job *job, bool all)
{
	struct outlook_query query = outlook_query_read(mem, job->query);
	bool widened;

	find_mails(job, &query, query.word_count, all);
	widened = job->result_count == 0;
	if (widened) {
		find_mails(job, &query, 1, all);
		job->weight = OUTLOOK_WIDENED_WEIGHT;
	}
	outlook_rank(mem, &query, widened, job->results, job->result_count);
}

static void ask_other(struct job *job, int source, bool all)
{
	struct scored list[ITEMS];
	size_t count = 0;

	for (int i = 0; i < ITEMS; i++) {
		const struct written *item = &written[i];
		double score = ranks[source](item, job->query);

		if (score > 0 && (all || item->source == source))
			list[count++] = (struct scored){ item, score };
	}
	qsort(list, count, sizeof(*list), better);
	for (size_t i = 0; i < count; i++)
		job->results[i] = result_of(list[i].item);
	job->result_count = count;
}

/* What a source answers, best first. all: whether it holds all items. */
static struct job ask(int source, const char *question, bool all)
{
	struct job job = { .query = question,
		           .results = arena_array(mem, ITEMS,
		                                  sizeof(struct result)) };

	if (source == MAIL)
		ask_mail(&job, all);
	else
		ask_other(&job, source, all);
	if (job.result_count > DEPTH)
		job.result_count = DEPTH;
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
	double reranked; /* by vectors of words */
	double known;    /* by a model that knows the answers */
};

/* Re-ranks a copy of the hits, by what a model says of each. */
static double rank_again(const struct question *question,
                         const struct hit *hits, size_t count,
                         double (*says)(const struct question *,
                                        const struct hit *))
{
	struct hit *again = arena_array(mem, count + 1, sizeof(*again));
	double near[RERANK_MOST];
	size_t most = count < RERANK_MOST ? count : RERANK_MOST;

	memcpy(again, hits, count * sizeof(*again));
	for (size_t i = 0; i < most; i++)
		near[i] = says(question, &hits[i]);
	rerank_by(mem, again, most, near);
	return ndcg(question, again, count);
}

static double by_words(const struct question *question, const struct hit *hit)
{
	return nearness(question->text, hit->result);
}

static double by_knowing(const struct question *question, const struct hit *hit)
{
	return grade_of(question, hit);
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
		sum.reranked += rank_again(&asked[q], hits, count, by_words);
		sum.known += rank_again(&asked[q], hits, count, by_knowing);
	}
	return sum;
}

static void tell(const char *what, const struct quality *sum)
{
	printf("# nDCG@10, %s: mail %.3f, files %.3f, notes %.3f; "
	       "fused %.3f; re-ranked by words %.3f, by knowing %.3f\n",
	       what, sum->source[MAIL] / QUESTIONS,
	       sum->source[FILES] / QUESTIONS, sum->source[NOTES] / QUESTIONS,
	       sum->fused / QUESTIONS, sum->reranked / QUESTIONS,
	       sum->known / QUESTIONS);
}

static double best_source(const struct quality *sum)
{
	double best = 0;

	for (int s = 0; s < SOURCES; s++)
		best = sum->source[s] > best ? sum->source[s] : best;
	return best;
}

static void check_quality(const char *what, bool all)
{
	struct quality sum = measure(all);

	tell(what, &sum);
	CHECK(sum.fused >= best_source(&sum));
	CHECK(sum.known > sum.fused);
	/* Vectors of words know little, and cannot spoil much. */
	CHECK(sum.reranked >= 0.9 * sum.fused);
}

int main(void)
{
	mem = arena_new(64 << 20);
	check_quality("each item in one source", false);
	check_quality("all items in each source", true);
	arena_free(mem);
	return check_end();
}
