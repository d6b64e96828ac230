#include "search/search.h"

#include "auth/principal.h"
#include "core/arena.h"
#include "core/log.h"
#include "core/text.h"
#include "search/answer.h"
#include "search/fuse.h"
#include "search/id.h"
#include "search/place.h"
#include "search/rerank.h"
#include "web/app.h"
#include "web/request.h"

enum {
	QUERY_MOST = 1000,  /* code points */
	RESULTS = 10,       /* of one source and page, as the original had */
	ANSWERING_MS = 250, /* at most, kept of the time for the answer */
	AROUND = 5000,      /* characters of an item beside its text */
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

/* At most that long, and no more than a quarter of what is left. */
static int share(int left, long most)
{
	return left / 4 < most ? left / 4 : (int)most;
}

/* Sources get the request's time but for what its answer takes. */
static struct deadline sources_deadline(const struct request *req)
{
	int left = deadline_left(req->deadline);

	return (struct deadline){ req->deadline.at -
		                  share(left, ANSWERING_MS) };
}

static struct job job_for(struct request *req, const struct source *source)
{
	return (struct job){
		.mem = req->mem,
		.db = &req->db,
		.source = source,
		.subject = req->principal->vouched
		                   ? NULL
		                   : req->principal->subject_id,
		.deadline = sources_deadline(req),
		.app = req->app,
	};
}

/* ---- search ---- */

/* By when a source's results have to be there: as its own settings say, else
 * as the program's do; re-ranking has its time after that. */
static struct deadline search_deadline(const struct request *req,
                                       const struct source *source)
{
	const struct config *config = &req->app->config;
	const char *seconds =
		js_text(js_get(source->metadata, "search_seconds"));
	struct deadline until = sources_deadline(req);
	long ms = config->source_ms, own;

	if (seconds && text_number(seconds, 1, SEARCH_SECONDS_MOST, &own))
		ms = own * 1000;
	if (rerank_is_on(req))
		until.at -= share(deadline_left(until), config->rerank_ms);
	return deadline_sooner(until, deadline_in(ms));
}

/* A later page takes more of each list: what fusing puts there depends on all
 * that stands before it. */
static struct job search_job(struct request *req, const struct source *source,
                             const struct place *place)
{
	struct job job = job_for(req, source);

	job.deadline = search_deadline(req, source);
	job.query = place->query;
	job.limit = RESULTS * place->page;
	job.later = place->page > 1;
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

/* Whether there is nobody to ask before who asks has connected an account. */
static bool none_connected(const struct job *jobs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (jobs[i].coverage != COVERAGE_NOT_CONNECTED)
			return false;
	}
	return count > 0;
}

/* Leaves word of what has to be connected in the request. */
static CAN_FAIL not_connected(struct request *req, const struct job *jobs,
                              size_t count)
{
	struct buffer told = { .mem = req->mem };

	req->unconnected = js_array(req->mem);
	for (size_t i = 0; i < count; i++) {
		json_object *source = js_add_object(req->unconnected);

		js_put_text(source, "id", jobs[i].source->id);
		js_put_text(source, "name", jobs[i].source->name);
		js_put_text(source, "url", jobs[i].connect);
		buffer_format(&told, "%s%s", i ? " " : "", jobs[i].help);
	}
	return fault_told(req->mem, FAULT_NOT_CONNECTED, "%s",
	                  buffer_text(&told));
}

/* Whether a hit, or what was joined to it, stood on a page before. */
static bool was_shown(struct request *req, const struct place *place,
                      const struct hit *hit)
{
	for (; hit; hit = hit->also) {
		if (place_shown(req, place,
		                item_id_of(req->mem, hit->job,
		                           hit->result->native_id)))
			return true;
	}
	return false;
}

static size_t drop_shown(struct request *req, const struct place *place,
                         struct hit *hits, size_t count)
{
	size_t left = 0;

	if (!*place->marks)
		return count;
	for (size_t i = 0; i < count; i++) {
		if (!was_shown(req, place, &hits[i]))
			hits[left++] = hits[i];
	}
	return left;
}

/* The place after a page that showed these hits. */
static struct place place_after(struct request *req, const struct place *place,
                                const struct hit *hits, size_t shown)
{
	struct buffer marks = { .mem = req->mem };

	buffer_add(&marks, place->marks);
	for (size_t i = 0; i < shown; i++) {
		for (const struct hit *h = &hits[i]; h; h = h->also)
			buffer_add(
				&marks,
				place_mark(req,
			                   item_id_of(req->mem, h->job,
			                              h->result->native_id)));
	}
	return (struct place){ place->query, place->page + 1,
		               buffer_text(&marks) };
}

/* Whether a source gave all it was asked for, and so may have more. */
static bool any_full(const struct job *jobs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (jobs[i].result_count >= jobs[i].limit)
			return true;
	}
	return false;
}

