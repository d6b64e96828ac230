#include "check.h"

#include <math.h>

#include "core/arena.h"
#include "core/json.h"
#include "core/text.h"

static struct arena *mem;

static json_object *tree_of(const char *text)
{
	json_object *tree = NULL;

	CHECK_FINE(js_parse(mem, text, strlen(text), &tree));
	return tree;
}

/* json-c 0.16 aborts when an array function or a walk meets another type, and
 * clients choose the types: each reader meets each type. */
static void check_shapes(void)
{
	static const char *const shapes[] = {
		"null", "true", "0", "1.5", "\"text\"", "[1]", "{\"a\":1}",
	};

	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		json_object *tree = js_literal(mem, shapes[i]);

		CHECK_ROW(!js_get(tree, "x") && !js_get(tree, "a", "b", "c"),
		          shapes[i]);
		CHECK_INT(js_has(tree, "a"), i == 6);
		CHECK_INT(js_count(tree), i >= 5);
		CHECK_INT(js_integer(js_item(tree, 0)), i == 5);
		CHECK(js_item(tree, 1) == NULL);
		CHECK_TEXT(js_text(tree), i == 4 ? "text" : NULL);
		CHECK_INT(js_integer(tree), 0);
		CHECK_INT(js_number(tree) * 2, i == 3 ? 3 : 0);
		CHECK_INT(js_true(tree), i == 1);
		CHECK_INT(js_is_null(tree), i == 0);
		CHECK_INT(js_is_boolean(tree), i == 1);
		CHECK_INT(js_is_integer(tree), i == 2);
		CHECK_INT(js_is_number(tree), i == 2 || i == 3);
		CHECK_INT(js_is_text(tree), i == 4);
		CHECK_INT(js_is_array(tree), i == 5);
		CHECK_INT(js_is_object(tree), i == 6);
		CHECK_TEXT(js_first(tree).name, i == 6 ? "a" : NULL);
		CHECK_TEXT(js_print(mem, tree), shapes[i]);
		js_drop(tree, "a");
	}
}

static void check_reading(void)
{
	json_object *tree =
		tree_of("{\"z\":{\"y\":[{\"x\":\"deep\"}]},\"n\":null,"
	                "\"big\":9007199254740991,\"one\":1.0,"
	                "\"u\":\"\\u00e9\\ud83d\\ude00\\/\"}");
	json_object *same = tree_of(" {\"n\":null, \"one\":1.0, \"u\":\"é😀/\","
	                            "\"big\":9007199254740991,"
	                            "\"z\":{\"y\":[{\"x\":\"deep\"}]}} ");
	struct js_member m = js_first(tree);

	CHECK_TEXT(js_text(js_get(js_item(js_get(tree, "z", "y"), 0), "x")),
	           "deep");
	CHECK(js_has(tree, "n") && js_is_null(js_get(tree, "n")));
	CHECK(!js_has(tree, "absent") && js_is_null(js_get(tree, "absent")));
	CHECK(!js_has(tree, "Z")); /* RP-8: names compare byte for byte */
	CHECK_INT(js_integer(js_get(tree, "big")), 9007199254740991);
	CHECK(!js_is_integer(js_get(tree, "one"))); /* RP-5 */
	CHECK_TEXT(js_text(js_get(tree, "u")), "é😀/");
	CHECK_TEXT(m.name, "z");
	m = js_next(m);
	CHECK_TEXT(m.name, "n");
	CHECK(m.value == NULL);
	CHECK(js_same(tree, same));
	js_drop(same, "n");
	CHECK(!js_same(tree, same));
	CHECK(js_same(NULL, NULL) && !js_same(tree, NULL));
	CHECK(js_next(js_next(js_next(js_next(m)))).name == NULL);
}

/* RP-1 to RP-7: js_parse never lets json-c see what json_check refuses */
static void check_refused(void)
{
	json_object *tree = (json_object *)"";

	CHECK_FAULT(js_parse(mem, "{\"a\":1,\"a\":2}", 13, &tree), BAD_JSON);
	CHECK(tree == NULL);
	CHECK_FAULT(js_parse(mem, "[NaN]", 5, &tree), BAD_JSON);
	CHECK_FAULT(js_parse(mem, "['a']", 5, &tree), BAD_JSON);
	CHECK_FAULT(js_parse(mem, "{}x", 3, &tree), BAD_JSON);
	CHECK_FAULT(js_parse(mem, "", 0, &tree), BAD_JSON);
	CHECK_FINE(js_parse(mem, "{}x", 2, &tree));
	CHECK_FINE(js_parse(mem, "12", 1, &tree));
	CHECK_INT(js_integer(tree), 1);
}

