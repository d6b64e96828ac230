#include "check.h"

#include "core/arena.h"
#include "core/text.h"
#include "sources/outlook_query.h"

static struct arena *mem;

// clang-format off
/* What is asked, and what Graph is asked for all of it and for some of it. */
static const struct row {
	const char *text, *folder, *every, *any;
} rows[] = {
	/* words are data */
	{ "lease", NULL, "\"lease\"", NULL },
	{ "the lease renewal", NULL, "\"lease\" AND \"renewal\"", "\"lease\" OR \"renewal\"" },
	{ "What is the rent?", NULL, "\"rent\"", NULL },
	{ "\"cloud costs\" quarterly", NULL, "\"cloud costs\" AND \"quarterly\"", "\"cloud costs\" OR \"quarterly\"" },
	{ "budget AND review", NULL, "\"budget\" AND \"review\"", "\"budget\" OR \"review\"" },
	{ "foo:bar", NULL, "\"foo:bar\"", NULL },
	{ "size>1000", NULL, "\"size>1000\"", NULL },
	{ "kind:meetings", NULL, "\"kind:meetings\"", NULL },
	{ "\"from:bob\"", NULL, "\"from:bob\"", NULL },
	{ "(a1 b2) c3)", NULL, "\"a1\" AND \"b2\" AND \"c3\"", "\"a1\" OR \"b2\" OR \"c3\"" },
	{ "x\\\" OR subject:\\", NULL, "(\"x\" OR \"subject\")", NULL },
	{ "\"x\\\" OR from:y", NULL, "(\"x\" OR from:\"y\")", NULL },
	{ "from:\"x\\\" y", NULL, "from:\"x\" AND \"y\"", NULL },
	{ "\\", NULL, NULL, NULL },
	{ "C:\\temp\\*", NULL, "\"C\" AND \"temp\"", "\"C\" OR \"temp\"" },
	{ "50% + 3 & #1", NULL, "\"50%\" AND \"3\" AND \"#1\"", "\"50%\" OR \"3\" OR \"#1\"" },
	{ "100 \xE2\x82\xAC", NULL, "\"100\" AND \"\xE2\x82\xAC\"", "\"100\" OR \"\xE2\x82\xAC\"" },
	{ "\xE6\xB8\xAF\xE3\x81\xAE", NULL, "\"\xE6\xB8\xAF\xE3\x81\xAE\"", NULL },
	{ "line\r\nbreak\ttab", NULL, "\"line\" AND \"break\" AND \"tab\"", "\"line\" OR \"break\" OR \"tab\"" },
	{ "bob@supplier.example", NULL, "\"bob@supplier.example\"", NULL },

	/* quotes that end nothing, and those of other alphabets */
	{ "say \"hello", NULL, "\"hello\"", NULL },
	{ "\"", NULL, NULL, NULL },
	{ "\"\"", NULL, NULL, NULL },
	{ "lease\" OR \"x", NULL, "\"lease\" AND \"OR\" AND \"x\"", "\"lease\" OR \"OR\" OR \"x\"" },
	{ "\xE2\x80\x9C" "a lease\xE2\x80\x9D NOT", NULL, "\"a lease\"", NULL },
	{ "\xC2\xAB" "a lease\xC2\xBB", NULL, "\"a lease\"", NULL },
	{ "a\xEF\xBC\x82" "b c\xEF\xBC\x82", NULL, "\"b c\"", NULL },

	/* either, without, prefixes */
	{ "lease OR rent", NULL, "(\"lease\" OR \"rent\")", NULL },
	{ "lease or rent 2027", NULL, "(\"lease\" OR \"rent\") AND \"2027\"", "\"lease\" OR \"rent\" OR \"2027\"" },
	{ "from:bob OR from:zoe", NULL, "(from:\"bob\" OR from:\"zoe\")", NULL },
	{ "OR lease OR", NULL, "\"lease\"", NULL },
	{ "otter -picture NOT old", NULL, "\"otter\" AND NOT \"picture\" AND NOT \"old\"", NULL },
	{ "otter -from:bob", NULL, "\"otter\" AND NOT from:\"bob\"", NULL },
	{ "-otter", NULL, "\"otter\"", NULL },
	{ "in:inbox -otter", "inbox", "kind:email AND NOT \"otter\"", NULL },
	{ "emails -otter", NULL, "kind:email AND NOT \"otter\"", NULL },
	{ "rent lease -otter", NULL, "\"rent\" AND \"lease\" AND NOT \"otter\"", "(\"rent\" OR \"lease\") AND NOT \"otter\"" },
	{ "invoi*", NULL, "invoi*", NULL },
	{ "*voice", NULL, "\"*voice\"", NULL },
	{ "a*b*", NULL, "\"a*b*\"", NULL },

	/* properties: those of the list, and nothing else */
	{ "from:anna", NULL, "from:\"anna\"", NULL },
	{ "From:anna lease", NULL, "from:\"anna\" AND \"lease\"", NULL },
	{ "from: anna", NULL, "from:\"anna\"", NULL },
	{ "from:\"Ann Moss\"", NULL, "from:\"Ann Moss\"", NULL },
	{ "from:bob@supplier.example", NULL, "from:\"bob@supplier.example\"", NULL },
	{ "from:a\"b c\"", NULL, "from:\"a\" AND \"b c\"", NULL },
	{ "subject:x)OR(from:y", NULL, "subject:\"x)OR(from:y\"", NULL },
	{ "subject:lease rent tax", NULL, "subject:\"lease\" AND \"rent\" AND \"tax\"", "(\"rent\" OR \"tax\") AND subject:\"lease\"" },
	{ "from:", NULL, "\"from\"", NULL },
	{ "from>bob", NULL, "\"from>bob\"", NULL },
	{ "sender:bob filename:lease.pdf", NULL, "from:\"bob\" AND attachment:\"lease.pdf\"", NULL },
	{ "has:attachment lease", NULL, "hasattachments:true AND \"lease\"", NULL },
	{ "hasattachments:FALSE", NULL, "hasattachments:false", NULL },
	{ "has:teeth", NULL, "\"has:teeth\"", NULL },
	{ "importance:High", NULL, "importance:high", NULL },
	{ "importance:\"high OR x\"", NULL, "\"importance\" AND \"high OR x\"", "\"importance\" OR \"high OR x\"" },

	/* dates: as people write them, month first for Graph */
	{ "received:2026-09-14", NULL, "received:09/14/2026", NULL },
	{ "received:9/14/2026", NULL, "received:09/14/2026", NULL },
	{ "received:2026/09/14", NULL, "received:09/14/2026", NULL },
	{ "received:2026-09-14T07:42:19Z", NULL, "received:09/14/2026", NULL },
	{ "received:2026-02", NULL, "received:02/01/2026..02/28/2026", NULL },
	{ "received:2024-02", NULL, "received:02/01/2024..02/29/2024", NULL },
	{ "sent:2026", NULL, "sent:01/01/2026..12/31/2026", NULL },
	{ "received:2026-01-02..2026-02-03", NULL, "received:01/02/2026..02/03/2026", NULL },
	{ "received:2026-01..2026-02", NULL, "received:01/01/2026..02/28/2026", NULL },
	{ "received:2026-01..", NULL, "received>=01/01/2026", NULL },
	{ "received:..2026-01", NULL, "received<=01/31/2026", NULL },
	{ "received>=2026-09", NULL, "received>=09/01/2026", NULL },
	{ "received>2026-09", NULL, "received>09/30/2026", NULL },
	{ "received<=2026-09", NULL, "received<=09/30/2026", NULL },
	{ "received:<2026-09", NULL, "received<09/01/2026", NULL },
	{ "after:2026-09-01 before:2026-10-01", NULL, "received>=09/01/2026 AND received<10/01/2026", NULL },
	{ "since:2026 until:2026-03", NULL, "received>=01/01/2026 AND received<=03/31/2026", NULL },
	{ "received:2026-02-30", NULL, "\"received:2026-02-30\"", NULL },
	{ "received:2026-13", NULL, "\"received:2026-13\"", NULL },
	{ "received:14/9/2026", NULL, "\"received:14/9/2026\"", NULL },
	{ "received:yesterday", NULL, "\"received:yesterday\"", NULL },
	{ "received:2026-01-01..x", NULL, "\"received:2026-01-01..x\"", NULL },
	{ "received:2026-01-01)OR(x", NULL, "\"received:2026-01-01)OR(x\"", NULL },
	{ "before:lunch rent", NULL, "\"before:lunch\" AND \"rent\"", "\"before:lunch\" OR \"rent\"" },

	/* folders */
	{ "in:sent", "sentitems", NULL, NULL },
	{ "IN:Inbox lease", "inbox", "\"lease\"", NULL },
	{ "in:\"sent items\" lease", "sentitems", "\"lease\"", NULL },
	{ "folder:trash lease", "deleteditems", "\"lease\"", NULL },
	{ "in:all lease", NULL, "\"lease\"", NULL },
	{ "in:../../users/eve lease", NULL, "\"lease\"", NULL },
	{ "-in:junk lease", NULL, "\"lease\"", NULL },

	/* mail in general */
	{ "my latest emails", NULL, NULL, NULL },
	{ "emails about the otter", NULL, "\"otter\"", NULL },
	{ "the who", NULL, "\"the\" AND \"who\"", "\"the\" OR \"who\"" },
	{ "??? !", NULL, NULL, NULL },
};
// clang-format on

