#include "oauth/published.h"

#include <string.h>
#include <strings.h>

#include "auth/throttle.h"
#include "core/log.h"
#include "core/text.h"
#include "db/db.h"
#include "outbound/outbound.h"
#include "web/app.h"
#include "web/request.h"

enum {
	FETCH_MS = 5000,
	FRESH_LEAST = 300, /* seconds */
	FRESH_MOST = 86400,
	FRESH_USUAL = 3600,
	COPIES_MOST = 2000,
	FREE = 60, /* fetches on behalf of one network */
	WAIT_MOST = 60,
};

static bool is_dot_segment(const char *at, size_t size)
{
	size_t dots = 0;

	while (size > 0) {
		size_t step = *at == '.' ? 1 : 3;

		if (step == 3 && (size < 3 || strncasecmp(at, "%2e", 3) != 0))
			return false;
		at += step;
		size -= step;
		dots++;
	}
	return dots == 1 || dots == 2;
}

static bool path_fine(const char *path)
{
	while (*path == '/') {
		size_t size = strcspn(++path, "/?");

		if (is_dot_segment(path, size))
			return false;
		path += size;
	}
	return true;
}

bool published_url_fine(const char *url)
{
	static const char scheme[] = "https://";
	const char *host = url + strlen(scheme);
	const char *path;

	if (!text_starts(url, scheme) ||
	    strnlen(url, PUBLISHED_URL_MOST + 1) > PUBLISHED_URL_MOST)
		return false;
	for (const char *at = url; *at; at++)
		if (*at <= ' ' || *at > '~' || strchr("\\#@\"<>^`{|}", *at))
			return false;
	path = host + strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-");
	return path > host && *path == '/' && path_fine(path);
}

/* ---- fetching ---- */

static struct fault *not_so(struct request *req, const char *url,
                            const char *wrong)
{
	return fault_told(req->mem, FAULT_NOT_PUBLISHED, "%s: %s",
	                  text_cut(req->mem, url, 200), wrong);
}

static struct call *call_for(struct request *req, const char *url, size_t most)
{
	static const char *const anywhere[] = { "*", NULL };
	struct deadline until =
		deadline_sooner(req->deadline, deadline_in(FETCH_MS));
	struct call *call = call_new(req->mem, "GET", url, anywhere, until);

	call->body_most = most;
	call_header(call, "Accept", "application/json");
	return call;
}

/* What is wrong with a reply; NULL if nothing is. */
static const char *reply_wrong(struct call *call)
{
	const char *type = call->reply.type;

	if (call->end == CALL_TOO_LARGE)
		return "the document is too long.";
	if (call->end == CALL_REFUSED)
		return "this address may not be asked.";
	if (call->reply.status != 200)
		return "the answer's status is not 200.";
	if (!type || !text_starts(type, "application/") ||
	    !strstr(type, "json"))
		return "the answer is not application/json.";
	if (call_json(call) || !js_is_object(call->reply.json))
		return "the answer is no JSON object.";
	return NULL;
}

static CAN_FAIL fetch(struct request *req, const char *url, size_t most,
                      struct reply *reply)
{
	struct throttle throttle =
		throttle_of(req, "publish", NULL, FREE, WAIT_MOST);
	struct call *call = call_for(req, url, most);
	const char *wrong;

	TRY(throttle_pass(req, &throttle));
	TRY(throttle_failed(req, &throttle));
	outbound_send(req->app->outbound, call);
	outbound_wait(req->app->outbound, (struct call *const[]){ call }, 1,
	              call->deadline, req->db.watched);
	if (call->end != CALL_ANSWERED && call->end != CALL_TOO_LARGE &&
	    call->end != CALL_REFUSED)
		return fault_told(req->mem, FAULT_BUSY,
		                  "%s cannot be reached: try again soon.",
		                  text_cut(req->mem, url, 200));
	wrong = reply_wrong(call);
	if (wrong)
		return not_so(req, url, wrong);
	*reply = call->reply;
	return NULL;
}

/* ---- copies ---- */

static long fresh_for(const struct reply *reply)
{
	if (reply->max_age < 0)
		return FRESH_USUAL;
	if (reply->max_age < FRESH_LEAST)
		return FRESH_LEAST;
	return reply->max_age > FRESH_MOST ? FRESH_MOST : reply->max_age;
}

static CAN_FAIL keep(struct request *req, const char *url,
                     const struct reply *reply)
{
	return db_run(&req->db, SQL_PUBLISHED_KEEP, NULL, url,
	              js_print(req->mem, reply->json),
	              text_format(req->mem, "%ld", fresh_for(reply)),
	              text_format(req->mem, "%d", COPIES_MOST));
}

CAN_FAIL published_get(struct request *req, const char *url, size_t most,
                       bool again, json_object **tree)
{
	enum { BODY, MINE };
	struct reply reply = { 0 };
	struct fault *wrong;
	struct rows *rows;
	const char *body;

	if (!published_url_fine(url))
		return not_so(req, url, "this is no https address of a file.");
	TRY(db_run(&req->db, SQL_PUBLISHED_TAKE, &rows, url,
	           again ? "true" : "false"));
	body = rows_text(rows, 0, BODY);
	*tree = body ? js_literal(req->mem, body) : NULL;
	if (!rows_true(rows, 0, MINE))
		return NULL;
	wrong = fetch(req, url, most, &reply);
	if (wrong && !body)
		return wrong;
	if (wrong) {
		log_line(LOG_WARNING, "publisher-failed",
		         { "request_id", req->id, 0 },
		         { "note", wrong->told, 0 });
		return NULL;
	}
	*tree = reply.json;
	return keep(req, url, &reply);
}
