/* Searching mail: one call, and one more with fewer words when nothing has all
 * of them. Graph gives the newest first; we take more than wanted and rank. */
#include "sources/outlook.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/clean.h"
#include "sources/outlook_query.h"

/* What is asked of each mail. */
#define HITS                                                       \
	"$top={}&$select=id,subject,from,sender,receivedDateTime," \
	"lastModifiedDateTime,bodyPreview,webLink,internetMessageId"
enum { HITS_LEAST = 25, HITS_MOST = 200 };

struct notes {
	struct outlook_query query;
	size_t top;   /* mails asked for: more than wanted, to choose from */
	bool widened; /* any of the words was enough */
};

/* A mail that was found, and how well it fits. */
struct found {
	struct result result;
	size_t newer; /* how many are */
	long points;  /* for the words in it */
	double score;
};

static struct step read_hits(struct job *job);

/* ---- asking ---- */

static const char *query_of(struct job *job, const char *kql)
{
	const struct notes *notes = job->notes;
	const char *top = text_format(job->mem, "%zu", notes->top);

	if (kql)
		return url_fill(job->mem, "?$search={}&" HITS,
		                outlook_search_value(job->mem, kql), top);
	return url_fill(job->mem, "?$orderby=receivedDateTime%20desc&" HITS,
	                top);
}

static struct step ask(struct job *job, const char *kql)
{
	const struct notes *notes = job->notes;

	outlook_get(job, outlook_mails_url(job, notes->query.folder,
	                                   query_of(job, kql)));
	return vendor_ask(job, read_hits);
}

struct step outlook_search(struct job *job)
{
	struct notes *notes = arena_alloc(job->mem, sizeof(*notes));

	job->notes = notes;
	notes->query = outlook_query_read(job->mem, job->query);
	notes->top = job->limit < HITS_LEAST  ? HITS_LEAST
	             : job->limit > HITS_MOST ? HITS_MOST
	                                      : job->limit;
	if (notes->query.no_words) {
		job->help = "There are no words to search mail for.";
		return DONE;
	}
	return ask(job, notes->query.every);
}

/* ---- ranking ---- */

/* A word counts once, where it counts most. */
static long points_of(const struct result *mail,
                      const struct outlook_query *query)
{
	long points = 0;

	for (size_t i = 0; i < query->word_count; i++) {
		const char *word = query->words[i];

		if (strcasestr(mail->title, word))
			points += 4;
		else if (mail->author && strcasestr(mail->author, word))
			points += 3;
		else if (strcasestr(mail->snippet, word))
			points += 2;
	}
	return points;
}

/* Rank by words and rank by age, fused as results of several sources are; but
 * where any word was enough, how many are there comes first. */
static void score(struct found *found, size_t count, bool widened)
{
	for (size_t i = 0; i < count; i++) {
		size_t better = 0;

		for (size_t n = 0; n < count; n++)
			better += found[n].points > found[i].points;
		found[i].score = 1.0 / (60.0 + (double)better);
		if (!widened)
			found[i].score += 1.0 / (60.0 + (double)found[i].newer);
	}
}

static int better(const void *one, const void *two)
{
	const struct found *a = one, *b = two;

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return a->newer < b->newer ? -1 : a->newer > b->newer;
}

void outlook_rank(struct arena *mem, const struct outlook_query *query,
                  bool widened, struct result *mails, size_t count)
{
	struct found *found = arena_array(mem, count + 1, sizeof(*found));

	for (size_t i = 0; i < count; i++)
		found[i] = (struct found){
			.result = mails[i],
			.newer = i,
			.points = points_of(&mails[i], query),
		};
	score(found, count, widened);
	qsort(found, count, sizeof(*found), better);
	for (size_t i = 0; i < count; i++)
		mails[i] = found[i].result;
}

/* ---- reading ---- */

static void keep(struct job *job, json_object *list)
{
	const struct notes *notes = job->notes;
	struct result *mails =
		arena_array(job->mem, notes->top + 1, sizeof(*mails));
	size_t count = 0;

	for (size_t i = 0; i < js_count(list) && count < notes->top; i++) {
		struct result mail = outlook_result(job, js_item(list, i));

		if (outlook_is_id(mail.native_id))
			mails[count++] = mail;
	}
	outlook_rank(job->mem, &notes->query, notes->widened, mails, count);
	job->results = mails;
	job->result_count = count < job->limit ? count : job->limit;
}

/* What the model should know of how the mails were found. */
static const char *help_of(const struct job *job, bool more)
{
	const struct notes *notes = job->notes;

	if (notes->query.no_such_folder)
		return "in: takes inbox, sent, drafts, archive, deleted, junk "
		       "or outbox, and cannot leave one out: the whole "
		       "mailbox was searched.";
	if (job->result_count == 0)
		return "No mail matches: try other or fewer words, or leave "
		       "out from:, dates and folders.";
	if (notes->widened)
		return "No mail has all the words: these have some of them.";
	if (notes->query.cut)
		return "The question is long: only its first words were "
		       "searched for.";
	if (more)
		return "More mails match: only the newest were looked at. "
		       "Narrow it by from:, subject:, dates such as "
		       "before:2026-01-31, or in:inbox.";
	return NULL;
}

static struct step read_hits(struct job *job)
{
	struct notes *notes = job->notes;
	struct call *call = vendor_call(job, 0);
	struct step end;
	json_object *tree, *list;

	if (vendor_failed(job, call, &end))
		return end;
	tree = vendor_json(job, call, &end);
	if (!tree)
		return end;
	list = js_get(tree, "value");
	if (!js_is_array(list))
		return outlook_unreadable(job, "no list of messages");
	if (js_count(list) == 0 && notes->query.any && !notes->widened) {
		notes->widened = true;
		return ask(job, notes->query.any);
	}
	keep(job, list);
	job->weight = notes->widened ? OUTLOOK_WIDENED_WEIGHT : 1;
	job->help = help_of(job, js_get(tree, "@odata.nextLink"));
	return DONE;
}
