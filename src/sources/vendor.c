#include "sources/vendor.h"

#include <assert.h>
#include <stdlib.h>
#include <strings.h>

#include "core/arena.h"
#include "core/log.h"
#include "core/text.h"
#include "outbound/outbound.h"
#include "sources/vendor_state.h"
#include "vault/vault.h"
#include "web/app.h"

enum {
	TRIES = 3,         /* of one call: two repeats (OH-11) */
	READING_MS = 50,   /* kept of a job's time to read what came late */
	BACK_OFF_MS = 300, /* at most, before a repeat; twice before another */
	RENEWING_MS = 60,  /* between two looks at another worker's renewal */
	REFRESH_MS = 8000, /* for a token by a refresh token: less than the
	                    * duty to get one lasts */
};

/* ---- making calls ---- */

static struct call *add(struct job *job, struct call *call, bool again)
{
	struct dealing *d = job->dealing;

	if (d->all_back)
		d->made = 0;
	d->all_back = false;
	assert(d->made < CALLS_MOST);
	call_header(call, "Accept", "application/json");
	call_header(call, "Accept-Encoding", "gzip");
	d->asked[d->made++] = (struct asked){ .call = call, .again = again };
	return call;
}

static struct deadline time_for_calls(const struct job *job)
{
	return (struct deadline){ job->deadline.at - READING_MS };
}

struct call *vendor_get(struct job *job, const char *url,
                        const char *const *hosts)
{
	return add(job,
	           call_new(job->dealing->replies, "GET", url, hosts,
	                    time_for_calls(job)),
	           true);
}

struct call *vendor_post(struct job *job, const char *url,
                         const char *const *hosts, json_object *body,
                         bool again)
{
	struct call *call = call_new(job->dealing->replies, "POST", url, hosts,
	                             time_for_calls(job));

	call_body_json(call, body);
	return add(job, call, again);
}

void vendor_any_type(struct call *call)
{
	for (struct call_header *h = call->headers; h; h = h->next) {
		if (text_same(h->name, "Accept"))
			h->value = "*/*";
	}
}

static struct asked *last_made(struct job *job)
{
	struct dealing *d = job->dealing;

	assert(d->made > 0);
	return &d->asked[d->made - 1];
}

void vendor_again_at(struct job *job, const char *url)
{
	last_made(job)->again_at = url;
}

void vendor_within(struct job *job, long ms)
{
	struct asked *asked = last_made(job);
	struct deadline until = deadline_in(ms);

	asked->hurried = until.at < asked->call->deadline.at;
	asked->call->deadline = deadline_sooner(until, asked->call->deadline);
}

struct call *vendor_call(const struct job *job, size_t i)
{
	const struct dealing *d = job->dealing;

	assert(i < d->made);
	return d->asked[i].call;
}

static const char *own(struct job *job, const char *text)
{
	return text ? text_copy(job->mem, text) : NULL;
}

void vendor_let_go(struct job *job)
{
	for (size_t i = 0; i < job->result_count; i++) {
		struct result *r = &job->results[i];

		*r = (struct result){
			.native_id = own(job, r->native_id),
			.title = own(job, r->title),
			.url = own(job, r->url),
			.snippet = own(job, r->snippet),
			.time = own(job, r->time),
			.author = own(job, r->author),
			.same_as = own(job, r->same_as),
		};
	}
	job->help = own(job, job->help);
	job->call_count = 0;
	job->dealing->made = 0;
	arena_reset(job->dealing->replies);
}

/* ---- time ---- */

/* Somewhere between half of it and the whole, so that many do not come back at
 * once. */
static long jittered(struct job *job, long ms)
{
	long part = strtol(random_hex(job->mem, 2), NULL, 16);

	return ms / 2 + ms * part / 65536 / 2;
}

static struct step later(struct job *job, long ms,
                         struct step (*next)(struct job *job))
{
	job->not_before = deadline_in(ms);
	return (struct step){ next };
}

static struct step paused(struct job *job)
{
	return (struct step){ job->dealing->next };
}

struct step vendor_pause(struct job *job, long ms,
                         struct step (*next)(struct job *job))
{
	job->dealing->next = next;
	return later(job, ms, paused);
}

/* ---- what a call's end means ---- */

static bool came_back(const struct call *call, int status)
{
	return call->end == CALL_ANSWERED && call->reply.status == status;
}

