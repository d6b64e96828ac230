#include "search/shown.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/words.h"

enum { WORDS_MOST = 20 };

/* A semantic search may be right without a common word, so this voice is not
 * as loud as a source's. */
static const double VOICE = 0.25;

/* The stem is what is looked for: a plural's s is no difference. */
static const char *stem(struct arena *mem, const char *word)
{
	size_t size = strlen(word);

	if (size > 3 && tolower((unsigned char)word[size - 1]) == 's')
		size--;
	return text_copy_n(mem, word, size);
}

static size_t words_of(struct arena *mem, const char *question,
                       const char *words[WORDS_MOST])
{
	const char *at = words_plain(mem, question);
	size_t count = 0;

	while (count < WORDS_MOST) {
		struct term_read term;
		const char *word;

		while (*at == ' ')
			at++;
		if (!*at)
			break;
		term = words_term(mem, &at);
		word = word_bare(mem, term.text);
		if (!term.minus && term.form <= TERM_PHRASE &&
		    word_is_any(word) && !word_is_noise(word))
			words[count++] = stem(mem, word);
	}
	return count;
}

/* Whether a word of the text begins so. */
static bool shows(const char *text, const char *word)
{
	const char *at = text;

	while (at && (at = strcasestr(at, word))) {
		if (at == text || !isalnum((unsigned char)at[-1]))
			return true;
		at++;
	}
	return false;
}

static bool shows_any(const struct hit *hit, const char *word)
{
	return shows(hit->result->title, word) ||
	       shows(hit->result->snippet, word);
}

/* A word that most hits show says little about which of them is meant (the
 * usual inverse document frequency, as BM25 has it). */
static double rarity(const char *word, const struct hit *hits, size_t count)
{
	size_t with = 0;

	for (size_t i = 0; i < count; i++)
		with += shows_any(&hits[i], word);
	return log(1 + ((double)(count - with) + 0.5) / ((double)with + 0.5));
}

void shown_score(struct arena *mem, const char *question, struct hit *hits,
                 size_t count)
{
	double *points = arena_array(mem, count + 1, sizeof(*points));
	const char *words[WORDS_MOST];
	size_t word_count = words_of(mem, question, words);

	for (size_t w = 0; w < word_count; w++) {
		double weight = rarity(words[w], hits, count);

		for (size_t i = 0; i < count; i++) {
			if (shows(hits[i].result->title, words[w]))
				points[i] += 2 * weight;
			if (shows(hits[i].result->snippet, words[w]))
				points[i] += weight;
		}
	}
	for (size_t i = 0; i < count; i++) {
		size_t better = 0;

		for (size_t n = 0; n < count; n++)
			better += points[n] > points[i];
		hits[i].score += VOICE * fuse_score(better);
	}
}
