/* What a token of Microsoft's lets an application do. It stands in the token,
 * though Microsoft promises nobody but its own programs what form that has: so
 * what is read here decides nothing, and what cannot be read says nothing. */
#include "sources/outlook.h"

#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "vault/base64url.h"

enum { NAMED_MOST = 8, NAME_MOST = 64 };

/* Of which none lets anybody write. */
static const char *const reading[] = {
	OUTLOOK_RIGHT,
	"Mail.ReadBasic",
	"Mail.ReadBasic.All",
	NULL,
};

/* What a JWT claims, whoever has signed it; NULL when it is none. */
static json_object *claims_of(struct arena *mem, const char *token)
{
	const char *start = strchr(token, '.');
	const char *end = start ? strchr(start + 1, '.') : NULL;
	json_object *claims;
	char *bytes;
	size_t size;

	if (!end)
		return NULL;
	bytes = unbase64url(mem, start + 1, (size_t)(end - start - 1), &size);
	if (!bytes || js_parse(mem, bytes, size, &claims))
		return NULL;
	return claims;
}

/* A permission beyond reading mail. What has no form of one is passed over: it
 * would be the vendor's words (OH-12). */
static bool is_more(const char *name)
{
	if (!name || !*name || strlen(name) > NAME_MOST ||
	    strspn(name,
	           "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	           "abcdefghijklmnopqrstuvwxyz0123456789.-_") != strlen(name))
		return false;
	for (size_t i = 0; reading[i]; i++) {
		if (text_same(name, reading[i]))
			return false;
	}
	return true;
}

const char *outlook_beyond(struct job *job, const char *token)
{
	json_object *roles = js_get(claims_of(job->mem, token), "roles");
	struct buffer names = { .mem = job->mem };
	size_t named = 0;

	for (size_t i = 0; i < js_count(roles) && named < NAMED_MOST; i++) {
		const char *name = js_text(js_item(roles, i));

		if (is_more(name))
			buffer_format(&names, "%s%s", named++ ? ", " : "",
			              name);
	}
	return named ? buffer_text(&names) : NULL;
}
