#include "mcp/schema.h"

#include "core/arena.h"
#include "core/text.h"

enum { NAME_SHOWN = 64 };

static const struct type {
	const char *name;
	const char *called;
	bool (*is)(json_object *value);
} types[] = {
	{ "string", "a string", js_is_text },
	{ "integer", "an integer", js_is_integer },
	{ "number", "a number", js_is_number },
	{ "boolean", "true or false", js_is_boolean },
	{ "object", "an object", js_is_object },
	{ "array", "an array", js_is_array },
	{ 0 },
};

static const char *wrong_type(struct arena *mem, const char *name,
                              json_object *rule, json_object *value)
{
	const char *wanted = js_text(js_get(rule, "type"));

	for (const struct type *type = types; wanted && type->name; type++) {
		if (text_same(type->name, wanted) && !type->is(value))
			return text_format(mem, "'%s' must be %s.", name,
			                   type->called);
	}
	return NULL;
}

static const char *wrong_choice(struct arena *mem, const char *name,
                                json_object *rule, json_object *value)
{
	json_object *choices = js_get(rule, "enum");

	for (size_t i = 0; i < js_count(choices); i++) {
		if (js_same(js_item(choices, i), value))
			return NULL;
	}
	return choices ? text_format(mem, "'%s' must be one of %s.", name,
	                             js_print(mem, choices))
	               : NULL;
}

static const char *wrong_size(struct arena *mem, const char *name,
                              json_object *rule, json_object *value)
{
	double size = js_is_text(value) ? (double)text_length(js_text(value))
	                                : js_number(value);
	bool text = js_is_text(value);
	json_object *least = js_get(rule, text ? "minLength" : "minimum");
	json_object *most = js_get(rule, text ? "maxLength" : "maximum");
	const char *of = text ? " characters" : "";

	if (least && size < js_number(least))
		return text_format(mem, "'%s' must be at least %g%s.", name,
		                   js_number(least), of);
	if (most && size > js_number(most))
		return text_format(mem, "'%s' must be at most %g%s.", name,
		                   js_number(most), of);
	return NULL;
}

static const char *wrong_value(struct arena *mem, const char *name,
                               json_object *rule, json_object *value)
{
	const char *wrong = wrong_type(mem, name, rule, value);

	wrong = wrong ? wrong : wrong_choice(mem, name, rule, value);
	return wrong ? wrong : wrong_size(mem, name, rule, value);
}

const char *schema_wrong(struct arena *mem, json_object *schema,
                         json_object *arguments)
{
	json_object *required = js_get(schema, "required");
	json_object *closed = js_get(schema, "additionalProperties");
	json_object *known = js_get(schema, "properties");

	for (size_t i = 0; i < js_count(required); i++) {
		const char *name = js_text(js_item(required, i));

		if (name && !js_has(arguments, name))
			return text_format(mem, "'%s' is missing.", name);
	}
	for (struct js_member m = js_first(arguments); m.name; m = js_next(m)) {
		const char *name = text_cut(mem, m.name, NAME_SHOWN);
		const char *wrong = NULL;

		if (js_has(known, m.name))
			wrong = wrong_value(mem, name, js_get(known, m.name),
			                    m.value);
		else if (js_is_boolean(closed) && !js_true(closed))
			wrong = text_format(mem, "There is no argument '%s'.",
			                    name);
		if (wrong)
			return wrong;
	}
	return NULL;
}
