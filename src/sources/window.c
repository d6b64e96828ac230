#include "sources/window.h"

#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/clean.h"

enum { WINDOW_LEAST = 1000 }; /* so that reading on comes to an end */

const char *window_id(struct arena *mem, const char *id, long most, long *from)
{
	size_t size = strcspn(id, "@");

	*from = 0;
	if (id[size] && !text_number(id + size + 1, 1, most, from))
		return NULL;
	return text_copy_n(mem, id, size);
}

/* What follows a text's first characters; "" past the end. */
static const char *skip(const char *text, long characters)
{
	while (characters > 0 && *text) {
		text++;
		while ((*text & 0xC0) == 0x80)
			text++;
		characters--;
	}
	return text;
}

/* As long as is read at once, and the answer has room for: what it says of
 * where to read on has to be true. */
static long size_of(const struct job *job, const char *from,
                    json_object *metadata)
{
	size_t beside = text_length(js_print(job->mem, metadata));
	size_t room = WINDOW_LEAST;

	if (!job->text_most)
		return WINDOW_MOST;
	if (job->text_most > beside + WINDOW_LEAST)
		room = clean_fit(from, job->text_most - beside);
	return room < WINDOW_MOST ? (long)room : WINDOW_MOST;
}

const char *window_text(const struct job *job, const char *text, const char *id,
                        long from, json_object *metadata)
{
	const char *begin = skip(text, from), *end;
	size_t length = text_length(text);
	long size = size_of(job, begin, metadata);

	if (!*begin && length > 0)
		return text_format(job->mem,
		                   "[The text ends before that: it has %zu "
		                   "characters.]",
		                   length);
	js_put_integer(metadata, "characters", (int64_t)length);
	end = skip(begin, size);
	if (!*end)
		return begin;
	js_put_boolean(metadata, "cut", true);
	return text_format(job->mem,
	                   "%.*s\n\n[Characters %ld to %ld of %zu. To read on, "
	                   "fetch %s::%s::%s@%ld]",
	                   (int)(end - begin), begin, from + 1, from + size,
	                   length, job->source->kind->name, job->source->id, id,
	                   from + size);
}
