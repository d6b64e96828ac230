/* A JSON grammar corpus: what RFC 8259 allows, what it does not, and what it
 * allows but we do not (RFC 7493 and our bounds). RP-6 names the whole. */
#include "check.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/deadline.h"
#include "core/json_check.h"
#include "core/text.h"

static struct arena *mem;

#define TEXT(bytes) bytes, sizeof(bytes) - 1

struct sample {
	const char *note, *bytes;
	size_t size;
};

static const struct sample good[] = {
	{ "empty array", TEXT("[]") },
	{ "empty object", TEXT("{}") },
	{ "empty string", TEXT("\"\"") },
	{ "empty name", TEXT("{\"\":0}") },
	{ "null alone", TEXT("null") },
	{ "true alone", TEXT("true") },
	{ "number alone", TEXT("42") },
	{ "blanks of all four kinds", TEXT(" \t\r\n[ \t\r\n1 , 2 ] \n") },
	{ "all literals", TEXT("[true,false,null]") },
	{ "names that differ in case", TEXT("{\"a\":1,\"A\":2}") },
	{ "a name in two objects", TEXT("[{\"a\":1},{\"a\":2}]") },
	{ "a name inside itself", TEXT("{\"a\":{\"a\":{\"a\":1}}}") },
	{ "composed and decomposed names",
	  TEXT("{\"\xC3\xA9\":1,\"e\xCC\x81\":2}") },
	{ "a name and its beginning", TEXT("{\"ab\":1,\"a\":2,\"abc\":3}") },
	{ "all escapes", TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"") },
	{ "escaped pair", TEXT("\"\\uD83D\\ude00\"") },
	{ "last escaped pair", TEXT("\"\\udbff\\udfff\"") },
	{ "escaped non-character", TEXT("\"\\uFFFF\"") },
	{ "escaped control", TEXT("\"\\u0001\\u001F\"") },
	{ "raw DEL", TEXT("\"\x7F\"") },
	{ "raw U+2028", TEXT("\"\xE2\x80\xA8\"") },
	{ "raw four bytes", TEXT("\"\xF0\x9F\x98\x80\"") },
	{ "zero", TEXT("0") },
	{ "minus zero", TEXT("-0") },
	{ "one point zero", TEXT("1.0") },
	{ "exponents", TEXT("[1e5,1E5,1e+5,1e-5,0e0,0E-0,1.5e5]") },
	{ "largest integer", TEXT("9007199254740991") },
	{ "smallest integer", TEXT("-9007199254740991") },
	{ "a double", TEXT("1.7976931348623157e308") },
	{ "a double that underflows", TEXT("1e-400") },
	{ "a big number with a fraction", TEXT("123456789012345678901.5") },
	{ "many zeros", TEXT("-0.000000000000000000000000000000000000001") },
};