/* RP-14: what goes out is escaped by one printer */
static void check_writing(void)
{
	json_object *tree = js_object(mem), *child, *list;

	js_put_text(tree, "t", "\"<\\/>\n\x01é\u2028");
	js_put_text(tree, "none", NULL);
	js_put_integer(tree, "i", -9007199254740991);
	js_put_boolean(tree, "b", true);
	js_put_null(tree, "n");
	child = js_put_object(tree, "o");
	js_put_number(child, "tenth", 0.1);
	js_put_number(child, "third", 1.0 / 3);
	js_put_number(child, "whole", 3);
	js_put_number(child, "huge", 1e300);
	js_put_number(child, "no number", (double)NAN);
	js_put_number(child, "no end", (double)INFINITY);
	list = js_put_array(tree, "a");
	js_add_text(list, "x");
	js_add_text(list, NULL);
	js_add_integer(list, 7);
	js_put_text(js_add_object(list), "k", "v");
	js_put(tree, "again", child);
	js_add(list, NULL);
	CHECK_TEXT(js_print(mem, tree),
	           "{\"t\":\"\\\"<\\\\/>\\n\\u0001é\u2028\",\"none\":null,"
	           "\"i\":-9007199254740991,\"b\":true,\"n\":null,"
	           "\"o\":{\"tenth\":0.1,\"third\":0.3333333333333333,"
	           "\"whole\":3,\"huge\":1e+300,\"no number\":null,"
	           "\"no end\":null},"
	           "\"a\":[\"x\",null,7,{\"k\":\"v\"},null],"
	           "\"again\":{\"tenth\":0.1,\"third\":0.3333333333333333,"
	           "\"whole\":3,\"huge\":1e+300,\"no number\":null,"
	           "\"no end\":null}}");
	js_drop(tree, "a");
	js_drop(tree, "absent");
	CHECK_INT(js_count(tree), 7);
	CHECK_TEXT(js_print(mem, NULL), "null");
}

static void check_names_are_kept(void)
{
	json_object *tree = js_object(mem);
	char name[] = "first";

	js_put_integer(tree, name, 1);
	memcpy(name, "other", 5);
	CHECK_INT(js_integer(js_get(tree, "first")), 1);
	CHECK(!js_has(tree, "other"));
}

static void check_put_json(void)
{
	json_object *tree = js_object(mem);

	js_put_constant(tree, "c", "{\"d\": 1}");
	CHECK_TEXT(js_print(mem, tree), "{\"c\":{\"d\": 1}}");
	CHECK(js_is_object(js_get(tree, "c")));
	CHECK(js_get(tree, "c", "d") == NULL);
	js_drop(tree, "c");
	js_put_json(tree, "a", "{\"b\": [1, 2.50, 12345678901.123456789]}");
	js_put_json(tree, "text", "\"x\"");
	js_put_json(tree, "null", "null");
	js_put_json(tree, "none", NULL);
	js_put_json(tree, "broken", "{");
	js_put_json(tree, "rest", "1 2");
	CHECK_TEXT(js_print(mem, tree),
	           "{\"a\":{\"b\":[1,2.50,12345678901.123456789]},"
	           "\"text\":\"x\",\"null\":null,\"none\":null,"
	           "\"broken\":null,\"rest\":null}");
}

/* A tree put into another outlives its own root's owner. */
static void check_sharing(void)
{
	struct arena *other = arena_new(1 << 16);
	json_object *tree = js_object(mem), *part = js_object(other);

	js_put_text(part, "k", "v");
	js_put(tree, "p", part);
	arena_free(other);
	CHECK_TEXT(js_text(js_get(tree, "p", "k")), "v");
}

#define FIELDS                                                               \
	"{\"name\":\"Zoë\",\"empty\":\"\",\"n\":7,\"f\":7.5,\"null\":null," \
	"\"o\":{},\"a\":[]}"

static void check_fields(void)
{
	struct fields body = fields_of(mem, tree_of(FIELDS));

	CHECK_TEXT(field_text(&body, "name", 1, 3), "Zoë");
	CHECK_TEXT(field_text(&body, "empty", 0, 3), "");
	CHECK(field_text_maybe(&body, "null", 1, 3) == NULL);
	CHECK(field_text_maybe(&body, "absent", 1, 3) == NULL);
	CHECK_INT(field_integer(&body, "n", 1, 7), 7);
	CHECK_INT(field_integer_maybe(&body, "absent", 1, 7, 3), 3);
	CHECK(js_is_object(field_object_maybe(&body, "o")));
	CHECK(js_is_array(field_array_maybe(&body, "a")));
	CHECK(field_object_maybe(&body, "null") == NULL);
	CHECK_FINE(body.fault);
}

static const char *wrong(void (*read)(struct fields *))
{
	struct fields body = fields_of(mem, js_literal(mem, FIELDS));

	read(&body);
	return body.fault && body.fault->kind == FAULT_BAD_FIELD
	               ? body.fault->told
	               : NULL;
}

