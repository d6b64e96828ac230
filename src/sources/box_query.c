/* A person's question in the search language of Box: words, "phrases", AND, OR,
 * NOT. OR binds closer than AND, NOT closer than both, and nothing may begin
 * with NOT; names before a colon and parentheses mean something as well, so a
 * word with any sign in it stands in quotes. Others do not: in quotes Box looks
 * for a word as it is written, without its other forms. */
#include <ctype.h>
#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/box.h"
#include "sources/words.h"

enum { TERMS_MOST = 20, EXTENSION_MOST = 20 };

struct term {
	const char *text; /* as Box takes it */
	bool noise;
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
	struct box_query *query;
};

/* ---- filters ---- */

static bool take_type(struct reader *r, const char *value)
{
	if (text_same_ascii(value, "folder"))
		r->query->type = "folder";
	else if (text_same_ascii(value, "file"))
		r->query->type = "file";
	else
		return false;
	return true;
}

static bool is_extension(const char *text)
{
	size_t size = 0;

	while (isalnum((unsigned char)text[size]))
		size++;
	return size > 0 && size <= EXTENSION_MOST && !text[size];
}

static bool take_extensions(struct reader *r, const char *value)
{
	struct box_query *query = r->query;
	size_t count;
	char **parts = text_split(r->mem, value, ',', &count);

	if (count == 0 || query->extension_count + count > BOX_EXTENSIONS_MOST)
		return false;
	for (size_t i = 0; i < count; i++) {
		parts[i] += *parts[i] == '.';
		if (!is_extension(parts[i]))
			return false;
	}
	for (size_t i = 0; i < count; i++)
		query->extensions[query->extension_count++] =
			text_lower(r->mem, parts[i]);
	return true;
}

static bool take_folder(struct reader *r, const char *value)
{
	if (!box_is_id(value))
		return false;
	r->query->folder = value;
	return true;
}

static const char *moment(struct arena *mem, const struct day *day,
                          const char *time)
{
	return text_format(mem, "%04d-%02d-%02dT%sZ", day->year, day->month,
	                   day->date, time);
}

static bool take_after(struct reader *r, const char *value)
{
	struct days days;

	if (!words_days(&value, &days) || *value)
		return false;
	r->query->after = moment(r->mem, &days.first, "00:00:00");
	return true;
}

static bool take_before(struct reader *r, const char *value)
{
	struct days days;

	if (!words_days(&value, &days) || *value)
		return false;
	r->query->before = moment(r->mem, &days.first, "00:00:00");
	return true;
}

static bool take_until(struct reader *r, const char *value)
{
	struct days days;

	if (!words_days(&value, &days) || *value)
		return false;
	r->query->before = moment(r->mem, &days.last, "23:59:59");
	return true;
}

// clang-format off
static const struct filter {
	const char *name;
	bool (*take)(struct reader *r, const char *value);
} filters[] = {
	{ "type",   take_type },
	{ "ext",    take_extensions },
	{ "folder", take_folder },
	{ "after",  take_after },
	{ "since",  take_after },
	{ "before", take_before },
	{ "until",  take_until },
	{ 0 },
};
// clang-format on

/* Whether a word was a filter. One that leaves things out, as in -type:file, is
 * none that Box has. */
static bool take_filter(struct reader *r, const char *word)
{
	const char *colon = strchr(word, ':');
	const char *name =
		colon ? text_copy_n(r->mem, word, (size_t)(colon - word)) : "";

	for (const struct filter *f = filters; f->name; f++) {
		if (!text_same_ascii(name, f->name))
			continue;
		if (!r->negated && f->take(r, colon + 1)) {
			r->alternative = false;
			return true;
		}
		r->query->not_understood = true;
		return false;
	}
	return false;
}

/* ---- words ---- */

static bool is_plain(const char *word)
{
	while (isalnum((unsigned char)*word) || (unsigned char)*word >= 0x80)
		word++;
	return !*word;
}

/* Only in upper case do Box's operators mean something. */
static bool is_operator(const char *word)
{
	return text_same(word, "AND") || text_same(word, "OR") ||
	       text_same(word, "NOT");
}

static const char *written(struct arena *mem, const char *data, bool phrase)
{
	if (phrase || !is_plain(data))
		return text_format(mem, "\"%s\"", data);
	return is_operator(data) ? text_lower(mem, data) : data;
}

static void add(struct reader *r, const char *data, bool phrase)
{
	struct term *term = &r->terms[r->count];

	data = phrase ? text_trim(r->mem, data) : word_bare(r->mem, data);
	if (!word_is_any(data))
		return;
	if (r->count == TERMS_MOST) {
		r->query->cut = true;
		return;
	}
	*term = (struct term){
		.text = written(r->mem, data, phrase),
		.noise = !phrase && !r->negated && word_is_noise(data),
		.negated = r->negated,
		.alternative = r->alternative && r->count > 0 && !r->negated &&
		               !term[-1].negated,
	};
	if (term->alternative)
		term->noise = term[-1].noise = false;
	r->negated = r->alternative = false;
	r->count++;
}

static void take_term(struct reader *r)
{
	struct term_read term = words_term(r->mem, &r->at);

	r->negated = r->negated || term.minus;
	switch (term.form) {
	case TERM_PHRASE:
		add(r, term.text, true);
		break;
	case TERM_NOT:
		r->negated = true;
		break;
	case TERM_OR:
		r->alternative = true;
		break;
	case TERM_WORD:
	default:
		if (!take_filter(r, term.text))
			add(r, term.text, false);
	}
}

/* Noise goes, unless there is nothing else. */
static void sift(struct reader *r)
{
	size_t kept = 0;
	bool any = false;

	for (size_t i = 0; i < r->count; i++)
		any = any || (!r->terms[i].noise && !r->terms[i].negated);
	for (size_t i = 0; i < r->count; i++) {
		if (!any || !r->terms[i].noise)
			r->terms[kept++] = r->terms[i];
	}
	r->count = kept;
}

/* ---- printing ---- */

/* groups: set to how many have to match, alternatives being one. NULL: no word
 * is wanted at all. */
static const char *joined(const struct reader *r, const char *between,
                          size_t *groups)
{
	struct buffer out = { .mem = r->mem };

	*groups = 0;
	for (size_t i = 0; i < r->count; i++) {
		if (r->terms[i].negated)
			continue;
		if (out.size)
			buffer_add(&out,
			           r->terms[i].alternative ? " OR " : between);
		*groups += !r->terms[i].alternative;
		buffer_add(&out, r->terms[i].text);
	}
	for (size_t i = 0; i < r->count && out.size; i++) {
		if (r->terms[i].negated)
			buffer_format(&out, " AND NOT %s", r->terms[i].text);
	}
	return out.size ? buffer_text(&out) : NULL;
}

struct box_query box_query_read(struct arena *mem, const char *text)
{
	struct box_query query = { .type = "file", .after = "", .before = "" };
	struct reader *r = arena_alloc(mem, sizeof(*r));
	size_t groups;

	r->mem = mem;
	r->query = &query;
	r->at = words_plain(mem, text);
	for (r->at += strspn(r->at, " "); *r->at; r->at += strspn(r->at, " "))
		take_term(r);
	sift(r);
	query.all = joined(r, " AND ", &groups);
	if (groups > 1)
		query.any = joined(r, " OR ", &groups);
	return query;
}
