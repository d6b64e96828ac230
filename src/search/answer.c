#include "search/answer.h"

#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "search/id.h"
#include "web/app.h"
#include "web/request.h"

enum {
	WORDS = 500,     /* characters kept for "cut" and the like */
	ALSO_MOST = 5,   /* near-duplicates named beside a result */
	MARK_ROOM = 100, /* for the mark where a text was cut */
};

/* What is cited: the item's own address, or the one it or its source has in
 * the API. */
static const char *url_of(struct request *req, const struct job *job,
                          const char *url, const char *native)
{
	const char *app = req->app->config.app_url;
	size_t size = strlen(app);

	if (url)
		return url;
	while (size > 0 && app[size - 1] == '/')
		size--;
	if (job->source->kind->vendor) /* kept there, not here */
		return text_format(req->mem, "%.*s/api/v1/sources/%s",
		                   (int)size, app, job->source->id);
	return text_format(req->mem, "%.*s/api/v1/sources/%s/documents/%s",
	                   (int)size, app, job->source->id,
	                   text_percent(req->mem, native));
}

static void put_origin(json_object *metadata, const struct job *job)
{
	js_put_text(metadata, "source", job->source->name);
	js_put_text(metadata, "kind", job->source->kind->name);
}

/* ---- search ---- */

static json_object *result_of(struct request *req, const struct hit *hit)
{
	const struct result *result = hit->result;
	json_object *tree = js_object(req->mem), *metadata, *also = NULL;

	js_put_text(tree, "id",
	            item_id_of(req->mem, hit->job, result->native_id));
	js_put_text(tree, "title",
	            result->title && *result->title ? result->title
	                                            : "(no title)");
	js_put_text(tree, "url",
	            url_of(req, hit->job, result->url, result->native_id));
	js_put_text(tree, "text", result->snippet ? result->snippet : "");
	metadata = js_put_object(tree, "metadata");
	put_origin(metadata, hit->job);
	if (result->time)
		js_put_text(metadata, "time", result->time);
	if (result->author)
		js_put_text(metadata, "author", result->author);
	for (const struct hit *h = hit->also; h && js_count(also) < ALSO_MOST;
	     h = h->also) {
		if (!also)
			also = js_put_array(metadata, "also");
		js_add_text(also,
		            item_id_of(req->mem, h->job, h->result->native_id));
	}
	return tree;
}

void answer_coverage(json_object *sources, const struct job *job)
{
	json_object *tree = js_add_object(sources);

	js_put_text(tree, "id", job->source->id);
	js_put_text(tree, "name", job->source->name);
	js_put_text(tree, "type", job->source->kind->name);
	js_put_text(tree, "state", coverage_text(job->coverage));
	js_put_integer(tree, "count", (int64_t)job->result_count);
	if (job->help)
		js_put_text(tree, "help", job->help);
}

/* Each hit and what was joined to it leaves a mark in the cursor, which is
 * sealed and so a third longer. */
static size_t cursor_growth(const struct hit *hit)
{
	size_t marks = 0;

	for (; hit; hit = hit->also)
		marks++;
	return marks * MARK * 4 / 3 + 1;
}

static size_t cursor_size(const struct place *place)
{
	return (strlen(place->query) + strlen(place->marks)) * 4 / 3;
}

size_t answer_search(struct request *req, const struct place *place,
                     const struct found *found, json_object **answer)
{
	size_t most = (size_t)req->app->config.answer_characters;
	json_object *results, *sources;
	size_t size, i;

	*answer = js_object(req->mem);
	results = js_put_array(*answer, "results");
	sources = js_put_array(*answer, "sources");
	for (i = 0; i < found->job_count; i++)
		answer_coverage(sources, &found->jobs[i]);
	size = text_length(js_print(req->mem, *answer)) + WORDS +
	       cursor_size(place);
	for (i = 0; i < found->hit_count && i < PAGE_RESULTS; i++) {
		const struct hit *hit = &found->hits[i];
		json_object *result = result_of(req, hit);

		size += text_length(js_print(req->mem, result)) + 1 +
		        cursor_growth(hit);
		if (size > most)
			break;
		js_add(results, result);
	}
	return i;
}

void answer_next(struct request *req, json_object *answer, const char *cursor,
                 size_t left)
{
	bool full = js_count(js_get(answer, "results")) == PAGE_RESULTS;

	if (cursor)
		js_put_text(answer, "next_cursor", cursor);
	if (left > 0 && (!full || !cursor))
		js_put_text(answer, "cut",
		            text_format(req->mem,
		                        "%zu more results were left out to "
		                        "keep this answer short: %s.",
		                        left,
		                        cursor ? "search_more brings them"
		                               : "ask for something "
		                                 "narrower to see them"));
}

/* ---- fetch ---- */

/* The first characters of a text; of mem. */
static const char *head(struct arena *mem, const char *text, size_t characters)
{
	const char *end = text;

	for (; *end; end++) {
		bool begins = ((unsigned char)*end & 0xC0) != 0x80;

		if (begins && characters-- == 0)
			break;
	}
	return text_copy_n(mem, text, (size_t)(end - text));
}

/* Leaves as much of the text as the answer has room for, and marks where it
 * was cut, by its source or here. Each character that goes makes the JSON
 * shorter by one at least. */
static void fit_text(struct request *req, json_object *answer,
                     const struct item *item)
{
	const char *text = js_text(js_get(answer, "text"));
	size_t most = (size_t)req->app->config.answer_characters;
	size_t size = text_length(js_print(req->mem, answer));
	size_t length = text_length(text), kept = length;
	bool cut = item->characters > length;

	if (size + (cut ? MARK_ROOM : 0) > most) {
		size_t over = size + MARK_ROOM - most;

		kept = over < length ? length - over : 0;
	}
	if (kept == length && !cut)
		return;
	js_put_text(answer, "text",
	            text_format(req->mem,
	                        "%s\n\n[Cut here: the first %zu of %zu "
	                        "characters.]",
	                        head(req->mem, text, kept), kept,
	                        cut ? item->characters : length));
	js_put_boolean(js_get(answer, "metadata"), "cut", true);
}

json_object *answer_item(struct request *req, const struct job *job,
                         const char *id)
{
	const struct item *item = job->item;
	json_object *answer = js_object(req->mem), *metadata;

	js_put_text(answer, "id", id);
	js_put_text(answer, "title",
	            item->title && *item->title ? item->title : "(no title)");
	js_put_text(answer, "text", item->text ? item->text : "");
	js_put_text(answer, "url", url_of(req, job, item->url, job->id));
	metadata = item->metadata ? item->metadata : js_object(req->mem);
	/* Last, so that nothing an item says of itself replaces it. */
	put_origin(metadata, job);
	js_put(answer, "metadata", metadata);
	fit_text(req, answer, item);
	return answer;
}
