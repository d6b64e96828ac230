#include "web/form.h"

#include <string.h>

#include "core/arena.h"
#include "core/text.h"

enum { NAMES_MOST = 64, NAME_SHOWN = 64 };

/* The next piece up to a character, or to the end; moves on past it. */
static size_t piece(const char **text, size_t *left, char end)
{
	const char *found = memchr(*text, end, *left);
	size_t size = found ? (size_t)(found - *text) : *left;
	size_t step = found ? size + 1 : size;

	*text += step;
	*left -= step;
	return size;
}

static CAN_FAIL add(struct arena *mem, json_object *form, const char *pair,
                    size_t size)
{
	const char *value = pair;
	size_t value_size = size;
	size_t name_size = piece(&value, &value_size, '=');
	const char *name = text_unpercent(mem, pair, name_size, true);
	const char *text = text_unpercent(mem, value, value_size, true);

	if (!name || !text)
		return fault_told(mem, FAULT_BAD_FIELD,
		                  "A parameter has a broken escape.");
	if (js_has(form, name))
		return fault_told(
			mem, FAULT_BAD_REQUEST,
			"The parameter %s is given twice.",
			text_cut(mem, text_visible(mem, name), NAME_SHOWN));
	if (js_count(form) == NAMES_MOST)
		return fault_told(mem, FAULT_BAD_REQUEST,
		                  "There are more than %d parameters.",
		                  NAMES_MOST);
	js_put_text(form, name, text);
	return NULL;
}

CAN_FAIL form_read(struct arena *mem, const char *text, size_t size,
                   json_object **form)
{
	json_object *read = js_object(mem);

	while (size > 0) {
		const char *pair = text;
		size_t length = piece(&text, &size, '&');

		if (length > 0)
			TRY(add(mem, read, pair, length));
	}
	*form = read;
	return NULL;
}

const char *form_text(json_object *form, const char *name)
{
	const char *text = js_text(js_get(form, name));

	return text && *text ? text : NULL;
}
