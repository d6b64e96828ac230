#include "check.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/text.h"

static struct arena *mem;

/* RP-1: the forms json-c 0.16 lets through, and the others of RFC 3629. */
static const struct {
	const char *note, *bytes;
	bool valid;
} utf8[] = {
	{ "nothing", "", true },
	{ "ASCII", "plain ~\x01\x7F", true },
	{ "two bytes, first", "\xC2\x80", true },
	{ "two bytes, last", "\xDF\xBF", true },
	{ "three bytes, first", "\xE0\xA0\x80", true },
	{ "before the surrogates", "\xED\x9F\xBF", true },
	{ "after the surrogates", "\xEE\x80\x80", true },
	{ "a non-character", "\xEF\xBF\xBF", true },
	{ "four bytes, first", "\xF0\x90\x80\x80", true },
	{ "U+10FFFF", "\xF4\x8F\xBF\xBF", true },
	{ "overlong NUL", "\xC0\x80", false },
	{ "overlong slash", "\xC0\xAF", false },
	{ "overlong, C1", "\xC1\xBF", false },
	{ "overlong in three", "\xE0\x9F\xBF", false },
	{ "overlong slash in three", "\xE0\x80\xAF", false },
	{ "overlong in four", "\xF0\x8F\xBF\xBF", false },
	{ "high surrogate", "\xED\xA0\x80", false },
	{ "low surrogate", "\xED\xBF\xBF", false },
	{ "surrogate pair", "\xED\xA0\xBD\xED\xB8\x80", false },
	{ "past U+10FFFF", "\xF4\x90\x80\x80", false },
	{ "F5", "\xF5\x80\x80\x80", false },
	{ "five bytes", "\xF8\x88\x80\x80\x80", false },
	{ "FE", "\xFE", false },
	{ "FF", "\xFF", false },
	{ "lone continuation", "\x80", false },
	{ "cut after the first of two", "\xC3", false },
	{ "cut after the second of three", "\xE2\x82", false },
	{ "cut after the third of four", "\xF0\x9F\x98", false },
	{ "ASCII where a continuation belongs", "\xC3(", false },
	{ "ASCII inside four", "\xF0\x9F(\x80", false },
	{ "Latin-1", "caf\xE9", false },
};

static void check_valid(void)
{
	for (size_t i = 0; i < sizeof(utf8) / sizeof(*utf8); i++)
		CHECK_ROW(text_valid(utf8[i].bytes, strlen(utf8[i].bytes)) ==
		                  utf8[i].valid,
		          utf8[i].note); /* RP-1 */
	CHECK(!text_valid("a\0b", 3));   /* RP-3 */
	CHECK(!text_valid("\0", 1));     /* RP-3 */
	CHECK_INT(text_valid_size("ab\xC3\xA9\xFFz", 6), 4);
	/* what lies behind the end is not looked at */
	CHECK(!text_valid("\xC3\xA9", 1));
	CHECK(text_valid("a\xFF", 1));
}

static void check_copies(void)
{
	size_t count;
	char **parts;

	CHECK(text_copy(mem, NULL) == NULL);
	CHECK_TEXT(text_copy_n(mem, "abc", 2), "ab");
	CHECK_TEXT(text_format(mem, "%s-%d", "a", 7), "a-7");
	CHECK_TEXT(text_lower(mem, "ÄB-\u212AK"), "Äb-\u212Ak"); /* ASCII */
	CHECK_TEXT(text_trim(mem, "\t a b \r\n"), "a b");
	CHECK_TEXT(text_trim(mem, "   "), "");
	CHECK(text_same("a", "a") && !text_same("a", "A"));
	CHECK(!text_same(NULL, NULL) && !text_same("a", NULL));
	CHECK(text_same_ascii("Bearer", "bEARER"));
	CHECK(!text_same_ascii("Bearer", "Bearers"));
	CHECK(!text_same_ascii("Bearers", "Bearer"));
	CHECK(!text_same_ascii("[", "{")); /* 0x20 apart, no letters */
	CHECK(text_starts("abc", "ab") && !text_starts("a", "ab"));
	CHECK(text_ends("abc", "bc") && !text_ends("c", "bc"));
	CHECK(!text_starts(NULL, "a") && !text_ends("a", NULL));
	parts = text_split(mem, " a, ,b ,,c d,", ',', &count);
	CHECK_INT(count, 3);
	CHECK_TEXT(parts[0], "a");
	CHECK_TEXT(parts[1], "b");
	CHECK_TEXT(parts[2], "c d");
	CHECK(parts[3] == NULL);
	CHECK(*text_split(mem, "", ',', &count) == NULL);
}

