/* A person's question as Box wants it. */
#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/box.h"

enum { WORDS_MOST = 20 };

/* Words that mean something to Box stand in lower case; so does a user's. */
static bool is_operator(const char *word)
{
	return text_same(word, "AND") || text_same(word, "OR") ||
	       text_same(word, "NOT");
}

/* YYYY-MM-DD as a moment; NULL for anything else. */
static const char *moment(struct arena *mem, const char *day)
{
	long month, date, year;

	if (strlen(day) != 10 || day[4] != '-' || day[7] != '-' ||
	    !text_number(text_copy_n(mem, day, 4), 1900, 9999, &year) ||
	    strspn(day + 5, "0123456789") != 2 ||
	    strspn(day + 8, "0123456789") != 2)
		return NULL;
	month = (day[5] - '0') * 10 + day[6] - '0';
	date = (day[8] - '0') * 10 + day[9] - '0';
	if (month < 1 || month > 12 || date < 1 || date > 31)
		return NULL;
	return text_format(mem, "%sT00:00:00Z", day);
}

static bool is_extension(const char *text)
{
	size_t size = strlen(text);

	return size > 0 && size <= 20 &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz"
	                    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == size;
}

static bool is_type(const char *text)
{
	return text_same(text, "file") || text_same(text, "folder") ||
	       text_same(text, "web_link");
}

/* Takes a word that narrows. False: it is none, but a word like others. */
static bool take_filter(struct arena *mem, struct box_query *query,
                        const char *word)
{
	const char *value = strchr(word, ':');
	const char *name =
		value ? text_copy_n(mem, word, (size_t)(value - word)) : "";
	const char *when;

	value = value ? value + 1 : "";
	if (text_same(name, "type") && is_type(value))
		query->type = value;
	else if (text_same(name, "ext") && is_extension(value))
		query->extension = text_lower(mem, value);
	else if (text_same(name, "folder") && box_is_id(value))
		query->folder = value;
	else if ((text_same(name, "after") || text_same(name, "before")) &&
	         (when = moment(mem, value)))
		*(*name == 'a' ? &query->after : &query->before) = when;
	else if (text_same(name, "type") || text_same(name, "ext") ||
	         text_same(name, "folder") || text_same(name, "after") ||
	         text_same(name, "before"))
		query->wrong = "Of type:file|folder|web_link, ext:pdf, "
			       "folder:123, after: and before:2026-01-31 one "
			       "was not understood and was searched for as a "
			       "word.";
	else
		return false;
	return !query->wrong;
}

/* The next word or "phrase" of a text, without quotes; NULL at its end.
 * phrase: set. */
static const char *next_word(struct arena *mem, const char **at, bool *phrase)
{
	size_t size;
	const char *word, *end;

	*at += strspn(*at, " ");
	if (!**at)
		return NULL;
	end = **at == '"' ? strchr(*at + 1, '"') : NULL;
	*phrase = end && end > *at + 1;
	size = *phrase ? (size_t)(end - *at - 1) : strcspn(*at, " ");
	word = text_copy_n(mem, *at + *phrase, size);
	*at += size + (*phrase ? 2 : 0);
	return word;
}

static char *without_quotes(struct arena *mem, const char *word)
{
	char *plain = text_copy(mem, word), *to = plain;

	for (const char *c = plain; *c; c++)
		if (*c != '"')
			*to++ = *c;
	*to = '\0';
	return plain;
}

struct box_query box_query_of(struct arena *mem, const char *text)
{
	struct box_query query = { .type = "file", .after = "", .before = "" };
	struct buffer all = { .mem = mem }, any = { .mem = mem };
	const char *word;
	int words = 0;
	bool phrase;

	while ((word = next_word(mem, &text, &phrase)) && words < WORDS_MOST) {
		if (!phrase && take_filter(mem, &query, word))
			continue;
		word = without_quotes(mem, word);
		if (!*word)
			continue;
		if (is_operator(word))
			word = text_lower(mem, word);
		buffer_add(&all, words ? " AND " : "");
		buffer_add(&any, words ? " " : "");
		/* quoted, so that nothing in a word is read as syntax */
		buffer_format(&all, "\"%s\"", word);
		buffer_format(&any, "\"%s\"", word);
		words++;
	}
	query.all = words ? buffer_text(&all) : NULL;
	query.any = words > 1 ? buffer_text(&any) : NULL;
	return query;
}
