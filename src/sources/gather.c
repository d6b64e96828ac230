#include "sources/source.h"

/* A step of a source whose time has come is not taken; what the job has found
 * so far stays. */
static void take_step(struct job *job)
{
	if (!job->next.then)
		return;
	if (!deadline_over(job->deadline)) {
		job->next = job->next.then(job);
		return;
	}
	job->next = DONE;
	job->coverage = COVERAGE_TIMED_OUT;
	job->help = "This source did not answer in time: ask again, or ask "
		    "for less.";
}

static bool any_left(const struct job *jobs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (jobs[i].next.then)
			return true;
	}
	return false;
}

void gather(struct job *jobs, size_t count)
{
	while (any_left(jobs, count)) {
		for (size_t i = 0; i < count; i++)
			take_step(&jobs[i]);
	}
}
