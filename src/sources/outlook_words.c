#include "sources/outlook_words.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/words.h"

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

/* Any mail is meant, the newest first. */
static const char *const mail_words[] = {
	"email",  "emails", "e-mail",  "e-mails",  "mail",
	"mails",  "inbox",  "mailbox", "message",  "messages",
	"latest", "newest", "recent",  "recently", NULL,
};

bool word_is_mail(const char *word)
{
	return word_among(word, mail_words);
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

static const char *written(struct arena *mem, const struct day *day)
{
	return text_format(mem, "%02d/%02d/%04d", day->month, day->date,
	                   day->year);
}

/* ">=" and "<" begin with the first day of a span, the others with its last. */
static const char *compared(struct arena *mem, const char *name,
                            const char *sign, const struct days *span)
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
	struct days from, to;
	bool has_from = !text_starts(at, "..");

	if (has_from && !words_days(&at, &from))
		return NULL;
	if (has_from && !*at)
		return between(mem, name, &from.first, &from.last);
	if (!text_starts(at, ".."))
		return NULL;
	at += 2;
	if (has_from && !*at)
		return compared(mem, name, ">=", &from);
	if (!words_days(&at, &to) || *at)
		return NULL;
	return has_from ? between(mem, name, &from.first, &to.last)
	                : compared(mem, name, "<=", &to);
}

static const char *date_kql(struct arena *mem, const struct property *property,
                            const char *word, const char *value)
{
	const char *sign = sign_at(word + name_size(word));
	struct days span;

	if (*sign == ':' || *sign == '=') {
		const char *second = sign_at(value); /* received:>=2026 */

		value += strlen(second);
		sign = *second == '=' ? ":" : *second ? second : ":";
	}
	if (property->sign)
		sign = property->sign;
	if (*sign == ':')
		return ranged(mem, property->name, value);
	return words_days(&value, &span) && !*value
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
		return word_among(value, yes)
		               ? text_format(mem, "%s:%s", property->name,
		                             text_lower(mem, value))
		               : NULL;
	case VALUE_LEVEL:
		return word_among(value, levels)
		               ? text_format(mem, "%s:%s", property->name,
		                             text_lower(mem, value))
		               : NULL;
	case VALUE_HAS:
		return word_among(value, has)
		               ? text_format(mem, "%s:true", property->name)
		               : NULL;
	case VALUE_WORDS:
	case VALUE_FOLDER:
	default:
		return NULL;
	}
}
