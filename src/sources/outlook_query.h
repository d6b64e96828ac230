/* A question about mail, made into the search language of Microsoft Graph.
 *
 * The language is KQL: words, "phrases", property:"value", AND, OR, NOT and
 * parentheses. Whatever is not one of the forms below is data and stands in
 * quotes, so no question becomes another by the signs in it:
 *
 *   word, "some words", prefix*     a OR b     -word, NOT word
 *   from: to: cc: bcc: subject: body: attachment: participants: recipients:
 *   received: sent: date: (a day, a month, a year, a..b, >=a, <a),
 *   after: since: before: until:    has:attachment    importance:high
 *   in:inbox and the other folders of every mailbox */
#ifndef GATEHOUSE_SOURCES_OUTLOOK_QUERY_H
#define GATEHOUSE_SOURCES_OUTLOOK_QUERY_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct result;

/* What a list of mails weighs that have only some of the words (struct job). */
#define OUTLOOK_WIDENED_WEIGHT 0.3

struct outlook_query {
	const char *folder; /* Graph's name for it; NULL: the whole mailbox */
	const char *every;  /* KQL for all that was asked; NULL: any mail */
	/* KQL for mail with some of the words; NULL where that is the same. */
	const char *any;
	const char **words; /* that a mail should have, for ranking */
	size_t word_count;
	bool no_such_folder; /* it named one we cannot search, or leave out */
	bool no_words;       /* there was nothing to search for */
	bool cut;            /* it had more words than are searched */
};

/* Reads a question; of mem. */
struct outlook_query outlook_query_read(struct arena *mem, const char *text);

/* KQL as the value of $search: a string in double quotes, with \ before each
 * " and \ inside. It has still to be percent-encoded. Of mem. */
const char *outlook_search_value(struct arena *mem, const char *kql);

/* Puts mails, which Graph gives newest first, in the order in which they fit:
 * by words and by age alike; widened, which is where any word was enough, by
 * words. */
void outlook_rank(struct arena *mem, const struct outlook_query *query,
                  bool widened, struct result *mails, size_t count);

#endif