static void test_rows(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];
		struct outlook_query got = outlook_query_read(mem, row->text);

		CHECK_ROW(text_same(got.folder, row->folder) ||
		                  (!got.folder && !row->folder),
		          row->text);
		if (row->every || got.every)
			check_text(got.every, row->every, row->text, __FILE__,
			           __LINE__);
		if (row->any || got.any)
			check_text(got.any, row->any, row->text, __FILE__,
			           __LINE__);
	}
}

static void test_told(void)
{
	CHECK(outlook_query_read(mem, "in:projects x").no_such_folder);
	CHECK(outlook_query_read(mem, "-in:junk x").no_such_folder);
	CHECK(!outlook_query_read(mem, "in:sent x").no_such_folder);
	CHECK(outlook_query_read(mem, "???").no_words);
	CHECK(!outlook_query_read(mem, "my emails").no_words);
	CHECK(!outlook_query_read(mem, "in:sent").no_words);
	CHECK(!outlook_query_read(mem, "x").cut);
}

/* However long the question, KQL stays within what Graph takes. */
static void test_long(void)
{
	struct buffer text = { .mem = mem };
	struct outlook_query got;

	for (int i = 0; i < 500; i++)
		buffer_add(&text, "x ");
	got = outlook_query_read(mem, buffer_text(&text));
	CHECK(got.cut);
	CHECK(text_length(got.every) <= 2048);
	CHECK(text_length(got.any) <= 2048);
	text.size = 0;
	for (int i = 0; i < 999; i++)
		buffer_add(&text, "x");
	got = outlook_query_read(mem, buffer_text(&text));
	CHECK_INT(text_length(got.every), 1001);
}

/* Two layers: KQL's quotes within the string that $search is, and then the
 * URL's. */
static void test_value(void)
{
	struct outlook_query got = outlook_query_read(
		mem, "quarterly \"cloud costs\" \"from:bob\"");

	CHECK_TEXT(outlook_search_value(mem, "lease"), "\"lease\"");
	CHECK_TEXT(outlook_search_value(mem, "a\\\"b"), "\"a\\\\\\\"b\"");
	CHECK_TEXT(text_percent(mem, outlook_search_value(mem, got.every)),
	           "%22%5C%22quarterly%5C%22%20AND%20%5C%22cloud%20costs%5C%22"
	           "%20AND%20%5C%22from%3Abob%5C%22%22");
}

static void test_words(void)
{
	struct outlook_query got = outlook_query_read(
		mem, "the lease \"rent table\" -tax from:bob invoi*");

	CHECK_INT(got.word_count, 3);
	CHECK_TEXT(got.words[0], "lease");
	CHECK_TEXT(got.words[1], "rent table");
	CHECK_TEXT(got.words[2], "invoi");
}

int main(void)
{
	mem = arena_new(1 << 20);
	test_rows();
	test_told();
	test_long();
	test_value();
	test_words();
	arena_free(mem);
	return check_end();
}