#define WRONG(name, call)                     \
	static void name(struct fields *body) \
	{                                     \
		(void)call;                   \
	}
WRONG(missing, field_text(body, "absent", 1, 3))
WRONG(null_text, field_text(body, "null", 1, 3))
WRONG(number_as_text, field_text(body, "n", 1, 3))
WRONG(empty, field_text(body, "empty", 1, 3))
WRONG(short_text, field_text(body, "name", 8, 9))
WRONG(long_text, field_text(body, "name", 1, 2))
WRONG(fraction, field_integer(body, "f", 1, 9))
WRONG(too_much, field_integer(body, "n", 1, 6))
WRONG(too_little, field_integer_maybe(body, "n", 8, 9, 8))
WRONG(text_as_number, field_integer(body, "name", 1, 6))
WRONG(no_number, field_integer(body, "null", 1, 6))
WRONG(array_as_object, field_object_maybe(body, "a"))
WRONG(object_as_array, field_array_maybe(body, "o"))

static void check_wrong_fields(void)
{
	struct fields body = fields_of(mem, js_literal(mem, "[]"));

	CHECK_TEXT(body.fault->told, "The body must be a JSON object.");
	CHECK_TEXT(field_text(&body, "x", 1, 2), ""); /* still no crash */
	CHECK_TEXT(wrong(missing), "absent is missing.");
	CHECK_TEXT(wrong(null_text), "null is missing.");
	CHECK_TEXT(wrong(number_as_text), "n must be a string.");
	CHECK_TEXT(wrong(empty), "empty must not be empty.");
	CHECK_TEXT(wrong(short_text), "name must have at least 8 characters.");
	CHECK_TEXT(wrong(long_text), "name must have at most 2 characters.");
	CHECK_TEXT(wrong(fraction), "f must be a whole number from 1 to 9.");
	CHECK_TEXT(wrong(too_much), "n must be a whole number from 1 to 6.");
	CHECK_TEXT(wrong(too_little), "n must be a whole number from 8 to 9.");
	CHECK_TEXT(wrong(text_as_number),
	           "name must be a whole number from 1 to 6.");
	CHECK_TEXT(wrong(no_number), "null is missing.");
	CHECK_TEXT(wrong(array_as_object), "a must be an object.");
	CHECK_TEXT(wrong(object_as_array), "o must be an array.");
	/* the first thing that was wrong stays */
	body = fields_of(mem, js_literal(mem, FIELDS));
	field_wrong(&body, "%s first", "the");
	CHECK_TEXT(field_text(&body, "absent", 1, 2), "");
	CHECK_INT(field_integer_maybe(&body, "n", 1, 9, 5), 0);
	CHECK_TEXT(body.fault->told, "the first");
}

static const char *mended(const char *text)
{
	char *copy = text_copy(mem, text);

	js_mend(copy, strlen(copy));
	return copy;
}

/* What vendors send where our strings end, or where they cut a pair in two. */
static void check_mending(void)
{
	json_object *tree;
	const char *text = mended("[\"a\\u0000b\\ud83c\"]");

	CHECK_TEXT(mended("\"\\u0000\""), "\"\\ufffd\"");
	CHECK_TEXT(mended("\"\\ud83c\""), "\"\\ufffd\"");
	CHECK_TEXT(mended("\"\\uDF82x\""), "\"\\ufffdx\"");
	CHECK_TEXT(mended("\"\\ud83c\\ud83c\\udf82\""),
	           "\"\\ufffd\\ud83c\\udf82\"");
	CHECK_TEXT(mended("\"\\uD83C\\uDF82\""), "\"\\uD83C\\uDF82\"");
	CHECK_TEXT(mended("\"\\u0001\\u00e9\""), "\"\\u0001\\u00e9\"");
	CHECK_TEXT(mended("\"\\\\u0000\\n\""), "\"\\\\u0000\\n\"");
	CHECK_TEXT(mended("\"\\u00"), "\"\\u00");
	CHECK_TEXT(mended("\\"), "\\");
	CHECK_TEXT(mended("\\ud83c\\u"), "\\ufffd\\u");
	CHECK_TEXT(mended(""), "");
	CHECK_FINE(js_parse(mem, text, strlen(text), &tree));
	CHECK_TEXT(js_text(js_item(tree, 0)), "a\xEF\xBF\xBD"
	                                      "b\xEF\xBF\xBD");
}

int main(void)
{
	mem = arena_new(1 << 20);
	check_shapes();
	check_reading();
	check_refused();
	check_writing();
	check_names_are_kept();
	check_put_json();
	check_sharing();
	check_fields();
	check_wrong_fields();
	check_mending();
	arena_free(mem);
	return check_end();
}
