#include "sources/outlook_words.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "core/arena.h"
#include "core/text.h"

// clang-format off
static const struct property properties[] = {
	{ "from",           "from",           VALUE_WORDS,  NULL },
	{ "sender",         "from",           VALUE_WORDS,  NULL },
	{ "to",             "to",             VALUE_WORDS,  NULL },
	{ "cc",             "cc",             VALUE_WORDS,  NULL },
	{ "bcc",            "bcc",            VALUE_WORDS,  NULL },
	{ "recipients",     "recipients",     VALUE_WORDS,  NULL },
	{ "participants",   "participants",   VALUE_WORDS,  NULL },
	{ "subject",        "subject",        VALUE_WORDS,  NULL },
	{ "body",           "body",           VALUE_WORDS,  NULL },
	{ "attachment",     "attachment",     VALUE_WORDS,  NULL },
	{ "filename",       "attachment",     VALUE_WORDS,  NULL },
	{ "received",       "received",       VALUE_DATE,   NULL },
	{ "date",           "received",       VALUE_DATE,   NULL },
	{ "sent",           "sent",           VALUE_DATE,   NULL },
	{ "after",          "received",       VALUE_DATE,   ">=" },
	{ "since",          "received",       VALUE_DATE,   ">=" },
	{ "before",         "received",       VALUE_DATE,   "<" },
	{ "until",          "received",       VALUE_DATE,   "<=" },
	{ "hasattachment",  "hasattachments", VALUE_YES,    NULL },
	{ "hasattachments", "hasattachments", VALUE_YES,    NULL },
	{ "has",            "hasattachments", VALUE_HAS,    NULL },
	{ "importance",     "importance",     VALUE_LEVEL,  NULL },
	{ "in",             NULL,             VALUE_FOLDER, NULL },
	{ "folder",         NULL,             VALUE_FOLDER, NULL },
	{ 0 },
};

static const struct folder {
	const char *word;
	const char *name; /* of Graph's well-known folders; "": all */
} folders[] = {
	{ "inbox",        "inbox" },
	{ "sent",         "sentitems" },
	{ "sentitems",    "sentitems" },
	{ "sent items",   "sentitems" },
	{ "sent mail",    "sentitems" },
	{ "outbox",       "outbox" },
	{ "draft",        "drafts" },
	{ "drafts",       "drafts" },
	{ "archive",      "archive" },
	{ "deleted",      "deleteditems" },
	{ "deleteditems", "deleteditems" },
	{ "deleted items", "deleteditems" },
	{ "trash",        "deleteditems" },
	{ "bin",          "deleteditems" },
	{ "junk",         "junkemail" },
	{ "junkemail",    "junkemail" },
	{ "junk email",   "junkemail" },
	{ "spam",         "junkemail" },
	{ "all",          "" },
	{ "anywhere",     "" },
	{ "mailbox",      "" },
	{ 0 },
};
// clang-format on

/* In nearly every mail, or in none because they are about the search. */
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

/* Any mail is meant, the newest first. */
static const char *const mail_words[] = {
	"email",  "emails", "e-mail",  "e-mails",  "mail",
	"mails",  "inbox",  "mailbox", "message",  "messages",
	"latest", "newest", "recent",  "recently", NULL,
};

static bool among(const char *word, const char *const *list)
{
	for (; *list; list++) {
		if (text_same_ascii(word, *list))
			return true;
	}
	return false;
}

bool word_is_mail(const char *word)
{
	return among(word, mail_words);
}

bool word_is_noise(const char *word)
{
	return among(word, noise) || among(word, mail_words);
}

const char *folder_of(const char *word)
{
	for (const struct folder *f = folders; f->word; f++) {
		if (text_same_ascii(word, f->word))
			return f->name;
	}
	return NULL;
}

/* ---- properties ---- */

static const char *const signs[] = { ">=", "<=", ">", "<", ":", "=", NULL };

/* The sign text begins with; "" if none. */
static const char *sign_at(const char *text)
{
	for (size_t i = 0; signs[i]; i++) {
		if (text_starts(text, signs[i]))
			return signs[i];
	}
	return "";
}

static size_t name_size(const char *word)
{
	size_t size = 0;

	while (isalpha((unsigned char)word[size]))
		size++;
	return size;
}

