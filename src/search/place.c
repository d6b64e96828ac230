#include "search/place.h"

#include <string.h>

#include "auth/principal.h"
#include "core/arena.h"
#include "core/text.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/request.h"

static const char *context(const struct request *req)
{
	return text_format(req->mem, "search-place\n%s\n%s",
	                   req->principal->user_id, req->principal->server_id);
}

/* "<page> <marks> <query>": neither page nor marks hold a blank. */
static bool split(struct arena *mem, const char *text, struct place *place)
{
	const char *marks = strchr(text, ' ');
	const char *query = marks ? strchr(marks + 1, ' ') : NULL;
	long page;

	if (!query ||
	    !text_number(text_copy_n(mem, text, (size_t)(marks - text)), 2,
	                 PAGES, &page))
		return false;
	place->page = (size_t)page;
	place->marks = text_copy_n(mem, marks + 1, (size_t)(query - marks - 1));
	place->query = query + 1;
	return true;
}

CAN_FAIL place_read(struct request *req, const char *cursor,
                    struct place *place)
{
	const char *text = NULL;

	if (!cursor ||
	    state_open(req->app->vault, req->mem, context(req), cursor,
	               &text) ||
	    !split(req->mem, text, place))
		return fault_told(req->mem, FAULT_BAD_INPUT,
		                  "This cursor is not valid here: search "
		                  "again, and use next_cursor unchanged.");
	return NULL;
}

CAN_FAIL place_cursor(struct request *req, const struct place *place,
                      const char **cursor)
{
	*cursor = NULL;
	if (place->page > PAGES || strlen(place->marks) > MARKS_MOST * MARK)
		return NULL;
	return state_seal(req->app->vault, req->mem, context(req),
	                  text_format(req->mem, "%zu %s %s", place->page,
	                              place->marks, place->query),
	                  cursor);
}

static unsigned hex(char digit)
{
	return (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

const char *place_mark(struct request *req, const char *id)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz0123456789-_";
	const char *digest = digest_hex(req->mem, id);
	char *mark = arena_alloc(req->mem, MARK + 1);

	for (size_t i = 0; i < MARK; i++) {
		unsigned byte =
			hex(digest[2 * i]) << 4 | hex(digest[2 * i + 1]);

		mark[i] = letters[byte & 63];
	}
	return mark;
}

bool place_shown(struct request *req, const struct place *place, const char *id)
{
	const char *mark = place_mark(req, id);

	for (const char *m = place->marks; *m; m += MARK) {
		if (strncmp(m, mark, MARK) == 0)
			return true;
	}
	return false;
}
