#include "oauth/scope.h"

#include "core/arena.h"
#include "core/text.h"

bool scope_in(json_object *scopes, const char *scope)
{
	for (size_t i = 0; i < js_count(scopes); i++)
		if (text_same(js_text(js_item(scopes, i)), scope))
			return true;
	return false;
}

static bool asked(char *const *names, const char *scope)
{
	for (; *names; names++)
		if (text_same(*names, scope))
			return true;
	return false;
}

/* Whether names ask for anything: refresh tokens come in any case. */
static bool ask(char *const *names)
{
	for (; *names; names++)
		if (!text_same(*names, "offline_access"))
			return true;
	return false;
}

const char **scope_wanted(struct arena *mem, json_object *offered,
                          const char *text, size_t *count)
{
	size_t most = js_count(offered), names;
	const char **wanted = arena_array(mem, most + 1, sizeof(*wanted));
	char **named = text_split(mem, text ? text : "", ' ', &names);
	bool all = !ask(named);

	*count = 0;
	for (size_t i = 0; i < most; i++) {
		const char *scope = js_text(js_item(offered, i));

		if (all || asked(named, scope))
			wanted[(*count)++] = scope;
	}
	return wanted;
}

const char *scope_text(struct arena *mem, json_object *scopes)
{
	struct buffer to = { .mem = mem };

	for (size_t i = 0; i < js_count(scopes); i++)
		buffer_format(&to, "%s%s", i ? " " : "",
		              js_text(js_item(scopes, i)));
	return buffer_text(&to);
}