static CAN_FAIL answer_page(struct request *req, const struct place *place,
                            json_object **answer)
{
	struct source_list list = sources_of(req);
	struct job *jobs = arena_array(req->mem, list.count + 1, sizeof(*jobs));
	const char *cursor = NULL;
	struct hit *hits;
	size_t count, shown;

	for (size_t i = 0; i < list.count; i++)
		jobs[i] = search_job(req, &list.sources[i], place);
	gather(jobs, list.count);
	if (none_connected(jobs, list.count))
		return not_connected(req, jobs, list.count);
	count = fuse(req->mem, jobs, list.count, &hits);
	count = drop_shown(req, place, hits, count);
	rerank(req, place->query, hits, count);
	shown = answer_search(req, place,
	                      &(struct found){ jobs, list.count, hits, count },
	                      answer);
	if (shown < count || any_full(jobs, list.count)) {
		struct place next = place_after(req, place, hits, shown);

		TRY(place_cursor(req, &next, &cursor));
	}
	answer_next(req, *answer, cursor, count - shown);
	return NULL;
}

CAN_FAIL search_sources(struct request *req, const char *query,
                        json_object **answer)
{
	query = query ? text_fold(req->mem, text_visible(req->mem, query)) : "";
	if (!*query)
		return fault_told(req->mem, FAULT_BAD_INPUT,
		                  "query must not be empty.");
	if (text_length(query) > QUERY_MOST)
		return fault_told(req->mem, FAULT_BAD_INPUT,
		                  "query must have at most %d characters.",
		                  QUERY_MOST);
	return answer_page(req, &(struct place){ query, 1, "" }, answer);
}

CAN_FAIL search_more(struct request *req, const char *cursor,
                     json_object **answer)
{
	struct place place;

	TRY(place_read(req, cursor, &place));
	return answer_page(req, &place, answer);
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
static CAN_FAIL fault_of(struct request *req, const struct job *job)
{
	const char *help = job->help ? job->help : "The source failed.";

	switch (job->coverage) {
	case COVERAGE_NOT_CONNECTED:
		return not_connected(req, job, 1);
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
	job.text_most = (size_t)req->app->config.answer_characters - AROUND;
	job.next.then = source->kind->fetch;
	gather(&job, 1);
	if (!job.item)
		return fault_of(req, &job);
	*answer = answer_item(req, &job, text);
	return NULL;
}

/* ---- tools of a kind ---- */

static bool brings_tools(const struct source *source,
                         const struct source_kind *kind)
{
	return source->kind == kind &&
	       !text_same(js_text(js_get(source->metadata, "tools")), "no");
}

/* What a model can choose from. */
static const char *choice(struct request *req, const struct source_list *list,
                          const struct source_kind *kind)
{
	struct buffer text = { .mem = req->mem };

	for (size_t i = 0; i < list->count; i++) {
		const struct source *source = &list->sources[i];

		if (brings_tools(source, kind))
			buffer_format(&text, " %s (%s)", source->id,
			              source->name);
	}
	return buffer_text(&text);
}

CAN_FAIL search_tool_job(struct request *req, const struct source_kind *kind,
                         const char *id, struct job *job)
{
	struct source_list list = sources_of(req);
	const struct source *found = NULL;
	size_t count = 0;

	for (size_t i = 0; i < list.count; i++) {
		const struct source *source = &list.sources[i];

		if (!brings_tools(source, kind) ||
		    (id && !text_same(source->id, id)))
			continue;
		found = source;
		count++;
	}
	if (count != 1)
		return fault_told(req->mem, FAULT_BAD_INPUT,
		                  "Say which source of %s is meant, by its id:"
		                  "%s.",
		                  kind->label, choice(req, &list, kind));
	*job = job_for(req, found);
	return NULL;
}

CAN_FAIL search_tool_run(struct request *req, struct job *job,
                         struct step (*first)(struct job *))
{
	job->next.then = first;
	gather(job, 1);
	return job->item ? NULL : fault_of(req, job);
}