const struct property *property_of(const char *word, const char **rest)
{
	size_t size = name_size(word);
	const char *sign = sign_at(word + size);

	for (const struct property *p = properties; p->word && *sign; p++) {
		if (strlen(p->word) != size ||
		    strncasecmp(p->word, word, size) != 0)
			continue;
		/* Only dates are compared. */
		if (*sign != ':' && p->form != VALUE_DATE)
			return NULL;
		*rest = word + size + strlen(sign);
		return p;
	}
	return NULL;
}

/* ---- dates ---- */

struct day {
	int year, month, date;
};

struct span {
	struct day first, last;
};

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

/* Month first, as the language itself writes them: 9/14/2026. */
static bool take_american(const char **at, struct span *span)
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
	*span = (struct span){ day, day };
	*at = try;
	return true;
}

/* 2026, 2026-09, 2026-09-14, also with slashes, also with a time after it,
 * which is dropped: the language compares days. */
static bool take_span(const char **at, struct span *span)
{
	struct day first = { 0, 1, 1 }, last = { 0, 12, 31 };
	char separator;

	if (take_american(at, span))
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
	*span = (struct span){ first, last };
	return is_day(&first) && is_day(&last);
}

static const char *written(struct arena *mem, const struct day *day)
{
	return text_format(mem, "%02d/%02d/%04d", day->month, day->date,
	                   day->year);
}

/* ">=" and "<" begin with the first day of a span, the others with its last. */
static const char *compared(struct arena *mem, const char *name,
                            const char *sign, const struct span *span)
{
	bool first = text_same(sign, ">=") || text_same(sign, "<");

	return text_format(mem, "%s%s%s", name, sign,
	                   written(mem, first ? &span->first : &span->last));
}

static const char *between(struct arena *mem, const char *name,
                           const struct day *first, const struct day *last)
{
	const char *from = written(mem, first), *to = written(mem, last);

	return text_same(from, to)
	               ? text_format(mem, "%s:%s", name, from)
	               : text_format(mem, "%s:%s..%s", name, from, to);
}

/* a..b, a.. and ..b, a alone, each with nothing after it. */
static const char *ranged(struct arena *mem, const char *name, const char *at)
{
	struct span from, to;
	bool has_from = !text_starts(at, "..");

	if (has_from && !take_span(&at, &from))
		return NULL;
	if (has_from && !*at)
		return between(mem, name, &from.first, &from.last);
	if (!text_starts(at, ".."))
		return NULL;
	at += 2;
	if (has_from && !*at)
		return compared(mem, name, ">=", &from);
	if (!take_span(&at, &to) || *at)
		return NULL;
	return has_from ? between(mem, name, &from.first, &to.last)
	                : compared(mem, name, "<=", &to);
}

static const char *date_kql(struct arena *mem, const struct property *property,
                            const char *word, const char *value)
{
	const char *sign = sign_at(word + name_size(word));
	struct span span;

	if (*sign == ':' || *sign == '=') {
		const char *second = sign_at(value); /* received:>=2026 */

		value += strlen(second);
		sign = *second == '=' ? ":" : *second ? second : ":";
	}
	if (property->sign)
		sign = property->sign;
	if (*sign == ':')
		return ranged(mem, property->name, value);
	return take_span(&value, &span) && !*value
	               ? compared(mem, property->name, sign, &span)
	               : NULL;
}

const char *property_kql(struct arena *mem, const struct property *property,
                         const char *word, const char *value)
{
	static const char *const yes[] = { "true", "false", NULL };
	static const char *const levels[] = { "high", "normal", "low", NULL };
	static const char *const has[] = { "attachment", "attachments", NULL };

	switch (property->form) {
	case VALUE_DATE:
		return date_kql(mem, property, word, value);
	case VALUE_YES:
		return among(value, yes)
		               ? text_format(mem, "%s:%s", property->name,
		                             text_lower(mem, value))
		               : NULL;
	case VALUE_LEVEL:
		return among(value, levels)
		               ? text_format(mem, "%s:%s", property->name,
		                             text_lower(mem, value))
		               : NULL;
	case VALUE_HAS:
		return among(value, has)
		               ? text_format(mem, "%s:true", property->name)
		               : NULL;
	case VALUE_WORDS:
	case VALUE_FOLDER:
	default:
		return NULL;
	}
}
