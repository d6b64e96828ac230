#include "check.h"

#include "core/arena.h"
#include "core/text.h"
#include "sources/box.h"

static struct arena *mem;

// clang-format off
/* MC-10: what is asked, and what Box is asked for all of it and for some. */
static const struct row {
	const char *text, *all, *any;
} rows[] = {
	/* words are data */
	{ "lease", "lease", NULL },
	{ "lease deposit", "lease AND deposit", "lease OR deposit" },
	{ "\"harbour lease\" 2027", "\"harbour lease\" AND 2027", "\"harbour lease\" OR 2027" },
	{ "Käse 契約書", "Käse AND 契約書", "Käse OR 契約書" },
	{ "name:apple", "\"name:apple\"", NULL },
	{ "contents:apple", "\"contents:apple\"", NULL },
	{ "lease-2027.pdf", "\"lease-2027.pdf\"", NULL },
	{ "(a1 b2) c3)", "a1 AND b2 AND c3", "a1 OR b2 OR c3" },
	{ "x(NOT", "\"x(NOT\"", NULL },
	{ "\"OR\" \"NOT x\"", "\"OR\" AND \"NOT x\"", "\"OR\" OR \"NOT x\"" },
	{ "AND", "and", NULL },
	{ "lease AND rent", "lease AND rent", "lease OR rent" },
	{ "lease & # % + rent", "lease AND rent", "lease OR rent" },
	{ "R&D", "\"R&D\"", NULL },
	{ "c++", "\"c++\"", NULL },
	{ "a\\\" OR b", "a OR b", NULL },
	{ "\\\" x", "x", NULL },
	{ "x\ty\nz", "x AND y AND z", "x OR y OR z" },

	/* quotes that end nothing, and those of other alphabets */
	{ "say \"hello", "hello", NULL },
	{ "\"", NULL, NULL },
	{ "\"\" x", "x", NULL },
	{ "lease\" NOT \"x", "lease AND \"NOT\" AND x", "lease OR \"NOT\" OR x" },
	{ "“harbour lease”", "\"harbour lease\"", NULL },
	{ "lease\"the rent\"tax", "lease AND \"the rent\" AND tax", "lease OR \"the rent\" OR tax" },

	/* either, without */
	{ "lease OR rent", "lease OR rent", NULL },
	{ "lease or rent 2027", "lease OR rent AND 2027", "lease OR rent OR 2027" },
	{ "OR lease OR", "lease", NULL },
	{ "lease OR OR rent", "lease OR rent", NULL },
	{ "otter -picture NOT old", "otter AND NOT picture AND NOT old", NULL },
	{ "-old otter pier", "otter AND pier AND NOT old", "otter OR pier AND NOT old" },
	{ "otter -\"pier seven\"", "otter AND NOT \"pier seven\"", NULL },
	{ "otter OR -pier", "otter AND NOT pier", NULL },
	{ "-otter OR pier", "pier AND NOT otter", NULL },
	{ "-otter", NULL, NULL },
	{ "NOT otter", NULL, NULL },
	{ "NOT", NULL, NULL },
	{ "- otter --", "otter", NULL },

	/* words that say nothing */
	{ "What is the rent in the lease?", "rent AND lease", "rent OR lease" },
	{ "the who", "the AND who", "the OR who" },
	{ "find the files", "files", NULL },
	{ "the OR lease", "the OR lease", NULL },
	{ "??? !", NULL, NULL },
	{ "", NULL, NULL },

	/* filters leave no word behind */
	{ "lease ext:pdf", "lease", NULL },
	{ "type:folder folder:1 after:2026 before:2027", NULL, NULL },
	{ "a1 OR ext:pdf b2", "a1 AND b2", "a1 OR b2" },

	/* what is no filter is a word */
	{ "type:video", "\"type:video\"", NULL },
	{ "ext:../..", "\"ext:../\"", NULL },
	{ "ext:", "ext", NULL },
	{ "ext:pdf,/ lease", "\"ext:pdf,/\" AND lease", "\"ext:pdf,/\" OR lease" },
	{ "folder:Leases", "\"folder:Leases\"", NULL },
	{ "folder:1&x=2", "\"folder:1&x=2\"", NULL },
	{ "after:2026-02-30", "\"after:2026-02-30\"", NULL },
	{ "after:yesterday", "\"after:yesterday\"", NULL },
	{ "after:2026-01-01,", "\"after:2026-01-01\"", NULL },
	{ "lease -ext:pdf", "lease AND NOT \"ext:pdf\"", NULL },
	{ "\"ext:pdf\"", "\"ext:pdf\"", NULL },
	{ "from:bob", "\"from:bob\"", NULL },
};
// clang-format on