static const struct sample bad[] = {
	{ "nothing", TEXT("") },
	{ "blanks alone", TEXT(" \n") },
	{ "byte order mark", TEXT("\xEF\xBB\xBF{}") },
	{ "UTF-16", TEXT("[\0\"\0") },
	/* arrays */
	{ "[", TEXT("[") },
	{ "]", TEXT("]") },
	{ "[1", TEXT("[1") },
	{ "[1,", TEXT("[1,") },
	{ "[1,]", TEXT("[1,]") },
	{ "[,1]", TEXT("[,1]") },
	{ "[,]", TEXT("[,]") },
	{ "[1,,2]", TEXT("[1,,2]") },
	{ "[1 2]", TEXT("[1 2]") },
	{ "[1:2]", TEXT("[1:2]") },
	{ "[1]]", TEXT("[1]]") },
	{ "[1}", TEXT("[1}") },
	{ "[\"a\"\"b\"]", TEXT("[\"a\"\"b\"]") },
	{ "formfeed between", TEXT("[\f1]") },
	{ "vertical tab between", TEXT("[\v1]") },
	{ "no-break space between", TEXT("[\xC2\xA0"
	                                 "1]") },
	{ "U+2060 between", TEXT("[\xE2\x81\xA0]") },
	/* objects */
	{ "{", TEXT("{") },
	{ "}", TEXT("}") },
	{ "{\"a\"}", TEXT("{\"a\"}") },
	{ "{\"a\":}", TEXT("{\"a\":}") },
	{ "{\"a\"", TEXT("{\"a\"") },
	{ "{\"a\":1", TEXT("{\"a\":1") },
	{ "{\"a\":1,}", TEXT("{\"a\":1,}") },
	{ "{,\"a\":1}", TEXT("{,\"a\":1}") },
	{ "{\"a\":1,,\"b\":2}", TEXT("{\"a\":1,,\"b\":2}") },
	{ "{\"a\" 1}", TEXT("{\"a\" 1}") },
	{ "{\"a\"::1}", TEXT("{\"a\"::1}") },
	{ "{\"a\",1}", TEXT("{\"a\",1}") },
	{ "{\"a\":1 \"b\":2}", TEXT("{\"a\":1 \"b\":2}") },
	{ "{a:1}", TEXT("{a:1}") },
	{ "{'a':1}", TEXT("{'a':1}") },
	{ "{1:1}", TEXT("{1:1}") },
	{ "{null:1}", TEXT("{null:1}") },
	{ "{\"a\":1]", TEXT("{\"a\":1]") },
	/* RP-6: trailing bytes, comments, other quotes */
	{ "{}x", TEXT("{}x") },
	{ "{}{}", TEXT("{}{}") },
	{ "{},", TEXT("{},") },
	{ "{} then NUL", TEXT("{}\0") },
	{ "1 2", TEXT("1 2") },
	{ "// comment", TEXT("{} // comment") },
	{ "/* comment */", TEXT("[/* comment */]") },
	{ "a hash comment", TEXT("{} # comment") },
	{ "'a'", TEXT("'a'") },
	{ "`a`", TEXT("`a`") },
	/* literals */
	{ "nul", TEXT("nul") },
	{ "nulll", TEXT("nulll") },
	{ "Null", TEXT("Null") },
	{ "TRUE", TEXT("TRUE") },
	{ "True", TEXT("[True]") },
	{ "fals", TEXT("[fals]") },
	{ "undefined", TEXT("undefined") },
	{ "truefalse", TEXT("[truefalse]") },
	/* RP-5: numbers */
	{ "NaN", TEXT("NaN") },
	{ "-NaN", TEXT("-NaN") },
	{ "nan", TEXT("[nan]") },
	{ "Infinity", TEXT("[Infinity]") },
	{ "-Infinity", TEXT("[-Infinity]") },
	{ "inf", TEXT("[inf]") },
	{ "1e400", TEXT("1e400") },
	{ "-1e309", TEXT("-1e309") },
	{ "1e99999999999999999999", TEXT("1e99999999999999999999") },
	{ "2^53", TEXT("9007199254740992") },
	{ "-2^53", TEXT("-9007199254740992") },
	{ "2^64", TEXT("18446744073709551616") },
	{ "-2^63-1", TEXT("-9223372036854775809") },
	{ "forty digits", TEXT("1234567890123456789012345678901234567890") },
	{ "+1", TEXT("+1") },
	{ "++1", TEXT("[++1]") },
	{ "-", TEXT("-") },
	{ "--1", TEXT("--1") },
	{ "- 1", TEXT("- 1") },
	{ "01", TEXT("01") },
	{ "-01", TEXT("-01") },
	{ "00", TEXT("00") },
	{ ".5", TEXT(".5") },
	{ "-.5", TEXT("-.5") },
	{ "1.", TEXT("1.") },
	{ "1.e5", TEXT("1.e5") },
	{ "1e", TEXT("1e") },
	{ "1e+", TEXT("1e+") },
	{ "1e1.5", TEXT("1e1.5") },
	{ "1eE2", TEXT("1eE2") },
	{ "1.2.3", TEXT("1.2.3") },
	{ "0x10", TEXT("0x10") },
	{ "0b1", TEXT("0b1") },
	{ "1_000", TEXT("1_000") },
	{ "1,000", TEXT("1,000") },
	{ "1a", TEXT("[1a]") },
	{ "1n", TEXT("1n") },
	{ "Arabic digits", TEXT("[\xD9\xA1]") },
	/* strings */
	{ "\"", TEXT("\"") },
	{ "\"a", TEXT("\"a") },
	{ "\"a\\\"", TEXT("\"a\\\"") },
	{ "\"\\", TEXT("\"\\") },
	{ "\\x41", TEXT("\"\\x41\"") },
	{ "\\a", TEXT("\"\\a\"") },
	{ "\\'", TEXT("\"\\'\"") },
	{ "\\0", TEXT("\"\\0\"") },
	{ "escaped line break", TEXT("\"\\\n\"") },
	{ "\\u", TEXT("\"\\u\"") },
	{ "\\u12", TEXT("\"\\u12\"") },
	{ "\\u12g4", TEXT("\"\\u12g4\"") },
	{ "\\U0041", TEXT("\"\\U0041\"") },
	{ "\\u{41}", TEXT("\"\\u{41}\"") },
	{ "\\u at the end", TEXT("\"\\u00") },
	{ "raw line break", TEXT("\"a\nb\"") },
	{ "raw tab", TEXT("\"a\tb\"") },
	{ "raw U+0001", TEXT("\"\x01\"") },
	{ "raw U+001F", TEXT("\"\x1F\"") },
	{ "raw control in a name", TEXT("{\"a\x02\":1}") },
	/* RP-3: U+0000 */
	{ "raw NUL in a string", TEXT("\"a\0b\"") },
	{ "raw NUL in a name", TEXT("{\"a\0b\":1}") },
	{ "escaped NUL in a string", TEXT("\"a\\u0000b\"") },
	{ "escaped NUL in a name", TEXT("{\"a\\u0000b\":1}") },
	{ "raw NUL between", TEXT("[\0]") },
	/* RP-4: half pairs */
	{ "lone high", TEXT("\"\\ud800\"") },
	{ "lone high, then text", TEXT("\"\\uDBFFx\"") },
	{ "lone high, then an escape", TEXT("\"\\ud800\\n\"") },
	{ "lone high, then another character", TEXT("\"\\ud800\\u0041\"") },
	{ "two high", TEXT("\"\\ud800\\ud800\"") },
	{ "lone low", TEXT("\"\\udc00\"") },
	{ "last low alone", TEXT("\"\\udfff\"") },
	{ "reversed pair", TEXT("\"\\ude00\\ud83d\"") },
	{ "half pair in a name", TEXT("{\"\\ud800\":1}") },
	{ "high at the end", TEXT("\"\\ud800\\u") },
	/* RP-1: bytes that are no UTF-8 */
	{ "overlong slash", TEXT("\"\xC0\xAF\"") },
	{ "overlong quote", TEXT("\"\xC0\xA2\"") },
	{ "encoded surrogate", TEXT("\"\xED\xA0\x80\"") },
	{ "Latin-1", TEXT("\"caf\xE9\"") },
	{ "cut sequence", TEXT("\"\xE2\x82\"") },
	{ "past U+10FFFF", TEXT("\"\xF4\x90\x80\x80\"") },
	{ "no UTF-8 in a name", TEXT("{\"\xFF\":1}") },
	/* RP-2: the same name twice */
	{ "twice at the root", TEXT("{\"a\":1,\"a\":1}") },
	{ "twice, not side by side",
	  TEXT("{\"b\":0,\"a\":1,\"c\":2,\"b\":3}") },
	{ "twice inside", TEXT("{\"params\":{\"n\":[{\"x\":1,\"x\":2}]}}") },
	{ "twice by an escape", TEXT("{\"a\":1,\"\\u0061\":2}") },
	{ "twice by two escapes", TEXT("{\"\\u006a\":1,\"\\u006A\":2}") },
	{ "twice by a short escape", TEXT("{\"/\":1,\"\\/\":2}") },
	{ "twice by an escaped quote", TEXT("{\"\\\"\":1,\"\\u0022\":2}") },
	{ "twice by a raw and an escaped letter",
	  TEXT("{\"\xC3\xA9\":1,\"\\u00e9\":2}") },
	{ "twice by a raw and an escaped pair",
	  TEXT("{\"\xF0\x9F\x98\x80\":1,\"\\ud83d\\ude00\":2}") },
	{ "empty name twice", TEXT("{\"\":1,\"\":2}") },
	{ "after an inner object", TEXT("{\"a\":{\"b\":1},\"a\":2}") },
};