static void check_shown(void)
{
	CHECK_INT(text_length("a€😀"), 3);
	CHECK_TEXT(text_cut(mem, "a€😀z", 4), "a€😀z");
	CHECK_TEXT(text_cut(mem, "a€😀z", 3), "a€…");
	CHECK_TEXT(text_cut(mem, "a€", 1), "…");
	CHECK_TEXT(text_cut(mem, "a€", 0), "");
	CHECK_TEXT(text_cut(mem, "", 0), "");
	CHECK_TEXT(text_fold(mem, " a \r\n\t b\u00A0\u2003c\u3000"), "a b c");
	CHECK_TEXT(text_fold(mem, " \n"), "");
	/* MC-13: what a reader cannot see does not reach a model */
	CHECK_TEXT(text_visible(mem, "a\nb\tc\r\x01\x1B[2J\x7F"), "a\nb\tc[2J");
	CHECK_TEXT(text_visible(mem, "pay\u202Egpj.exe\u202C"), "paygpj.exe");
	CHECK_TEXT(text_visible(mem, "\u2066x\u2069\u200Fy\u061C"), "xy");
	CHECK_TEXT(text_visible(mem, "z\u200Be\u200Cr\u200Do\uFEFF\u2060"),
	           "zero");
	CHECK_TEXT(text_visible(mem, "hi\U000E0049\U000E006E\U000E007F"), "hi");
	CHECK_TEXT(text_visible(mem, "v\uFE0Fs\U000E0101"), "vs");
	CHECK_TEXT(text_visible(mem, "soft\u00ADhyphen\xC2\x85"), "softhyphen");
	CHECK_TEXT(text_visible(mem, "ä€😀 漢字 العربية"), "ä€😀 漢字 العربية");
	CHECK_TEXT(text_visible(mem, "cut\xF0\x9F"), "cut");
}

static void check_numbers(void)
{
	static const char *const wrong[] = {
		"",   "-1",  "+1",  " 1", "1 ",
		"1x", "0x1", "1.0", "01", "99999999999999999999",
		"11", "1e1", "١",
	};
	long number = 5;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		CHECK_ROW(!text_number(wrong[i], 0, 10, &number), wrong[i]);
	CHECK(!text_number(NULL, 0, 10, &number));
	CHECK(!text_number("2", 3, 10, &number));
	CHECK_INT(number, 5);
	CHECK(text_number("0", 0, 10, &number) && number == 0);
	CHECK(text_number("10", 0, 10, &number) && number == 10);
}

#define UUID "0189f7c2-3b4a-7def-8123-456789abcdef"

