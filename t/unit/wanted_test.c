#include "check.h"

#include <string.h>

#include "core/arena.h"
#include "core/moment.h"
#include "core/text.h"
#include "sources/outlook_find.h"

static struct arena *mem;

static time_t moment(const char *text)
{
	time_t found = 0;

	return moment_read(mem, text, &found) ? found : 0;
}

/* ---- what is asked for ---- */

static const struct {
	struct outlook_wanted wanted;
	const char *kql, *filter;
} rows[] = {
	{ { 0 }, NULL, NULL },
	{ { .folder = "inbox", .page = "x" }, NULL, NULL },

	/* words are data, each in quotes of its own */
	{ { .sender = "bob" }, "from:\"bob\"", NULL },
	{ { .sender = "Ann Moss" }, "from:\"Ann\" AND from:\"Moss\"", NULL },
	{ { .recipient = "<zoe@x.example>" },
	  "recipients:\"zoe@x.example\"",
	  NULL },
	{ { .words = "the lease" }, "\"the\" AND \"lease\"", NULL },
	{ { .subject = "\"side by side\" last" },
	  "subject:\"side by side\" AND subject:\"last\"",
	  NULL },
	{ { .sender = "a", .recipient = "b", .subject = "c", .words = "d" },
	  "from:\"a\" AND recipients:\"b\" AND subject:\"c\" AND \"d\"",
	  NULL },
	{ { .words = "a OR b NOT c AND d" },
	  "\"a\" AND \"OR\" AND \"b\" AND \"NOT\" AND \"c\" AND \"AND\" AND "
	  "\"d\"",
	  NULL },
	{ { .words = "from:bob a* *b (x OR y)" },
	  "\"from:bob\" AND \"a*\" AND \"*b\" AND \"x\" AND \"OR\" AND \"y\"",
	  NULL },
	{ { .sender = "x\" OR from:\"y" },
	  "from:\"x\" AND from:\"OR from:\" AND from:\"y\"",
	  NULL },
	{ { .sender = "x\\\" y\\" }, "from:\"x\" AND from:\"y\"", NULL },
	{ { .sender = "\xE2\x80\x9Cx y\xE2\x80\x9D" }, "from:\"x y\"", NULL },
	{ { .subject = "a\r\nb\tc;d%0d" },
	  "subject:\"a\" AND subject:\"b\" AND subject:\"c;d%0d\"",
	  NULL },
	{ { .subject = "\"\" ?! \"" }, NULL, NULL },

	/* times and marks: exact where Graph can tell, wider beside words */
	{ { .after = 1789378200 },
	  NULL,
	  "receivedDateTime ge 2026-09-14T09:30:00Z" },
	{ { .before = 1789378200 },
	  NULL,
	  "receivedDateTime ge 1900-01-01T00:00:00Z and "
	  "receivedDateTime lt 2026-09-14T09:30:00Z" },
	{ { .after = 1789344000,
	    .before = 1789378200,
	    .unread = MAIL_WITH,
	    .attachments = MAIL_WITHOUT },
	  NULL,
	  "receivedDateTime ge 2026-09-14T00:00:00Z and "
	  "receivedDateTime lt 2026-09-14T09:30:00Z and "
	  "hasAttachments eq false and isRead eq false" },
	{ { .unread = MAIL_WITHOUT, .attachments = MAIL_WITH },
	  NULL,
	  "receivedDateTime ge 1900-01-01T00:00:00Z and "
	  "hasAttachments eq true and isRead eq true" },
	{ { .words = "x", .after = 1709164800, .before = 1709164801 },
	  "\"x\" AND received>=02/28/2024 AND received<=03/01/2024",
	  "receivedDateTime ge 2024-02-29T00:00:00Z and "
	  "receivedDateTime lt 2024-02-29T00:00:01Z" },
	{ { .words = "x", .attachments = MAIL_WITH, .unread = MAIL_WITH },
	  "\"x\" AND hasattachments:true",
	  "receivedDateTime ge 1900-01-01T00:00:00Z and "
	  "hasAttachments eq true and isRead eq false" },
	{ { .words = "x", .attachments = MAIL_WITHOUT },
	  "\"x\"",
	  "receivedDateTime ge 1900-01-01T00:00:00Z and "
	  "hasAttachments eq false" },
};

/* MC-10: no word is more than a word. */
static void check_rows(void)
{
	bool cut;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		CHECK_TEXT(outlook_wanted_kql(mem, &rows[i].wanted, &cut),
		           rows[i].kql);
		CHECK(!cut);
		CHECK_TEXT(outlook_wanted_filter(mem, &rows[i].wanted),
		           rows[i].filter);
	}
}

/* Graph refuses KQL of more than 2,048 characters. */
static void check_long(void)
{
	char words[201], word[201];
	struct outlook_wanted wanted = {
		.sender = words,
		.recipient = words,
		.subject = words,
		.words = words,
		.after = 1789344000,
		.before = 1789378200,
		.attachments = MAIL_WITH,
	};
	bool cut;

	memset(word, 'a', 200);
	for (size_t i = 0; i < 200; i++)
		words[i] = i % 2 ? ' ' : 'a';
	word[200] = words[200] = '\0';
	CHECK(text_length(outlook_wanted_kql(mem, &wanted, &cut)) < 2048);
	CHECK(cut);
	wanted.sender = wanted.recipient = wanted.subject = wanted.words = word;
	CHECK(text_length(outlook_wanted_kql(mem, &wanted, &cut)) < 2048);
	CHECK(!cut);
}

/* ---- one mail ---- */

static bool fits(struct outlook_wanted wanted, const char *mail)
{
	return outlook_wanted_fits(mem, &wanted, js_literal(mem, mail));
}

static const char plain[] = "{\"receivedDateTime\":\"2026-09-14T09:30:00Z\","
			    "\"hasAttachments\":false,\"isRead\":true}";
static const char marked[] = "{\"receivedDateTime\":\"2026-09-14T09:30:00Z\","
			     "\"hasAttachments\":true,\"isRead\":false}";

static void check_fits(void)
{
	time_t at = moment("2026-09-14T09:30:00Z");

	CHECK(fits((struct outlook_wanted){ 0 }, plain));
	CHECK(fits((struct outlook_wanted){ 0 }, "{}"));
	CHECK(fits((struct outlook_wanted){ .after = at }, plain));
	CHECK(!fits((struct outlook_wanted){ .after = at + 1 }, plain));
	CHECK(!fits((struct outlook_wanted){ .before = at }, plain));
	CHECK(fits((struct outlook_wanted){ .before = at + 1 }, plain));
	CHECK(!fits((struct outlook_wanted){ .after = 1 }, "{}"));
	CHECK(fits((struct outlook_wanted){ .unread = MAIL_WITHOUT }, plain));
	CHECK(!fits((struct outlook_wanted){ .unread = MAIL_WITH }, plain));
	CHECK(fits((struct outlook_wanted){ .unread = MAIL_WITH }, marked));
	CHECK(!fits((struct outlook_wanted){ .unread = MAIL_WITHOUT }, marked));
	CHECK(!fits((struct outlook_wanted){ .attachments = MAIL_WITH },
	            plain));
	CHECK(fits((struct outlook_wanted){ .attachments = MAIL_WITHOUT },
	           plain));
	CHECK(fits((struct outlook_wanted){ .attachments = MAIL_WITH },
	           marked));
	CHECK(!fits((struct outlook_wanted){ .attachments = MAIL_WITHOUT },
	            marked));
}

int main(void)
{
	mem = arena_new(1 << 20);
	check_rows();
	check_long();
	check_fits();
	arena_free(mem);
	return check_end();
}
