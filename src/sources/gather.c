#include <poll.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/slots.h"
#include "outbound/outbound.h"
#include "sources/vendor.h"
#include "web/app.h"

static bool any_away(const struct job *job)
{
	for (size_t i = 0; i < job->call_count; i++) {
		if (job->calls[i]->exchange)
			return true;
	}
	return false;
}

/* Whether its next step can be taken; a job whose time has come is ended. */
static bool is_ready(const struct job *job)
{
	if (!job->next.then)
		return false;
	if (vendor_renewing(job))
		return !any_away(job);
	return deadline_over(job->deadline) ||
	       (!any_away(job) && deadline_over(job->not_before));
}

/* A step of a source whose time has come is not taken; what the job has found
 * so far stays. */
static void take_step(struct job *job)
{
	if (!deadline_over(job->deadline) || vendor_renewing(job)) {
		job->next = job->next.then(job);
	} else {
		job->next = DONE;
		job->coverage = COVERAGE_TIMED_OUT;
		job->help = "This source did not answer in time: ask again, or "
			    "ask for less.";
	}
	if (!job->next.then && job->query && job->dealing)
		vendor_let_go(job);
}

/* Vendors first: what is asked of Postgres keeps its thread, and they can be
 * on their way meanwhile. */
static bool take_steps(struct job *jobs, size_t count, bool vendors)
{
	bool moved = false;

	for (size_t i = 0; i < count; i++) {
		if (!jobs[i].source->kind->vendor == vendors ||
		    !is_ready(&jobs[i]))
			continue;
		take_step(&jobs[i]);
		moved = true;
	}
	return moved;
}

/* ---- waiting ---- */

/* When something is due, even if no call comes back. */
static struct deadline next_time(const struct job *jobs, size_t count)
{
	struct deadline next = { INT64_MAX };

	for (size_t i = 0; i < count; i++) {
		const struct job *job = &jobs[i];

		if (!job->next.then)
			continue;
		next = deadline_sooner(next, vendor_until(job));
		if (!any_away(job))
			next = deadline_sooner(next, job->not_before);
	}
	return next;
}

/* The calls of all jobs that are on their way. */
static struct call **calls_of(const struct job *jobs, size_t count,
                              size_t *call_count)
{
	struct call **calls;
	size_t most = 0;

	for (size_t i = 0; i < count; i++)
		most += jobs[i].call_count;
	calls = arena_array(jobs[0].mem, most + 1, sizeof(struct call *));
	*call_count = 0;
	for (size_t i = 0; i < count; i++) {
		if (!jobs[i].next.then)
			continue;
		for (size_t c = 0; c < jobs[i].call_count; c++) {
			if (jobs[i].calls[c]->exchange)
				calls[(*call_count)++] = jobs[i].calls[c];
		}
	}
	return calls;
}

static bool any_renewing(const struct job *jobs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (vendor_renewing(&jobs[i]))
			return true;
	}
	return false;
}

/* Waits until a call comes back or something is due. False: the client left. */
static bool wait_for_any(const struct job *jobs, size_t count)
{
	struct deadline until = next_time(jobs, count);
	size_t call_count;
	struct call **calls = calls_of(jobs, count, &call_count);
	int watched = any_renewing(jobs, count) ? -1 : jobs[0].db->watched;
	struct pollfd socket = { .fd = watched, .events = POLLRDHUP };

	if (call_count == 0)
		return poll(&socket, 1, deadline_left(until)) == 0;
	outbound_wait_until(jobs[0].app->outbound, calls, call_count, until,
	                    watched);
	for (size_t i = 0; i < call_count; i++) {
		if (calls[i]->end == CALL_CANCELLED)
			return false;
	}
	return true;
}

/* ---- all of them ---- */

static bool asks_vendor(const struct job *job)
{
	return job->next.then && job->source->kind->vendor;
}

static bool any_left(const struct job *jobs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (jobs[i].next.then)
			return true;
	}
	return false;
}

static void end_all(struct job *jobs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!jobs[i].next.then)
			continue;
		jobs[i].next = DONE;
		jobs[i].coverage = COVERAGE_FAILED;
	}
}

/* A request that waits for vendors keeps its thread. Some threads are kept for
 * those that ask none, or a few slow vendors would hold up everybody. */
static struct slots *take_slot(struct job *jobs, size_t count)
{
	struct slots *waits = NULL;

	for (size_t i = 0; i < count; i++) {
		if (asks_vendor(&jobs[i]))
			waits = jobs[i].app->waits;
	}
	if (!waits || slots_borrow(waits, deadline_in(0)))
		return waits;
	for (size_t i = 0; i < count; i++) {
		if (asks_vendor(&jobs[i]))
			jobs[i].next = job_fail(
				&jobs[i], COVERAGE_THROTTLED,
				"The gateway waits for as many vendors as it "
				"can just now: try again in some seconds.",
				"all threads for waiting are taken");
	}
	return NULL;
}

void gather(struct job *jobs, size_t count)
{
	struct slots *taken = take_slot(jobs, count);

	vendors_enter(jobs, count);
	while (any_left(jobs, count)) {
		bool moved = take_steps(jobs, count, true);

		moved = take_steps(jobs, count, false) || moved;
		if (!moved && !wait_for_any(jobs, count))
			end_all(jobs, count);
	}
	vendors_leave(jobs, count);
	if (taken)
		slots_give_back(taken);
}
