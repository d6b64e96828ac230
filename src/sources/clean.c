#include "sources/clean.h"

#include <ctype.h>
#include <string.h>

#include "core/arena.h"
#include "core/text.h"

const char *clean_line(struct arena *mem, const char *text, size_t most)
{
	return text ? text_cut(mem, text_fold(mem, text_visible(mem, text)),
	                       most)
	            : "";
}

size_t clean_fit(const char *text, size_t most)
{
	size_t size = 0, count = 0;

	for (; *text; count++) {
		bool escaped = *text == '"' || *text == '\\' || *text == '\n' ||
		               *text == '\t';

		size += escaped ? 2 : 1;
		if (size > most)
			break;
		text++;
		while ((*text & 0xC0) == 0x80)
			text++;
	}
	return count;
}

const char *clean_url(struct arena *mem, const char *url, size_t most)
{
	const char *host;

	if (!url || strlen(url) > most)
		return NULL;
	if (strncasecmp(url, "https://", 8) == 0)
		host = url + 8;
	else if (strncasecmp(url, "http://", 7) == 0)
		host = url + 7;
	else
		return NULL;
	if (!*host || strchr("/?#", *host))
		return NULL;
	for (const char *c = url; *c; c++) {
		if (*c <= ' ' || *c >= 0x7F || strchr("\"<>\\^`{|}", *c))
			return NULL;
	}
	return text_copy(mem, url);
}

/* Puts value into an object (name given) or an array (name NULL), cleaned.
 * The depth is bounded by the check at the door. */
static void put_clean(struct arena *mem, json_object *to, const char *name,
                      json_object *value);

static void put_members(struct arena *mem, json_object *to, json_object *from)
{
	for (struct js_member m = js_first(from); m.name; m = js_next(m))
		put_clean(mem, to, text_visible(mem, m.name), m.value);
}

static void put_clean(struct arena *mem, json_object *to, const char *name,
                      json_object *value)
{
	json_object *clean = value;

	if (js_is_text(value)) {
		const char *text = text_visible(mem, js_text(value));

		if (name)
			js_put_text(to, name, text);
		else
			js_add_text(to, text);
		return;
	}
	if (js_is_object(value)) {
		clean = js_object(mem);
		put_members(mem, clean, value);
	} else if (js_is_array(value)) {
		clean = js_array(mem);
		for (size_t i = 0; i < js_count(value); i++)
			put_clean(mem, clean, NULL, js_item(value, i));
	}
	if (name)
		js_put(to, name, clean);
	else
		js_add(to, clean);
}

json_object *clean_json(struct arena *mem, const char *json)
{
	json_object *clean = js_object(mem);

	if (json && *json == '{')
		put_members(mem, clean, js_literal(mem, json));
	return clean;
}