static bool is_throttled(const struct call *call)
{
	return came_back(call, 429) ||
	       (came_back(call, 503) && call->reply.retry_after > 0);
}

/* The vendor's own failure, which another try may not meet. */
static bool is_trouble(const struct call *call)
{
	switch (call->end) {
	case CALL_ANSWERED:
		return call->reply.status >= 500;
	case CALL_UNREACHABLE:
	case CALL_UNTRUSTED:
	case CALL_BROKEN:
	case CALL_TIMED_OUT:
		return true;
	case CALL_OPEN:
	case CALL_REFUSED:
	case CALL_TOO_LARGE:
	case CALL_CANCELLED:
	default:
		return false;
	}
}

/* For how long a call shall wait before it is sent again: never less than the
 * vendor has asked for; -1: it is not sent again. */
static long patience(struct job *job, const struct asked *asked)
{
	const struct call *call = asked->call;
	long wait = call->reply.retry_after * 1000 +
	            jittered(job, BACK_OFF_MS << (asked->tries - 1));

	if (asked->tries >= TRIES || !asked->again)
		return -1;
	if (!is_throttled(call) &&
	    (!is_trouble(call) || call->end == CALL_UNTRUSTED))
		return -1;
	return wait < deadline_left(call->deadline) ? wait : -1;
}

/* Whom else it concerns is told when the job ends. */
static void learn(struct dealing *d, const struct call *call)
{
	if (is_throttled(call)) {
		long ms = call->reply.retry_after * 1000;

		if (ms > d->throttled_ms)
			d->throttled_ms = ms;
	} else if (is_trouble(call)) {
		d->failed = true;
	} else if (call->end == CALL_ANSWERED) {
		d->worked = true;
	}
}

static const char *sentence(struct job *job, const char *form)
{
	return text_format(job->mem, "%s %s", job->source->kind->vendor->name,
	                   form);
}

/* The owner's help for a reply; never in the vendor's words (OH-12). */
static const char *help_for(struct job *job, const struct call *call,
                            const char *usual)
{
	const struct vendor *vendor = job->source->kind->vendor;
	const char *help = NULL;

	if (vendor->explain && call->reply.status < 500)
		help = vendor->explain(job, call);
	return help ? help : sentence(job, usual);
}

static struct step unreadable(struct job *job, const char *note)
{
	return job_fail(job, COVERAGE_FAILED,
	                sentence(job, "answered something unreadable: try "
	                              "again later."),
	                note);
}

static struct step fail_reply(struct job *job, const struct call *call)
{
	const char *note =
		text_format(job->mem, "status %d", call->reply.status);

	if (is_throttled(call))
		return job_fail(
			job, COVERAGE_THROTTLED,
			sentence(job,
		                 text_format(job->mem,
		                             "asks us to wait: try again "
		                             "in %ld seconds.",
		                             call->reply.retry_after
		                                     ? call->reply.retry_after
		                                     : 1)),
			note);
	switch (call->reply.status) {
	case 401:
		return job_fail(job, COVERAGE_UNAUTHORIZED,
		                help_for(job, call,
		                         "refuses this source's credentials: "
		                         "its owner has to renew them."),
		                note);
	case 403:
		return job_fail(job, COVERAGE_UNAUTHORIZED,
		                help_for(job, call,
		                         "does not allow this source to do "
		                         "that: its owner has to ask for the "
		                         "permission there."),
		                note);
	default:
		if (call->reply.status < 400)
			return unreadable(job, note);
		return job_fail(job, COVERAGE_FAILED,
		                help_for(job, call,
		                         call->reply.status >= 500
		                                 ? "has trouble of its own "
		                                   "just now: try again later."
		                                 : "did not take the question: "
		                                   "ask in other words."),
		                note);
	}
}

