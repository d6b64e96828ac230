#include "search/search.h"

#include "auth/principal.h"
#include "core/arena.h"
#include "core/log.h"
#include "core/text.h"
#include "search/answer.h"
#include "search/fuse.h"
#include "search/id.h"
#include "web/app.h"
#include "web/request.h"

enum {
	QUERY_MOST = 1000,  /* code points */
	RESULTS = 10,       /* of one source, as the original had */
	ANSWERING_MS = 250, /* at most, kept of the time for the answer */
};

/* ---- whom to ask ---- */

struct source_list sources_of(struct request *req)
{
	json_object *all = req->principal->sources;
	struct source_list list = {
		.sources = arena_array(req->mem, js_count(all) + 1,
		                       sizeof(struct source)),
	};

	for (size_t i = 0; i < js_count(all); i++) {
		json_object *tree = js_item(all, i);
		const char *type = js_text(js_get(tree, "type"));
		const struct source_kind *kind =
			kind_find(req->app->kinds, type);

		if (kind)
			list.sources[list.count++] = source_of(
				req->mem, kind, js_text(js_get(tree, "id")),
				js_get(tree, "source_metadata"));
		else
			log_line(LOG_WARNING, "source-unknown",
			         { "request_id", .text = req->id },
			         { "kind", .text = type });
	}
	return list;
}

/* Sources get the request's time but for what its answer takes. */
static struct deadline sources_deadline(const struct request *req)
{
	int left = deadline_left(req->deadline);
	int kept = left / 4 < ANSWERING_MS ? left / 4 : ANSWERING_MS;

	return (struct deadline){ req->deadline.at - kept };
}

static struct job job_for(struct request *req, const struct source *source)
{
	return (struct job){
		.mem = req->mem,
		.db = &req->db,
		.source = source,
		.deadline = sources_deadline(req),
		.app = req->app,
	};
}

/* ---- search ---- */

static struct job search_job(struct request *req, const struct source *source,
                             const char *query)
{
	struct job job = job_for(req, source);

	job.query = query;
	job.limit = RESULTS;
	job.next.then = source->kind->search;
	if (!job.next.then) {
		job.coverage = COVERAGE_FAILED;
		job.help = text_format(req->mem,
		                       "This release of the gateway cannot "
		                       "search %s yet.",
		                       source->kind->label);
	}
	return job;
}

CAN_FAIL search_sources(struct request *req, const char *query,
                        json_object **answer)
{
	struct source_list list = sources_of(req);
	struct job *jobs = arena_array(req->mem, list.count + 1, sizeof(*jobs));
	struct hit *hits;
	size_t count;

	query = query ? text_fold(req->mem, text_visible(req->mem, query)) : "";
	if (!*query)
		return fault_told(req->mem, FAULT_BAD_INPUT,
		                  "query must not be empty.");
	if (text_length(query) > QUERY_MOST)
		return fault_told(req->mem, FAULT_BAD_INPUT,
		                  "query must have at most %d characters.",
		                  QUERY_MOST);
	for (size_t i = 0; i < list.count; i++)
		jobs[i] = search_job(req, &list.sources[i], query);
	gather(jobs, list.count);
	count = fuse(req->mem, jobs, list.count, &hits);
	*answer = answer_search(req, jobs, list.count, hits, count);
	return NULL;
}

/* ---- fetch ---- */

/* The source of an id, if it is one of this server's now. */
static const struct source *source_named(const struct source_list *list,
                                         const struct item_id *id)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct source *source = &list->sources[i];

		if (text_same(source->id, id->source) &&
		    text_same(source->kind->name, id->type))
			return source;
	}
	return NULL;
}

/* How a fetch that brought nothing ended. */
static CAN_FAIL fault_of(struct job *job)
{
	const char *help = job->help ? job->help : "The source failed.";

	switch (job->coverage) {
	case COVERAGE_TIMED_OUT:
		return fault_told(job->mem, FAULT_TIMED_OUT, "%s", help);
	case COVERAGE_THROTTLED:
	case COVERAGE_UNAUTHORIZED:
	case COVERAGE_FAILED:
		return fault_told(job->mem, FAULT_BUSY, "%s", help);
	case COVERAGE_COMPLETE:
	case COVERAGE_PARTIAL:
	default:
		return fault(job->mem, FAULT_NO_ITEM, "no such item");
	}
}

CAN_FAIL search_fetch(struct request *req, const char *text,
                      json_object **answer)
{
	struct source_list list = sources_of(req);
	const struct source *source = NULL;
	struct item_id id;
	struct job job;

	if (text && item_id_read(req->mem, text, &id))
		source = source_named(&list, &id);
	if (!source)
		return fault(req->mem, FAULT_NO_ITEM, "no such source here");
	if (!source->kind->fetch)
		return fault_told(req->mem, FAULT_BAD_INPUT,
		                  "This release of the gateway cannot fetch "
		                  "from %s yet.",
		                  source->kind->label);
	job = job_for(req, source);
	job.id = id.native;
	job.next.then = source->kind->fetch;
	gather(&job, 1);
	if (!job.item)
		return fault_of(&job);
	*answer = answer_item(req, &job, text);
	return NULL;
}
