/* The words of a person's question, read the same way by every kind that has
 * to put them into a vendor's search language. */
#ifndef GATEHOUSE_SOURCES_WORDS_H
#define GATEHOUSE_SOURCES_WORDS_H

#include <stdbool.h>

struct arena;

/* The question with one sort of double quotes, and blanks in place of control
 * characters and backslashes, which no word has and which some readers take as
 * a sign that the next quote is data. Of mem. */
const char *words_plain(struct arena *mem, const char *text);

/* The inside of quotes, if one begins at *at and ends; moves on, past it. NULL:
 * none, and nothing was read. Of mem. */
const char *words_phrase(struct arena *mem, const char **at);

/* What stands before the next blank or quote; moves on. Of mem. */
const char *words_next(struct arena *mem, const char **at);

/* What comes next in a question: a phrase in quotes, a word, or one that
 * joins others. */
enum term_form { TERM_WORD, TERM_PHRASE, TERM_NOT, TERM_OR };
struct term_read {
	enum term_form form;
	bool minus; /* a minus stands before it */
	const char *text;
};

/* Reads it and moves on; of mem. */
struct term_read words_term(struct arena *mem, const char **at);

/* Whether there is anything to look for in it. */
bool word_is_any(const char *text);

/* A word without the signs of a sentence around it; of mem. */
const char *word_bare(struct arena *mem, const char *word);

/* Whether a word is in a list that ends with NULL, in whatever case. */
bool word_among(const char *word, const char *const *list);

/* Whether a word is in nearly every text, or in none because it is about the
 * search itself: "the", "find". */
bool word_is_noise(const char *word);

struct day {
	int year, month, date;
};

/* Some days on end, both included. */
struct days {
	struct day first, last;
};

/* Reads 2026, 2026-09, 2026-09-14, also with slashes, also with a time after
 * it, which is dropped; and 9/14/2026, month first. Moves on. False: there is
 * no such date. */
bool words_days(const char **at, struct days *days);

#endif