static struct fault *check(const char *bytes, size_t size)
{
	/* a copy without anything behind it, so that ASan sees reads past it */
	char *exact = malloc(size ? size : 1);
	struct fault *fault;

	memcpy(exact, bytes, size);
	fault = json_check(mem, exact, size);
	free(exact);
	return fault;
}

/* count copies of part, between start and end */
static const char *many(const char *start, const char *part, int count,
                        const char *end)
{
	struct buffer text = { .mem = mem };

	buffer_add(&text, start);
	for (int i = 0; i < count; i++)
		buffer_add(&text, part);
	buffer_add(&text, end);
	return buffer_text(&text);
}

static const char *members(int count)
{
	struct buffer text = { .mem = mem };

	for (int i = 0; i < count; i++)
		buffer_format(&text, "%c\"name%d\":0", i ? ',' : '{', i);
	buffer_add(&text, "}");
	return buffer_text(&text);
}

static struct fault *check_line(const char *text)
{
	return check(text, strlen(text));
}

/* RP-7: the bound passes, one more does not */
static void check_bounds(void)
{
	const char *deep =
		many("", "[", JSON_DEPTH, many("", "]", JSON_DEPTH, ""));
	const char *deeper = many("", "{\"a\":", JSON_DEPTH,
	                          many("{}", "}", JSON_DEPTH, ""));

	CHECK_FINE(check_line(deep));
	CHECK_FAULT(check_line(deeper), BAD_JSON);
	CHECK_FAULT(check_line(many("", "[", 1000000, "")), BAD_JSON);
	CHECK_FAULT(check_line(many("", "{\"a\":", 200000, "")), BAD_JSON);
	CHECK_FINE(check_line(members(JSON_MEMBERS)));
	CHECK_FAULT(check_line(members(JSON_MEMBERS + 1)), BAD_JSON);
	/* the array is a value too */
	CHECK_FINE(check_line(many("[0", ",0", JSON_VALUES - 2, "]")));
	CHECK_FAULT(check_line(many("[0", ",0", JSON_VALUES - 1, "]")),
	            BAD_JSON);
	CHECK_FINE(check_line(many("0.", "0", 254, "")));
	CHECK_FAULT(check_line(many("0.", "0", 255, "")), BAD_JSON);
	CHECK_FINE(check_line(many("\"", "x", 1000000, "\"")));
}

