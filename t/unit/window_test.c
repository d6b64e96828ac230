#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/registry.h"
#include "sources/window.h"

static struct arena *mem;

static const char *const wrong_ids[] = {
	"AA@", "AA@0", "AA@-1", "AA@01", "AA@1x", "AA@1@2", "AA@1001", NULL,
};

static void check_ids(void)
{
	long from = 7;

	CHECK_TEXT(window_id(mem, "AA", 1000, &from), "AA");
	CHECK_INT(from, 0);
	CHECK_TEXT(window_id(mem, "AA@1000", 1000, &from), "AA");
	CHECK_INT(from, 1000);
	for (size_t i = 0; wrong_ids[i]; i++)
		CHECK_TEXT(window_id(mem, wrong_ids[i], 1000, &from), NULL);
}

/* The number after the last '@' of a window; 0: there is none. */
static long next_of(const char *window)
{
	const char *at = strrchr(window, '@');

	return at ? strtol(at + 1, NULL, 10) : 0;
}

/* Goes through a text as a model would, and joins what it reads. NULL: it was
 * told something that is not so. */
static const char *joined(const struct job *job, const char *text,
                          size_t *parts)
{
	int64_t length = (int64_t)text_length(text);
	struct buffer all = { .mem = mem };
	long from = 0;

	for (*parts = 0; *parts < 1000; ++*parts) {
		json_object *metadata = js_object(mem);
		const char *window =
			window_text(job, text, "AA", from, metadata);
		const char *mark = strstr(window, "\n\n[Characters ");

		if (js_integer(js_get(metadata, "characters")) != length ||
		    js_true(js_get(metadata, "cut")) != (mark != NULL))
			return NULL;
		buffer_add_n(&all, window,
		             mark ? (size_t)(mark - window) : strlen(window));
		if (!mark)
			return buffer_text(&all);
		if (next_of(window) <= from)
			return NULL;
		from = next_of(window);
	}
	return NULL;
}

/* RL-4: none is larger than there is room for, and nothing is lost between. */
static void check_windows(void)
{
	struct source source = { .id = "S", .kind = &outlook_kind };
	struct job job = { .mem = mem, .source = &source };
	struct buffer text = { .mem = mem };
	json_object *metadata = js_object(mem);
	size_t parts;

	for (int i = 0; i < 20000; i++)
		buffer_format(&text, "%d \"\xC3\xA9\xF0\x9F\x8E\x82\"\n", i);
	CHECK_TEXT(joined(&job, buffer_text(&text), &parts),
	           buffer_text(&text));
	CHECK_INT(parts, text_length(buffer_text(&text)) / WINDOW_MOST);
	job.text_most = 5000;
	CHECK_TEXT(joined(&job, buffer_text(&text), &parts),
	           buffer_text(&text));
	CHECK(text_length(window_text(&job, buffer_text(&text), "AA", 0,
	                              metadata)) < 5000);
	job.text_most = 10;
	CHECK_TEXT(joined(&job, buffer_text(&text), &parts),
	           buffer_text(&text));
}

static void check_ends(void)
{
	struct source source = { .id = "S", .kind = &outlook_kind };
	struct job job = { .mem = mem, .source = &source };
	json_object *metadata = js_object(mem);

	CHECK_TEXT(window_text(&job, "", "AA", 0, metadata), "");
	CHECK_TEXT(window_text(&job, "four", "AA", 0, metadata), "four");
	CHECK_TEXT(window_text(&job, "four", "AA", 3, metadata), "r");
	CHECK_TEXT(window_text(&job, "four", "AA", 4, metadata),
	           "[The text ends before that: it has 4 characters.]");
	CHECK(!js_has(metadata, "cut"));
}

int main(void)
{
	mem = arena_new(16 << 20);
	check_ids();
	check_windows();
	check_ends();
	arena_free(mem);
	return check_end();
}