bool vendor_failed(struct job *job, const struct call *call, struct step *end)
{
	const char *note = call->note ? call->note : call_end_text(call->end);

	switch (call->end) {
	case CALL_ANSWERED:
		if (call->reply.status >= 200 && call->reply.status < 300)
			return false;
		*end = fail_reply(job, call);
		return true;
	case CALL_TIMED_OUT:
		*end = job_fail(job, COVERAGE_TIMED_OUT,
		                sentence(job, "did not answer in time: ask "
		                              "again, or ask for less."),
		                note);
		return true;
	case CALL_TOO_LARGE:
		*end = job_fail(job, COVERAGE_FAILED,
		                sentence(job, "sent more than the gateway "
		                              "takes: ask for less."),
		                note);
		return true;
	case CALL_BROKEN:
		*end = job_fail(job, COVERAGE_FAILED,
		                sentence(job, "answered something unreadable: "
		                              "try again later."),
		                note);
		return true;
	case CALL_OPEN:
	case CALL_REFUSED:
	case CALL_UNREACHABLE:
	case CALL_UNTRUSTED:
	case CALL_CANCELLED:
	default:
		*end = job_fail(job, COVERAGE_FAILED,
		                sentence(job, "could not be reached: try "
		                              "again later."),
		                note);
		return true;
	}
}

static bool is_json(const char *type)
{
	static const char wanted[] = "application/json";
	size_t size = sizeof(wanted) - 1;

	return type && strncasecmp(type, wanted, size) == 0 &&
	       (!type[size] || type[size] == ';' || type[size] == ' ');
}

json_object *vendor_json(struct job *job, struct call *call, struct step *end)
{
	const char *note = "its type is no JSON";

	if (is_json(call->reply.type)) {
		struct fault *wrong;

		js_mend((char *)call->reply.body, call->reply.size);
		wrong = call_json(call);

		if (!wrong)
			return call->reply.json;
		note = wrong->told ? wrong->told : wrong->note;
	}
	*end = unreadable(job, note);
	return NULL;
}

/* ---- tokens ---- */

static struct step send(struct job *job);
static struct step renew(struct job *job);

static struct step unauthorized(struct job *job, const char *help)
{
	return job_fail(job, COVERAGE_UNAUTHORIZED,
	                help ? help
	                     : sentence(job, "refuses this source's "
	                                     "credentials: its owner has to "
	                                     "renew them."),
	                "no token");
}

static struct step unopened(struct job *job)
{
	return job_fail(job, COVERAGE_UNAUTHORIZED,
	                "The gateway cannot open this source's stored "
	                "credentials: its owner has to enter them again.",
	                "a sealed secret did not open");
}

/* The renewal went wrong for a moment: the same worker tries again while it
 * has the duty. */
static struct step renew_again(struct job *job)
{
	struct dealing *d = job->dealing;
	struct asked asked = { .call = d->renewal,
		               .again = true,
		               .tries = ++d->renewals };
	long wait = patience(job, &asked);
	struct step end = DONE;

	learn(d, d->renewal);
	token_not_got(job, NULL);
	if (wait >= 0)
		return later(job, wait, renew);
	if (!vendor_failed(job, d->renewal, &end))
		end = unreadable(job, "no token in the answer");
	return end;
}

static struct step refused(struct job *job, const struct vendor_token *got)
{
	if (got->over && job->dealing->connection) {
		proof_refused(job);
		return not_connected(job);
	}
	token_not_got(job, got->help ? got->help
	                             : "The vendor refuses this "
	                               "source's credentials.");
	return unauthorized(job, got->help);
}

static struct step renewed(struct job *job)
{
	const struct vendor *vendor = job->source->kind->vendor;
	struct dealing *d = job->dealing;
	struct vendor_token got;

	job->call_count = 0;
	d->renewing = false;
	if (!call_unpack(d->renewal) || d->renewal->end != CALL_ANSWERED ||
	    is_throttled(d->renewal) || d->renewal->reply.status >= 500)
		return renew_again(job);
	got = vendor->token_read(job, d->renewal);
	/* Only a refusal is one: a redirect, or half an answer, says nothing
	 * of the credentials. */
	if (!got.token && d->renewal->reply.status < 400)
		return renew_again(job);
	if (!got.token)
		return refused(job, &got);
	token_got(job, &got);
	vendor_beyond(job);
	return (struct step){ send };
}

static struct step no_state(struct job *job)
{
	return job_fail(job, COVERAGE_FAILED,
	                "The gateway could not look up this source just now: "
	                "try again soon.",
	                "no token state");
}

static struct step ask_token(struct job *job)
{
	struct dealing *d = job->dealing;
	bool personal = source_is_personal(job->source), fault = false;

