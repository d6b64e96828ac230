#include "sources/outlook_query.h"

#include <ctype.h>
#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/outlook_words.h"
#include "sources/words.h"

enum {
	TERMS_MOST = 40, /* KQL of more than 2,048 characters is refused */
};

struct term {
	const char *kql;
	const char *word; /* what it looks for; NULL: it has a property */
	bool noise;       /* a word that most mails have, or none */
	bool negated;
	bool alternative; /* it or the one before */
};

struct reader {
	struct arena *mem;
	const char *at;
	struct term terms[TERMS_MOST];
	size_t count;
	bool negated;     /* the next one is */
	bool alternative; /* the next one is */
	bool about_mail;  /* "mails", "messages": any mail is meant */
	struct outlook_query *query;
};

/* ---- what is data ---- */

/* An ASCII word with a star after it, which works outside quotes only. */
static bool is_prefix(const char *word)
{
	size_t size = strlen(word);

	for (size_t i = 0; i + 1 < size; i++) {
		if (!isalnum((unsigned char)word[i]))
			return false;
	}
	return size > 2 && word[size - 1] == '*';
}

static const char *quoted(struct arena *mem, const char *data)
{
	return is_prefix(data) ? data : text_format(mem, "\"%s\"", data);
}

/* ---- reading ---- */

static struct term *add(struct reader *r, const char *kql)
{
	struct term *term = &r->terms[r->count];

	if (r->count == TERMS_MOST) {
		r->query->cut = true;
		return NULL;
	}
	*term = (struct term){ .kql = kql, .negated = r->negated };
	term->alternative = r->alternative && r->count > 0 && !r->negated &&
	                    !term[-1].negated;
	if (term->alternative)
		term[-1].noise = false;
	r->negated = r->alternative = false;
	r->count++;
	return term;
}

static void add_data(struct reader *r, const char *data, bool phrase)
{
	struct term *term;

	data = phrase ? text_trim(r->mem, data) : word_bare(r->mem, data);
	if (!word_is_any(data))
		return;
	term = add(r, quoted(r->mem, data));
	if (!term)
		return;
	term->word = data;
	if (phrase || term->negated || term->alternative)
		return;
	term->noise = word_is_noise(data) || word_is_mail(data);
	r->about_mail = r->about_mail || word_is_mail(data);
}

/* What stands after "from:", with a blank or without. */
static const char *take_value(struct reader *r, const char *rest)
{
	const char *value;

	if (*rest)
		return rest;
	r->at += strspn(r->at, " ");
	value = words_phrase(r->mem, &r->at);
	return value ? value : words_next(r->mem, &r->at);
}

static void take_folder(struct reader *r, const char *value)
{
	const char *folder = folder_of(word_bare(r->mem, value));

	if (!folder || r->negated)
		r->query->no_such_folder = true;
	else
		r->query->folder = *folder ? folder : NULL;
	r->negated = r->alternative = false;
}

/* property:value. False: it is none, and nothing was read. */
static bool take_property(struct reader *r, const char *word)
{
	const struct property *property;
	const char *before = r->at, *rest, *value, *kql = NULL;

	property = property_of(word, &rest);
	if (!property)
		return false;
	value = take_value(r, rest);
	if (property->form == VALUE_FOLDER && word_is_any(value)) {
		take_folder(r, value);
		return true;
	}
	if (property->form == VALUE_WORDS && word_is_any(value))
		kql = text_format(r->mem, "%s:%s", property->name,
		                  quoted(r->mem, text_trim(r->mem, value)));
	else if (property->form != VALUE_FOLDER)
		kql = property_kql(r->mem, property, word, value);
	if (kql)
		add(r, kql);
	else
		r->at = before;
	return kql;
}

static void take_term(struct reader *r)
{
	struct term_read term = words_term(r->mem, &r->at);

	r->negated = r->negated || term.minus;
	switch (term.form) {
	case TERM_PHRASE:
		add_data(r, term.text, true);
		break;
	case TERM_NOT:
		r->negated = true;
		break;
	case TERM_OR:
		r->alternative = true;
		break;
	case TERM_WORD:
	default:
		if (!take_property(r, term.text))
			add_data(r, term.text, false);
	}
}

/* ---- which terms count ---- */

static bool is_kept(const struct reader *r, bool with_noise, size_t i)
{
	return with_noise || !r->terms[i].noise;
}

static bool any_positive(const struct reader *r, bool with_noise)
{
	for (size_t i = 0; i < r->count; i++) {
		if (!r->terms[i].negated && is_kept(r, with_noise, i))
			return true;
	}
	return false;
}

