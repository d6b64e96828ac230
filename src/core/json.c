#include "core/json.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "core/arena.h"
#include "core/json_check.h"
#include "core/text.h"

/* What we wrote ourselves may stand deeper than what a client may send: its
 * text comes back inside objects of ours. */
enum { OWN_DEPTH = 4 * JSON_DEPTH };

static void put(void *tree)
{
	json_object_put(tree);
}

/* json-c answers NULL, or -1, only when there is no memory. */
static json_object *made(json_object *value)
{
	assert(value);
	return value;
}

static json_object *joined(struct arena *mem, json_object *root)
{
	if (root) /* JSON's null is NULL */
		arena_defer(mem, put, root);
	return root;
}

/* ---- reading ---- */

/* tree: set to a tree that the caller owns. */
static enum json_tokener_error parse(const char *bytes, size_t size, int depth,
                                     json_object **tree)
{
	struct json_tokener *reader;
	enum json_tokener_error error;

	if (size > INT_MAX)
		return json_tokener_error_size;
	reader = json_tokener_new_ex(depth);
	assert(reader);
	json_tokener_set_flags(reader, JSON_TOKENER_STRICT);
	*tree = json_tokener_parse_ex(reader, bytes, (int)size);
	error = json_tokener_get_error(reader);
	if (error == json_tokener_continue) { /* a number ends with the text */
		*tree = json_tokener_parse_ex(reader, "", 1);
		error = json_tokener_get_error(reader);
	}
	json_tokener_free(reader);
	return error;
}

struct fault *js_parse(struct arena *mem, const char *bytes, size_t size,
                       json_object **tree)
{
	enum json_tokener_error error;

	*tree = NULL;
	TRY(json_check(mem, bytes, size));
	/* One more: json-c 0.16 counts the innermost value as a level. */
	error = parse(bytes, size, JSON_DEPTH + 1, tree);
	if (error != json_tokener_success)
		return fault(mem, FAULT_BAD_JSON, "json-c: %s",
		             json_tokener_error_desc(error));
	joined(mem, *tree);
	return NULL;
}

json_object *js_literal(struct arena *mem, const char *text)
{
	json_object *tree = NULL;
	enum json_tokener_error error;

	error = parse(text, strlen(text), OWN_DEPTH, &tree);
	assert(error == json_tokener_success);
	(void)error;
	return joined(mem, tree);
}

json_object *js_get_path(json_object *tree, ...)
{
	const char *name;
	va_list names;

	va_start(names, tree);
	while ((name = va_arg(names, const char *)))
		if (!js_is_object(tree) ||
		    !json_object_object_get_ex(tree, name, &tree))
			tree = NULL;
	va_end(names);
	return tree;
}

bool js_has(json_object *tree, const char *name)
{
	return js_is_object(tree) &&
	       json_object_object_get_ex(tree, name, NULL);
}

size_t js_count(json_object *tree)
{
	if (js_is_array(tree))
		return json_object_array_length(tree);
	if (js_is_object(tree))
		return (size_t)json_object_object_length(tree);
	return 0;
}

json_object *js_item(json_object *tree, size_t i)
{
	return js_is_array(tree) ? json_object_array_get_idx(tree, i) : NULL;
}

const char *js_text(json_object *tree)
{
	return js_is_text(tree) ? json_object_get_string(tree) : NULL;
}

const char *js_shown(json_object *tree, const char *name)
{
	const char *text = js_text(js_get(tree, name));

	return text ? text : "";
}

int64_t js_integer(json_object *tree)
{
	return js_is_integer(tree) ? json_object_get_int64(tree) : 0;
}

double js_number(json_object *tree)
{
	return js_is_number(tree) ? json_object_get_double(tree) : 0;
}

bool js_true(json_object *tree)
{
	return js_is_boolean(tree) && json_object_get_boolean(tree);
}

bool js_is_object(json_object *tree)
{
	return json_object_is_type(tree, json_type_object);
}

bool js_is_array(json_object *tree)
{
	return json_object_is_type(tree, json_type_array);
}

bool js_is_text(json_object *tree)
{
	return json_object_is_type(tree, json_type_string);
}

bool js_is_integer(json_object *tree)
{
	return json_object_is_type(tree, json_type_int);
}

bool js_is_number(json_object *tree)
{
	return js_is_integer(tree) ||
	       json_object_is_type(tree, json_type_double);
}

bool js_is_boolean(json_object *tree)
{
	return json_object_is_type(tree, json_type_boolean);
}

bool js_is_null(json_object *tree)
{
	return !tree;
}

