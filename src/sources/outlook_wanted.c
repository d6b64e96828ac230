/* Which mails are wanted, said in Graph's two languages. */
#include "sources/outlook_find.h"

#include <string.h>

#include "core/arena.h"
#include "core/moment.h"
#include "core/text.h"
#include "sources/words.h"

enum {
	TERMS_MOST = 40, /* KQL of more than 2,048 characters is refused */
	DAY = 24 * 60 * 60,
};

static const char *day_of(struct arena *mem, time_t moment)
{
	struct tm time;

	gmtime_r(&moment, &time);
	return text_format(mem, "%02d/%02d/%04d", time.tm_mon + 1, time.tm_mday,
	                   time.tm_year + 1900);
}

/* ---- KQL ---- */

struct kql {
	struct buffer text;
	size_t terms;
	bool cut;
};

static void add(struct kql *kql, const char *property, const char *sign,
                const char *value)
{
	if (kql->text.size > 0)
		buffer_add(&kql->text, " AND ");
	buffer_format(&kql->text, "%s%s%s", property, sign, value);
}

/* Each word, or some in quotes, as a quoted term of its own: no sign that they
 * hold means anything, and none of them holds a quote. */
static void add_words(struct kql *kql, const char *property, const char *text)
{
	struct arena *mem = kql->text.mem;
	const char *at = text ? words_plain(mem, text) : "";

	for (at += strspn(at, " "); *at; at += strspn(at, " ")) {
		const char *term = words_phrase(mem, &at);

		if (term) {
			term = text_trim(mem, term);
		} else {
			at += *at == '"'; /* one that nothing ends */
			term = word_bare(mem, words_next(mem, &at));
		}
		if (!word_is_any(term))
			continue;
		if (kql->terms == TERMS_MOST) {
			kql->cut = true;
			return;
		}
		kql->terms++;
		add(kql, property, *property ? ":" : "",
		    text_format(mem, "\"%s\"", term));
	}
}

/* Days are those of the mailbox, wherever that is: a day more on either side
 * holds all that is wanted. */
const char *outlook_wanted_kql(struct arena *mem,
                               const struct outlook_wanted *wanted, bool *cut)
{
	struct kql kql = { .text = { .mem = mem } };

	add_words(&kql, "from", wanted->sender);
	add_words(&kql, "recipients", wanted->recipient);
	add_words(&kql, "subject", wanted->subject);
	add_words(&kql, "", wanted->words);
	*cut = kql.cut;
	if (kql.terms == 0)
		return NULL;
	if (wanted->after)
		add(&kql, "received", ">=", day_of(mem, wanted->after - DAY));
	if (wanted->before)
		add(&kql, "received", "<=", day_of(mem, wanted->before + DAY));
	if (wanted->attachments == MAIL_WITH)
		add(&kql, "hasattachments", ":", "true");
	return buffer_text(&kql.text);
}

/* ---- $filter ---- */

/* What it is sorted by has to be what it asks for first. */
const char *outlook_wanted_filter(struct arena *mem,
                                  const struct outlook_wanted *wanted)
{
	struct buffer filter = { .mem = mem };

	if (!wanted->after && !wanted->before && !wanted->attachments &&
	    !wanted->unread)
		return NULL;
	buffer_format(&filter, "receivedDateTime ge %s",
	              wanted->after ? moment_text(mem, wanted->after)
	                            : "1900-01-01T00:00:00Z");
	if (wanted->before)
		buffer_format(&filter, " and receivedDateTime lt %s",
		              moment_text(mem, wanted->before));
	if (wanted->attachments)
		buffer_format(&filter, " and hasAttachments eq %s",
		              wanted->attachments == MAIL_WITH ? "true"
		                                               : "false");
	if (wanted->unread)
		buffer_format(&filter, " and isRead eq %s",
		              wanted->unread == MAIL_WITH ? "false" : "true");
	return buffer_text(&filter);
}

/* ---- one mail ---- */

static bool is_as(enum mail_mark wanted, bool with)
{
	return wanted == MAIL_ANY || (wanted == MAIL_WITH) == with;
}

bool outlook_wanted_fits(struct arena *mem, const struct outlook_wanted *wanted,
                         json_object *mail)
{
	const char *time = js_text(js_get(mail, "receivedDateTime"));

	if (!time)
		time = "";
	if (wanted->after && strcmp(time, moment_text(mem, wanted->after)) < 0)
		return false;
	if (wanted->before &&
	    strcmp(time, moment_text(mem, wanted->before)) >= 0)
		return false;
	return is_as(wanted->attachments,
	             js_true(js_get(mail, "hasAttachments"))) &&
	       is_as(wanted->unread, !js_true(js_get(mail, "isRead")));
}