/* Noise goes, unless there is nothing else and no mail in general is meant;
 * terms that are only negated are not, unless mail in general is meant. */
static void sift(struct reader *r)
{
	bool with_noise = false;
	size_t kept = 0;

	if (!any_positive(r, false) && !r->about_mail && !r->query->folder)
		with_noise = true;
	for (size_t i = 0; i < r->count; i++) {
		if (is_kept(r, with_noise, i))
			r->terms[kept++] = r->terms[i];
	}
	r->count = kept;
	if (!any_positive(r, true) && !r->about_mail && !r->query->folder) {
		for (size_t i = 0; i < r->count; i++)
			r->terms[i].negated = false;
	}
}

/* ---- printing ---- */

/* How many terms from there on are alternatives; plain: set to whether one of
 * them is a word. */
static size_t group_size(const struct reader *r, size_t from, bool *is_plain)
{
	size_t size = 1;

	*is_plain = r->terms[from].word && !r->terms[from].negated;
	while (from + size < r->count && r->terms[from + size].alternative) {
		*is_plain = *is_plain || r->terms[from + size].word;
		size++;
	}
	return size;
}

static void put(struct buffer *out, const char *between, const char *kql)
{
	if (out->size > 0)
		buffer_add(out, between);
	buffer_add(out, kql);
}

static const char *either(const struct reader *r, size_t from, size_t size)
{
	struct buffer out = { .mem = r->mem };

	if (size == 1)
		return r->terms[from].kql;
	for (size_t i = 0; i < size; i++)
		put(&out, " OR ", r->terms[from + i].kql);
	return text_format(r->mem, "(%s)", buffer_text(&out));
}

/* Joined by AND in so many letters: side by side, some versions of the
 * language take two values of one property as alternatives. Words of which any
 * is enough go into one group; without_words leaves them out, for the rest. */
static const char *all_of(const struct reader *r, bool without_words)
{
	struct buffer out = { .mem = r->mem }, not = { .mem = r->mem };
	bool is_plain;

	for (size_t i = 0, size; i < r->count; i += size) {
		size = group_size(r, i, &is_plain);
		if (is_plain && without_words)
			continue;
		if (r->terms[i].negated)
			put(&not, " AND NOT ", r->terms[i].kql);
		else
			put(&out, " AND ", either(r, i, size));
	}
	if (not .size > 0) {
		if (out.size == 0 && !without_words)
			buffer_add(&out, "kind:email");
		put(&out, " AND ", "NOT ");
		buffer_add(&out, buffer_text(&not ));
	}
	return out.size > 0 ? buffer_text(&out) : NULL;
}

static const char *any_of(const struct reader *r)
{
	struct buffer words = { .mem = r->mem };
	const char *rest = all_of(r, true);
	size_t groups = 0;
	bool is_plain;

	for (size_t i = 0, size; i < r->count; i += size) {
		size = group_size(r, i, &is_plain);
		if (!is_plain)
			continue;
		groups++;
		for (size_t n = 0; n < size; n++)
			put(&words, " OR ", r->terms[i + n].kql);
	}
	if (groups < 2)
		return NULL;
	return rest ? text_format(r->mem, "(%s) AND %s", buffer_text(&words),
	                          rest)
	            : buffer_text(&words);
}

static void keep_words(const struct reader *r)
{
	struct outlook_query *query = r->query;

	query->words = arena_array(r->mem, r->count + 1, sizeof(char *));
	for (size_t i = 0; i < r->count; i++) {
		const char *word = r->terms[i].word;

		if (word && !r->terms[i].negated)
			query->words[query->word_count++] =
				text_copy_n(r->mem, word, strcspn(word, "*"));
	}
}

struct outlook_query outlook_query_read(struct arena *mem, const char *text)
{
	struct outlook_query query = { 0 };
	struct reader *r = arena_alloc(mem, sizeof(*r));

	r->mem = mem;
	r->query = &query;
	r->at = words_plain(mem, text);
	for (r->at += strspn(r->at, " "); *r->at; r->at += strspn(r->at, " "))
		take_term(r);
	sift(r);
	query.every = all_of(r, false);
	query.any = any_of(r);
	keep_words(r);
	query.no_words = !query.every && !query.folder && !r->about_mail;
	return query;
}

const char *outlook_search_value(struct arena *mem, const char *kql)
{
	struct buffer out = { .mem = mem };

	buffer_add(&out, "\"");
	for (; *kql; kql++) {
		if (*kql == '"' || *kql == '\\')
			buffer_add(&out, "\\");
		buffer_add_n(&out, kql, 1);
	}
	buffer_add(&out, "\"");
	return buffer_text(&out);
}
