#include "sources/words.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "core/arena.h"
#include "core/text.h"

/* Quotes of all sorts end a phrase, so none is left inside one. */
const char *words_plain(struct arena *mem, const char *text)
{
	static const char *const quotes[] = {
		"\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x9E", "\xE2\x80\x9F",
		"\xC2\xAB",     "\xC2\xBB",     "\xEF\xBC\x82",
	};
	struct buffer out = { .mem = mem };

	while (*text) {
		const char *put = NULL;
		size_t size = 1;

		for (size_t i = 0; i < sizeof(quotes) / sizeof(*quotes); i++) {
			if (text_starts(text, quotes[i])) {
				put = "\"";
				size = strlen(quotes[i]);
			}
		}
		if (!put && ((unsigned char)*text < ' ' || *text == '\\'))
			put = " ";
		if (put)
			buffer_add(&out, put);
		else
			buffer_add_n(&out, text, 1);
		text += size;
	}
	return buffer_text(&out);
}

const char *words_phrase(struct arena *mem, const char **at)
{
	const char *end = **at == '"' ? strchr(*at + 1, '"') : NULL;
	const char *phrase;

	if (!end)
		return NULL;
	phrase = text_copy_n(mem, *at + 1, (size_t)(end - *at - 1));
	*at = end + 1;
	return phrase;
}

const char *words_next(struct arena *mem, const char **at)
{
	size_t size = strcspn(*at, " \"");
	const char *word = text_copy_n(mem, *at, size);

	*at += size;
	return word;
}

struct term_read words_term(struct arena *mem, const char **at)
{
	struct term_read term = {
		.minus = **at == '-' && (*at)[1] && !strchr(" -", (*at)[1]),
	};

	*at += term.minus;
	term.text = words_phrase(mem, at);
	if (term.text) {
		term.form = TERM_PHRASE;
		return term;
	}
	*at += **at == '"'; /* one that nothing ends */
	term.text = words_next(mem, at);
	if (text_same(term.text, "NOT"))
		term.form = TERM_NOT;
	else if (text_same_ascii(term.text, "or"))
		term.form = TERM_OR;
	return term;
}

bool word_is_any(const char *text)
{
	for (; *text; text++) {
		if (isalnum((unsigned char)*text) ||
		    (unsigned char)*text >= 0x80)
			return true;
	}
	return false;
}

const char *word_bare(struct arena *mem, const char *word)
{
	static const char signs[] = ".,;:!?()[]{}<>'`|&";
	size_t size;

	word += strspn(word, signs);
	size = strlen(word);
	while (size > 0 && strchr(signs, word[size - 1]))
		size--;
	return text_copy_n(mem, word, size);
}

/* ---- words that say nothing ---- */

static const char *const noise[] = {
	"a",    "about", "all",   "an",     "and",   "any",    "are",   "as",
	"at",   "be",    "by",    "can",    "could", "did",    "do",    "does",
	"find", "for",   "from",  "get",    "give",  "had",    "has",   "have",
	"how",  "i",     "in",    "is",     "it",    "list",   "me",    "my",
	"of",   "on",    "our",   "please", "say",   "search", "show",  "tell",
	"that", "the",   "their", "there",  "they",  "this",   "to",    "us",
	"was",  "we",    "were",  "what",   "when",  "where",  "which", "who",
	"will", "with",  "would", "you",    "your",  NULL,
};

bool word_among(const char *word, const char *const *list)
{
	for (; *list; list++) {
		if (text_same_ascii(word, *list))
			return true;
	}
	return false;
}

bool word_is_noise(const char *word)
{
	return word_among(word, noise);
}

/* ---- dates ---- */

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30,
		                    31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* A number of least to most digits; moves on. -1: none. */
static int take_number(const char **at, int least, int most)
{
	int number = 0, digits = 0;

	for (; isdigit((unsigned char)**at) && digits < most; digits++)
		number = number * 10 + *(*at)++ - '0';
	return digits >= least ? number : -1;
}

static bool take_separator(const char **at, char separator)
{
	if (**at != separator)
		return false;
	(*at)++;
	return true;
}

static bool is_day(const struct day *day)
{
	return day->year >= 1900 && day->year <= 2999 && day->month >= 1 &&
	       day->month <= 12 && day->date >= 1 &&
	       day->date <= days_in(day->year, day->month);
}

/* 9/14/2026 */
static bool take_american(const char **at, struct days *days)
{
	const char *try = *at;
	struct day day;

	day.month = take_number(&try, 1, 2);
	if (!take_separator(&try, '/'))
		return false;
	day.date = take_number(&try, 1, 2);
	if (!take_separator(&try, '/'))
		return false;
	day.year = take_number(&try, 4, 4);
	if (!is_day(&day))
		return false;
	*days = (struct days){ day, day };
	*at = try;
	return true;
}

bool words_days(const char **at, struct days *days)
{
	struct day first = { 0, 1, 1 }, last = { 0, 12, 31 };
	char separator;

	if (take_american(at, days))
		return true;
	first.year = last.year = take_number(at, 4, 4);
	separator = **at == '/' ? '/' : '-';
	if (first.year > 0 && take_separator(at, separator)) {
		first.month = last.month = take_number(at, 1, 2);
		if (first.month < 1 || first.month > 12)
			return false;
		last.date = days_in(last.year, last.month);
		if (take_separator(at, separator))
			first.date = last.date = take_number(at, 1, 2);
	}
	if (**at == 'T')
		*at += strspn(*at, "T0123456789:.Z");
	*days = (struct days){ first, last };
	return is_day(&first) && is_day(&last);
}