/* Nine objects of a thousand long names that differ at their ends only: about
 * the worst that fits a body of 1 MiB and our bounds. How long it took is
 * printed for the reader; no claim hangs on it. */
static void check_cost(void)
{
	struct buffer text = { .mem = mem };
	const char *common = many("", "n", 88, "");
	int64_t start;

	buffer_add(&text, "[0");
	for (int object = 0; object < 9; object++)
		for (int i = 0; i < JSON_MEMBERS; i++)
			buffer_format(&text, "%s\"%s%07d\":0%s", i ? "," : ",{",
			              common, i,
			              i == JSON_MEMBERS - 1 ? "}" : "");
	buffer_add(&text, "]");
	start = clock_ms();
	CHECK_FINE(check_line(buffer_text(&text)));
	printf("# %zu bytes took %d ms\n", text.size,
	       (int)(clock_ms() - start));
}

int main(void)
{
	struct fault *fault;

	mem = arena_new(1 << 28);
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		CHECK_ROW(!check(good[i].bytes, good[i].size), good[i].note);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		fault = check(bad[i].bytes, bad[i].size);
		CHECK_ROW(fault && fault->kind == FAULT_BAD_JSON, bad[i].note);
	}
	fault = check(TEXT("{\"secret\": \"hush\", \"secret\": 1}"));
	CHECK_TEXT(fault->told, "The body is not valid JSON: a name that came "
	                        "before at byte 19.");
	check_bounds();
	check_cost();
	arena_free(mem);
	return check_end();
}
