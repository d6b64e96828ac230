/* OH-11: which calls sources/vendor.c sends again, how often, and when. */
#include "check.h"

#include <stdint.h>

#include "core/arena.h"
#include "core/text.h"
#include "outbound/outbound.h"
#include "sources/vendor.h"
#include "vault/vault.h"
#include "vendor.h"
#include "web/app.h"

enum { LONG_MS = 20000, SAMPLES = 48, BACK_OFF_MS = 300 };

static const char *const hosts[] = { "vendor.test", NULL };
static struct arena *mem;
static struct app app;
static struct db db = { .watched = -1, .request_id = "" };
static int port;

/* ---- a kind of source that makes one call ---- */

struct question {
	const char *path;
	bool post, again;
};

static const char *bearer(struct job *job)
{
	(void)job;
	return "token";
}

static struct step read_it(struct job *job)
{
	struct step end = DONE;

	vendor_failed(job, vendor_call(job, 0), &end);
	return end;
}

static struct step ask_it(struct job *job)
{
	const struct question *question = job->notes;
	const char *url = text_format(mem, "http://vendor.test:%d%s", port,
	                              question->path);

	if (question->post)
		vendor_post(job, url, hosts, js_object(mem), question->again);
	else
		vendor_get(job, url, hosts);
	return vendor_ask(job, read_it);
}

static const struct vendor vendor = { .name = "Vendor", .bearer = bearer };
static const struct source_kind kind = {
	.name = "test",
	.label = "Test",
	.vendor = &vendor,
	.search = ask_it,
};
static struct source source = { .id = "s", .kind = &kind, .name = "Test" };

static struct job job_of(struct question *question, long ms)
{
	struct job job = {
		.mem = mem,
		.db = &db,
		.source = &source,
		.deadline = deadline_in(ms),
		.notes = question,
		.app = &app,
		.next.then = kind.search,
	};

	vendor_apart(&job, js_object(mem));
	return job;
}

/* ---- how often ---- */

static const struct {
	struct question question;
	int sent;
	enum coverage coverage;
} rows[] = {
	{ { "/ok", false, false }, 1, COVERAGE_COMPLETE },
	{ { "/nowhere", false, false }, 1, COVERAGE_FAILED },
	/* what only reads */
	{ { "/trouble", false, false }, 3, COVERAGE_FAILED },
	{ { "/trouble", true, true }, 3, COVERAGE_FAILED },
	{ { "/cut", false, false }, 3, COVERAGE_FAILED },
	{ { "/cut", true, true }, 3, COVERAGE_FAILED },
	/* what does more */
	{ { "/trouble", true, false }, 1, COVERAGE_FAILED },
	{ { "/cut", true, false }, 1, COVERAGE_FAILED },
	{ { "/busy", true, false }, 1, COVERAGE_THROTTLED },
	{ { "/busy-long", true, false }, 1, COVERAGE_THROTTLED },
	/* what would have to wait for longer than there is time */
	{ { "/busy-long", false, false }, 1, COVERAGE_THROTTLED },
	{ { 0 }, 0, COVERAGE_COMPLETE },
};

static void check_times_sent(void)
{
	for (size_t i = 0; rows[i].question.path; i++) {
		struct question question = rows[i].question;
		struct job job = job_of(&question, LONG_MS);
		int before = vendor_requests;
		const char *note = text_format(
			mem, "%s %s%s is sent %d times",
			question.post ? "POST" : "GET", question.path,
			question.again ? ", again," : "", rows[i].sent);

		gather(&job, 1);
		CHECK_ROW(vendor_requests - before == rows[i].sent, note);
		CHECK_INT(job.coverage, rows[i].coverage);
	}
}

/* ---- when ---- */

/* Between these it waits, whatever the machine does meanwhile. */
struct wait {
	int64_t least, most;
};

/* Takes steps until the job has to wait before it sends the call again. */
static struct wait wait_of(struct job *job)
{
	for (;;) {
		int64_t before = clock_ms();

		job->next = job->next.then(job);
		if (job->not_before.at)
			return (struct wait){
				job->not_before.at - clock_ms(),
				job->not_before.at - before,
			};
		if (!job->next.then)
			return (struct wait){ -1, -1 };
		outbound_wait(app.outbound, job->calls, job->call_count,
		              deadline_in(LONG_MS), -1);
	}
}

static void check_waits(void)
{
	struct question question = { "/trouble", false, false };
	struct wait all = { INT64_MAX, 0 };
	bool half_at_least = true, whole_at_most = true;

	for (int i = 0; i < SAMPLES; i++) {
		struct job job = job_of(&question, LONG_MS);
		struct wait wait = wait_of(&job);

		half_at_least = half_at_least && wait.most >= BACK_OFF_MS / 2;
		whole_at_most = whole_at_most && wait.least <= BACK_OFF_MS;
		if (wait.most < all.least)
			all.least = wait.most;
		if (wait.least > all.most)
			all.most = wait.least;
	}
	CHECK(half_at_least);
	CHECK(whole_at_most);
	/* The longest is longer than the shortest, by far. */
	CHECK(all.most > all.least + BACK_OFF_MS / 8);

	question.path = "/busy";
	for (int i = 0; i < SAMPLES; i++) {
		struct job job = job_of(&question, LONG_MS);

		half_at_least = half_at_least && wait_of(&job).most >= 7000;
	}
	CHECK_ROW(half_at_least, "never sooner than the vendor has asked for");
}

static void close_outbound(void *outbound)
{
	outbound_close(outbound);
}

int main(void)
{
	struct arena *first = arena_new(1 << 20);

	mem = arena_new(64 << 20);
	app.mem = first;
	app.config.outbound_threads = 1;
	port = vendor_start();
	CHECK_FINE(vault_start(first));
	CHECK_FINE(outbound_open(first, &app.config, &app.outbound));
	arena_defer(first, close_outbound, app.outbound);
	check_times_sent();
	check_waits();
	arena_free(mem);
	arena_free(first);
	return check_end();
}