static void test_words(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];
		struct box_query got = box_query_read(mem, row->text);

		check_text(got.all, row->all, row->text, __FILE__, __LINE__);
		check_text(got.any, row->any, row->text, __FILE__, __LINE__);
	}
}

static void test_filters(void)
{
	struct box_query got = box_query_read(
		mem, "x TYPE:Folder Ext:.PDF,docx ext:md folder:280133207712 "
		     "since:2026-09 until:2026-09");

	CHECK_TEXT(got.all, "x");
	CHECK_TEXT(got.type, "folder");
	CHECK_INT(got.extension_count, 3);
	CHECK_TEXT(got.extensions[0], "pdf");
	CHECK_TEXT(got.extensions[1], "docx");
	CHECK_TEXT(got.extensions[2], "md");
	CHECK_TEXT(got.folder, "280133207712");
	CHECK_TEXT(got.after, "2026-09-01T00:00:00Z");
	CHECK_TEXT(got.before, "2026-09-30T23:59:59Z");
	CHECK(!got.not_understood);

	got = box_query_read(mem, "x after:9/14/2026 before:2027 type:file");
	CHECK_TEXT(got.after, "2026-09-14T00:00:00Z");
	CHECK_TEXT(got.before, "2027-01-01T00:00:00Z");
	CHECK_TEXT(got.type, "file");

	got = box_query_read(mem, "x");
	CHECK_TEXT(got.type, "file");
	CHECK_TEXT(got.after, "");
	CHECK_TEXT(got.before, "");
	CHECK(!got.folder && got.extension_count == 0);
}

/* One filter that is not understood does not spoil the others. */
static void test_told(void)
{
	struct box_query got =
		box_query_read(mem, "x folder:y type:folder ext:pdf");

	CHECK(got.not_understood);
	CHECK_TEXT(got.type, "folder");
	CHECK_INT(got.extension_count, 1);
	CHECK_TEXT(got.all, "x AND \"folder:y\"");
	CHECK(box_query_read(mem, "x -type:file").not_understood);
	CHECK(!box_query_read(mem, "x from:bob a:b").not_understood);
	CHECK(box_query_read(mem, "ext:a,b,c,d,e,f,g,h,i,j,k").not_understood);
	CHECK(!box_query_read(mem, "ext:a,b,c,d,e,f,g,h,i,j").not_understood);
}

static void test_bounds(void)
{
	struct buffer words = { .mem = mem };
	struct box_query got;

	for (int i = 0; i < 20; i++)
		buffer_format(&words, "w%d ", i);
	got = box_query_read(mem, buffer_text(&words));
	CHECK(!got.cut);
	CHECK(text_ends(got.all, "AND w19"));
	buffer_add(&words, "w20");
	got = box_query_read(mem, buffer_text(&words));
	CHECK(got.cut);
	CHECK(text_ends(got.all, "AND w19"));
}

/* MC-9: what goes into an address is a number. */
static void test_ids(void)
{
	CHECK(box_is_id("0"));
	CHECK(box_is_id("12345678901234567890"));
	CHECK(!box_is_id("123456789012345678901"));
	CHECK(!box_is_id(""));
	CHECK(!box_is_id(NULL));
	CHECK(!box_is_id("-1"));
	CHECK(!box_is_id("1 "));
	CHECK(!box_is_id("1/2"));
	CHECK(!box_is_id("\xD9\xA1"));
}

int main(void)
{
	mem = arena_new(1 << 20);
	test_words();
	test_filters();
	test_told();
	test_bounds();
	test_ids();
	arena_free(mem);
	return check_end();
}