static struct js_member member_of(const struct lh_entry *entry)
{
	if (!entry)
		return (struct js_member){ 0 };
	return (struct js_member){
		.name = lh_entry_k(entry),
		.value = lh_entry_v(entry),
		.entry = entry,
	};
}

struct js_member js_first(json_object *tree)
{
	return member_of(js_is_object(tree) ? json_object_get_object(tree)->head
	                                    : NULL);
}

struct js_member js_next(struct js_member member)
{
	const struct lh_entry *entry = member.entry;

	return member_of(entry ? entry->next : NULL);
}

bool js_same(json_object *a, json_object *b)
{
	return json_object_equal(a, b);
}

const char *js_print(struct arena *mem, json_object *tree)
{
	size_t size;
	const char *text = json_object_to_json_string_length(
		tree, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE,
		&size);

	assert(text);
	return tree ? text_copy_n(mem, text, size) : "null";
}

/* ---- writing ---- */

json_object *js_object(struct arena *mem)
{
	return joined(mem, made(json_object_new_object()));
}

json_object *js_array(struct arena *mem)
{
	return joined(mem, made(json_object_new_array()));
}

/* Gives value to the tree. */
static void give(json_object *tree, const char *name, json_object *value)
{
	int failed;

	assert(js_is_object(tree));
	failed = json_object_object_add(tree, name, value);
	assert(!failed);
	(void)failed;
}

static void give_item(json_object *array, json_object *value)
{
	int failed;

	assert(js_is_array(array));
	failed = json_object_array_add(array, value);
	assert(!failed);
	(void)failed;
}

static json_object *new_text(const char *value)
{
	return value ? made(json_object_new_string(value)) : NULL;
}

/* json-c 0.16 prints 17 digits, 0.1 as 0.10000000000000001: this is the
 * shortest form that reads back the same. JSON has no infinity. */
static json_object *new_number(double value)
{
	char text[32];

	if (!isfinite(value))
		return NULL;
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, value);
		if (!(strtod(text, NULL) < value) &&
		    !(strtod(text, NULL) > value))
			break;
	}
	return made(json_object_new_double_s(value, text));
}

void js_put_text(json_object *tree, const char *name, const char *value)
{
	give(tree, name, new_text(value));
}

void js_put_integer(json_object *tree, const char *name, int64_t value)
{
	give(tree, name, made(json_object_new_int64(value)));
}

void js_put_number(json_object *tree, const char *name, double value)
{
	give(tree, name, new_number(value));
}

void js_put_boolean(json_object *tree, const char *name, bool value)
{
	give(tree, name, made(json_object_new_boolean(value)));
}

void js_put_null(json_object *tree, const char *name)
{
	give(tree, name, NULL);
}

json_object *js_put_object(json_object *tree, const char *name)
{
	json_object *child = made(json_object_new_object());

	give(tree, name, child);
	return child;
}

json_object *js_put_array(json_object *tree, const char *name)
{
	json_object *child = made(json_object_new_array());

	give(tree, name, child);
	return child;
}

void js_put(json_object *tree, const char *name, json_object *value)
{
	give(tree, name, json_object_get(value));
}

/* Postgres keeps deeper nesting than we let in, and rows may be older than our
 * bounds: what cannot be read is null rather than the end of the process. */
void js_put_json(json_object *tree, const char *name, const char *json)
{
	json_object *value = NULL;

	if (json && parse(json, strlen(json), OWN_DEPTH, &value) !=
	                    json_tokener_success)
		value = NULL;
	give(tree, name, value);
}

static int print_constant(json_object *tree, struct printbuf *to, int level,
                          int flags)
{
	const char *json = json_object_get_userdata(tree);

	(void)level;
	(void)flags;
	return printbuf_memappend(to, json, (int)strlen(json));
}

/* json-c only hands the text back to print_constant. */
void js_put_constant(json_object *tree, const char *name, const char *json)
{
	json_object *value = json_object_new_object();

	json_object_set_serializer(value, print_constant, (void *)(uintptr_t)json,
	                           NULL);
	give(tree, name, value);
}

void js_drop(json_object *tree, const char *name)
{
	if (js_is_object(tree))
		json_object_object_del(tree, name);
}

void js_add_text(json_object *array, const char *value)
{
	give_item(array, new_text(value));
}

void js_add_integer(json_object *array, int64_t value)
{
	give_item(array, made(json_object_new_int64(value)));
}

json_object *js_add_object(json_object *array)
{
	json_object *child = made(json_object_new_object());

	give_item(array, child);
	return child;
}

void js_add(json_object *array, json_object *value)
{
	give_item(array, json_object_get(value));
}
