/* What a client sends, field by field: the first thing that is wrong stays,
 * and is told without repeating a value. */
#include "core/json.h"

#include <stdarg.h>

#include "core/arena.h"
#include "core/text.h"

void field_wrong(struct fields *from, const char *told, ...)
{
	va_list args;

	if (from->fault)
		return;
	va_start(args, told);
	from->fault = fault_told(from->mem, FAULT_BAD_FIELD, "%s",
	                         text_vformat(from->mem, told, args));
	va_end(args);
}

struct fields fields_of(struct arena *mem, json_object *tree)
{
	struct fields from = { .mem = mem, .tree = tree };

	if (!js_is_object(tree))
		field_wrong(&from, "The body must be a JSON object.");
	return from;
}

/* The value of a field; NULL when it is absent, null, or no longer of
 * interest. */
static json_object *value_of(struct fields *from, const char *name)
{
	return from->fault ? NULL : js_get(from->tree, name);
}

static bool present(struct fields *from, const char *name)
{
	if (!from->fault && js_is_null(js_get(from->tree, name)))
		field_wrong(from, "%s is missing.", name);
	return !from->fault;
}

const char *field_text_maybe(struct fields *from, const char *name,
                             size_t least, size_t most)
{
	json_object *value = value_of(from, name);
	const char *text = js_text(value);

	if (js_is_null(value))
		return NULL;
	if (!text)
		field_wrong(from, "%s must be a string.", name);
	else if (text_length(text) < least && least == 1)
		field_wrong(from, "%s must not be empty.", name);
	else if (text_length(text) < least)
		field_wrong(from, "%s must have at least %zu characters.", name,
		            least);
	else if (text_length(text) > most)
		field_wrong(from, "%s must have at most %zu characters.", name,
		            most);
	return from->fault ? NULL : text;
}

const char *field_text(struct fields *from, const char *name, size_t least,
                       size_t most)
{
	const char *text = NULL;

	if (present(from, name))
		text = field_text_maybe(from, name, least, most);
	return text ? text : "";
}

const char *field_choice_maybe(struct fields *from, const char *name,
                               const char *const *words, size_t count)
{
	struct buffer all = { .mem = from->mem };
	const char *text = js_text(value_of(from, name));

	if (js_is_null(value_of(from, name)))
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (text_same(text, words[i]))
			return words[i];
	for (size_t i = 0; i < count; i++)
		buffer_format(&all, "%s%s", i ? ", " : "", words[i]);
	field_wrong(from, "%s must be one of: %s", name, buffer_text(&all));
	return NULL;
}

int64_t field_integer_maybe(struct fields *from, const char *name,
                            int64_t least, int64_t most, int64_t otherwise)
{
	json_object *value = value_of(from, name);
	int64_t number = js_integer(value);

	if (from->fault)
		return 0;
	if (js_is_null(value))
		return otherwise;
	if (!js_is_integer(value) || number < least || number > most) {
		field_wrong(from,
		            "%s must be a whole number from %lld to %lld.",
		            name, (long long)least, (long long)most);
		return 0;
	}
	return number;
}

int64_t field_integer(struct fields *from, const char *name, int64_t least,
                      int64_t most)
{
	if (!present(from, name))
		return 0;
	return field_integer_maybe(from, name, least, most, 0);
}

json_object *field_object_maybe(struct fields *from, const char *name)
{
	json_object *value = value_of(from, name);

	if (js_is_null(value) || js_is_object(value))
		return value;
	field_wrong(from, "%s must be an object.", name);
	return NULL;
}

json_object *field_array_maybe(struct fields *from, const char *name)
{
	json_object *value = value_of(from, name);

	if (js_is_null(value) || js_is_array(value))
		return value;
	field_wrong(from, "%s must be an array.", name);
	return NULL;
}
