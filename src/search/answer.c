#include "search/answer.h"

#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "search/id.h"
#include "web/app.h"
#include "web/request.h"

enum {
	ANSWER_MOST = 60000, /* characters; clients take about 150,000 */
	NAME_MOST = 255,
};

/* What is cited: the item's own address, or the one it has in the API. */
static const char *url_of(struct request *req, const struct job *job,
                          const char *url, const char *native)
{
	const char *app = req->app->config.app_url;
	size_t size = strlen(app);

	if (url)
		return url;
	while (size > 0 && app[size - 1] == '/')
		size--;
	return text_format(req->mem, "%.*s/api/v1/sources/%s/documents/%s",
	                   (int)size, app, job->source->id,
	                   text_percent(req->mem, native));
}

static const char *id_of(struct request *req, const struct job *job,
                         const char *native)
{
	struct item_id id = { job->source->kind->name, job->source->id,
		              native };

	return item_id_print(req->mem, &id);
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

	js_put_text(tree, "id", id_of(req, hit->job, result->native_id));
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
	for (const struct hit *h = hit->also; h; h = h->also) {
		if (!also)
			also = js_put_array(metadata, "also");
		js_add_text(also, id_of(req, h->job, h->result->native_id));
	}
	return tree;
}

static void put_coverage(json_object *sources, const struct job *job)
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

json_object *answer_search(struct request *req, const struct job *jobs,
                           size_t count, const struct hit *hits,
                           size_t hit_count)
{
	json_object *answer = js_object(req->mem);
	json_object *results = js_put_array(answer, "results");
	json_object *sources = js_put_array(answer, "sources");
	size_t size, i;

	for (i = 0; i < count; i++)
		put_coverage(sources, &jobs[i]);
	size = text_length(js_print(req->mem, answer));
	for (i = 0; i < hit_count; i++) {
		json_object *result = result_of(req, &hits[i]);

		size += text_length(js_print(req->mem, result)) + 1;
		if (size > ANSWER_MOST)
			break;
		js_add(results, result);
	}
	if (i < hit_count)
		js_put_text(answer, "cut",
		            text_format(req->mem,
		                        "%zu more results were left out to "
		                        "keep this answer short: ask for "
		                        "something narrower to see them.",
		                        hit_count - i));
	return answer;
}

/* ---- fetch ---- */

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
	return answer;
}