static void check_uuids(void)
{
	static const char *const wrong[] = {
		"",
		"x",
		"0189f7c2-3b4a-7def-8123-456789abcde",
		"0189f7c2-3b4a-7def-8123-456789abcdef0",
		"0189f7c2-3b4a-7def-8123-456789abcdeg",
		"0189f7c23b4a-7def-8123-456789abcdef",
		"0189f7c2-3b4a-7def-8123456789abcdef",
		"{" UUID,
		UUID "}",
		" " UUID,
		UUID "\n",
		"urn:uuid:",
		"--------------------------------",
		"0189f7c2--3b4a7def-8123-456789abcdef",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		CHECK_ROW(text_uuid(mem, wrong[i]) == NULL,
		          wrong[i]); /* RP-13 */
	CHECK(text_uuid(mem, NULL) == NULL);
	CHECK_TEXT(text_uuid(mem, UUID), UUID);
	CHECK_TEXT(text_uuid(mem, "0189F7C2-3B4A-7DEF-8123-456789ABCDEF"),
	           UUID);
	CHECK_TEXT(text_uuid(mem, "0189f7c23b4a7def8123456789abcdef"), UUID);
	CHECK_TEXT(text_uuid(mem, "{" UUID "}"), UUID);
	CHECK_TEXT(text_uuid(mem, "urn:uuid:" UUID), UUID);
}

static void check_percent(void)
{
	CHECK_TEXT(text_percent(mem, "../a b?c#é~._-9Z"),
	           "..%2Fa%20b%3Fc%23%C3%A9~._-9Z");
	CHECK_TEXT(text_unpercent(mem, "a%2fb+c%C3%A9", 13, false), "a/b+cé");
	CHECK_TEXT(text_unpercent(mem, "a+b%2B", 6, true), "a b+");
	CHECK_TEXT(text_unpercent(mem, "", 0, true), "");
	/* RP-10: broken escapes, bytes that are no text, U+0000 */
	CHECK(text_unpercent(mem, "%", 1, false) == NULL);
	CHECK(text_unpercent(mem, "%4", 2, false) == NULL);
	CHECK(text_unpercent(mem, "%4g", 3, false) == NULL);
	CHECK(text_unpercent(mem, "a%00b", 5, false) == NULL);
	CHECK(text_unpercent(mem, "%C0%AF", 6, false) == NULL);
	CHECK(text_unpercent(mem, "%E9", 3, false) == NULL);
	/* decoded once */
	CHECK_TEXT(text_unpercent(mem, "%252e", 5, false), "%2e");
	/* the bytes need no end */
	CHECK(text_unpercent(mem, "%41", 2, false) == NULL);
}

static void check_base64(void)
{
	static const struct {
		const char *plain, *coded;
	} pairs[] = {
		/* RFC 4648 section 10 */
		{ "", "" },
		{ "f", "Zg==" },
		{ "fo", "Zm8=" },
		{ "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" },
		{ "\xFB\xFF\xBF", "+/+/" },
	};
	static const char *const wrong[] = {
		"Z",    "Zg",   "Zg=",    "Zg==Zg==",  "Zh==", "Zm9=",
		"====", "=Zg=", "Zg==\n", "Zm9v Zg==", "Zm9-", "Z=g=",
	};
	size_t size;

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		size_t plain = strlen(pairs[i].plain);
		unsigned char *bytes =
			text_unbase64(mem, pairs[i].coded, &size);

		CHECK_TEXT(text_base64(mem, pairs[i].plain, plain),
		           pairs[i].coded);
		CHECK(bytes && size == plain &&
		      memcmp(bytes, pairs[i].plain, plain) == 0);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		CHECK_ROW(!text_unbase64(mem, wrong[i], &size), wrong[i]);
}

static void check_buffer(void)
{
	struct buffer to = { .mem = mem };

	CHECK_TEXT(buffer_text(&to), "");
	buffer_format(&to, "%d,", 1);
	buffer_add(&to, "two");
	buffer_add_n(&to, ",three", 2);
	CHECK_TEXT(buffer_text(&to), "1,two,t");
	for (int i = 0; i < 10000; i++)
		buffer_add(&to, "0123456789");
	CHECK_INT(to.size, 100007);
	CHECK_INT(strlen(buffer_text(&to)), 100007);
	to = (struct buffer){ .mem = mem };
	/* RP-14, LA-4 */
	buffer_add_json(&to, "\"\\\n\t\r\x1B\x7F\xC2\x85é😀/");
	CHECK_TEXT(buffer_text(&to),
	           "\\\"\\\\\\n\\t\\u000d\\u001b\\u007f\\u0085é😀/");
	to = (struct buffer){ .mem = mem };
	buffer_add_json(&to, "a\xFFz\xC3");
	CHECK_TEXT(buffer_text(&to), "a\uFFFDz\uFFFD");
}

int main(void)
{
	mem = arena_new(1 << 20);
	check_valid();
	check_copies();
	check_shown();
	check_numbers();
	check_uuids();
	check_percent();
	check_base64();
	check_buffer();
	arena_free(mem);
	return check_end();
}