	if (personal && !proof_opened(job, &fault)) {
		token_not_got(job, NULL);
		return fault ? no_state(job) : not_connected(job);
	}
	d->renewal = job->source->kind->vendor->token_call(job);
	d->renewal->alone = true;
	if (d->unopened) {
		token_not_got(job, NULL);
		return unopened(job);
	}
	if (personal)
		d->renewal->deadline = deadline_in(REFRESH_MS);
	d->renewing = personal;
	d->away[0] = d->renewal;
	job->calls = d->away;
	job->call_count = 1;
	outbound_send(job->app->outbound, d->renewal);
	return (struct step){ renewed };
}

bool vendor_renewing(const struct job *job)
{
	return job->dealing && job->dealing->renewing;
}

struct deadline vendor_until(const struct job *job)
{
	return vendor_renewing(job) ? job->dealing->renewal->deadline
	                            : job->deadline;
}

static struct step renew(struct job *job)
{
	const char *help;

	switch (token_turn(job, &help)) {
	case TOKEN_THERE:
		return (struct step){ send };
	case TOKEN_ANOTHER:
		return later(job, jittered(job, RENEWING_MS), renew);
	case TOKEN_NONE:
		if (help)
			return unauthorized(job, help);
		return no_state(job);
	case TOKEN_YOURS:
	default:
		return ask_token(job);
	}
}

/* ---- asking ---- */

/* A call that is back. Returns how long to wait until it goes out once more;
 * -1 when it is done. */
static long sort_out(struct job *job, struct asked *asked)
{
	const struct vendor *vendor = job->source->kind->vendor;
	struct dealing *d = job->dealing;
	struct call *call = asked->call;
	long wait;

	asked->tries++;
	call_unpack(call);
	if (came_back(call, 401) && vendor->token_call && !d->bare &&
	    !d->renewed) {
		d->token = NULL;
		call_reset(call);
		return 0;
	}
	wait = patience(job, asked);
	if (wait >= 0) {
		call_reset(call);
		if (asked->again_at)
			call->url = asked->again_at;
		return wait;
	}
	asked->done = true;
	if (!asked->hurried || call->end != CALL_TIMED_OUT)
		learn(d, call);
	return -1;
}

static struct step collect(struct job *job)
{
	struct dealing *d = job->dealing;
	bool had_token = d->token;
	bool all_done = true;
	long longest = 0;

	for (size_t i = 0; i < d->made; i++) {
		struct asked *asked = &d->asked[i];

		if (!asked->done && asked->call->end != CALL_OPEN) {
			long wait = sort_out(job, asked);

			longest = wait > longest ? wait : longest;
		}
		all_done = all_done && asked->done;
	}
	job->call_count = 0;
	if (had_token && !d->token && !d->bare)
		d->renewed = true;
	if (!all_done)
		return longest > 0 ? later(job, longest, send)
		                   : (struct step){ send };
	d->all_back = true;
	return (struct step){ d->next };
}

static const char *bearer_of(struct job *job)
{
	const struct vendor *vendor = job->source->kind->vendor;

	if (!job->dealing->token && vendor->bearer)
		job->dealing->token = vendor->bearer(job);
	return job->dealing->token;
}

static struct step send(struct job *job)
{
	const struct vendor *vendor = job->source->kind->vendor;
	struct dealing *d = job->dealing;
	/* A slot is one call on its way. */
	size_t most = vendor->at_once ? 1 : CALLS_MOST;

	if (!d->bare && !bearer_of(job))
		return (struct step){ renew };
	if (d->unopened)
		return unopened(job);
	job->calls = d->away;
	job->call_count = 0;
	for (size_t i = 0; i < d->made && job->call_count < most; i++) {
		struct call *call = d->asked[i].call;

		if (d->asked[i].done || call->end != CALL_OPEN)
			continue;
		call->bearer = d->bare ? NULL : d->token;
		d->away[job->call_count++] = call;
		outbound_send(job->app->outbound, call);
	}
	return (struct step){ collect };
}

static struct step ask(struct job *job, struct step (*next)(struct job *job),
                       bool bare)
{
	struct dealing *d = job->dealing;

	assert(d->made > 0);
	d->next = next;
	d->bare = bare;
	return (struct step){ send };
}

struct step vendor_ask(struct job *job, struct step (*next)(struct job *job))
{
	return ask(job, next, false);
}

struct step vendor_ask_bare(struct job *job,
                            struct step (*next)(struct job *job))
{
	return ask(job, next, true);
}
