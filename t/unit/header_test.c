#include "check.h"

#include "core/arena.h"
#include "core/json.h"
#include "mcp/header.h"
#include "mcp/resources.h"
#include "mcp/schema.h"

static struct arena *mem;

/* MC-7: the base64 form is decoded before it is compared, and strictly. */
static void check_values(void)
{
	static const struct {
		const char *raw;
		const char *value;
	} rows[] = {
		{ "search", "search" },
		{ "  search\t", "search" },
		{ "Search", "Search" },
		{ "", "" },
		{ "=?base64?c2VhcmNo?=", "search" },
		{ "=?base64?w6TDtsO8?=", "äöü" },
		{ "=?base64?" "?=", "" },
		{ "=?base64?c2VhcmNo", "=?base64?c2VhcmNo" }, /* literal */
		{ "c2VhcmNo?=", "c2VhcmNo?=" },
		{ "=?BASE64?c2VhcmNo?=", "=?BASE64?c2VhcmNo?=" },
		{ "=?base64?=", "=?base64?=" },
		{ "=?base64?c2Vhcm?=", NULL },   /* padding */
		{ "=?base64?c2Vh cmNo?=", NULL }, /* alphabet */
		{ "=?base64?c2VhcmN_?=", NULL },
		{ "=?base64?/w==?=", NULL },     /* not UTF-8 */
		{ "=?base64?AA==?=", NULL },     /* U+0000 */
		{ "caf\xc3\xa9", NULL },         /* raw bytes */
		{ "a\x01", NULL },
		{ "a\x7f", NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_TEXT(header_value(mem, rows[i].raw), rows[i].value);
}

static bool says(const char *raw, const char *json)
{
	return header_says(mem, raw, js_get(js_literal(mem, json), "v"));
}

static void check_says(void)
{
	CHECK(says("eu", "{\"v\":\"eu\"}"));
	CHECK(!says("EU", "{\"v\":\"eu\"}"));
	CHECK(says("=?base64?ZXU=?=", "{\"v\":\"eu\"}"));
	CHECK(says("42", "{\"v\":42}"));
	CHECK(says("42.0", "{\"v\":42}"));
	CHECK(!says("42x", "{\"v\":42}"));
	CHECK(!says("", "{\"v\":0}"));
	CHECK(says("true", "{\"v\":true}"));
	CHECK(!says("True", "{\"v\":true}"));
	CHECK(!says("null", "{\"v\":null}"));
	CHECK(!says("a", "{\"v\":[\"a\"]}"));
}

/* MC-9: an id reaches us in one decoded piece, or not at all. */
static void check_templates(void)
{
	static const char form[] = "gatehouse://item/{id}";

	CHECK_TEXT(template_part(mem, form, "gatehouse://item/a%3A%3Ab"),
	           "a::b");
	CHECK_TEXT(template_part(mem, "t://x/{id}/data", "t://x/1/data"), "1");
	CHECK_TEXT(template_part(mem, form, "gatehouse://item/"), NULL);
	CHECK_TEXT(template_part(mem, form, "gatehouse://item/a/b"), NULL);
	CHECK_TEXT(template_part(mem, form, "gatehouse://item/%zz"), NULL);
	CHECK_TEXT(template_part(mem, form, "gatehouse://item/%00"), NULL);
	CHECK_TEXT(template_part(mem, form, "gatehouse://ite"), NULL);
	CHECK_TEXT(template_part(mem, form, ""), NULL);
	CHECK_TEXT(template_part(mem, "t://x/{id}/data", "t://x/data"), NULL);
	CHECK_TEXT(template_part(mem, "t://x", "t://x"), NULL);
	CHECK_TEXT(item_uri(mem, "a::b/ü"), "gatehouse://item/a%3A%3Ab%2F%C3%BC");
}

static const char *wrong(const char *arguments)
{
	static const char schema[] =
		"{\"type\":\"object\",\"properties\":{"
		"\"query\":{\"type\":\"string\",\"minLength\":1,"
		"\"maxLength\":5},\"n\":{\"type\":\"integer\",\"minimum\":1,"
		"\"maximum\":9},\"kind\":{\"enum\":[\"a\",\"b\"]}},"
		"\"required\":[\"query\"],\"additionalProperties\":false}";

	return schema_wrong(mem, js_literal(mem, schema),
	                    arguments ? js_literal(mem, arguments) : NULL);
}

static void check_schema(void)
{
	CHECK_TEXT(wrong("{\"query\":\"a\"}"), NULL);
	CHECK_TEXT(wrong("{\"query\":\"äöüäö\",\"n\":9,\"kind\":\"b\"}"), NULL);
	CHECK_TEXT(wrong(NULL), "'query' is missing.");
	CHECK_TEXT(wrong("{}"), "'query' is missing.");
	CHECK_TEXT(wrong("{\"query\":1}"), "'query' must be a string.");
	CHECK_TEXT(wrong("{\"query\":null}"), "'query' must be a string.");
	CHECK_TEXT(wrong("{\"query\":\"\"}"),
	           "'query' must be at least 1 characters.");
	CHECK_TEXT(wrong("{\"query\":\"abcdef\"}"),
	           "'query' must be at most 5 characters.");
	CHECK_TEXT(wrong("{\"query\":\"a\",\"n\":0}"), "'n' must be at least 1.");
	CHECK_TEXT(wrong("{\"query\":\"a\",\"n\":1.5}"),
	           "'n' must be an integer.");
	CHECK_TEXT(wrong("{\"query\":\"a\",\"kind\":\"c\"}"),
	           "'kind' must be one of [\"a\",\"b\"].");
	CHECK_TEXT(wrong("{\"query\":\"a\",\"Query\":\"a\"}"),
	           "There is no argument 'Query'.");
}

int main(void)
{
	mem = arena_new(1 << 20);
	check_values();
	check_says();
	check_templates();
	check_schema();
	arena_free(mem);
	return check_end();
}
