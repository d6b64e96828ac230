#include "core/breaker.h"

#include <pthread.h>
#include <stdlib.h>

#include "core/deadline.h"

enum { FAILURES = 5 };

struct breaker {
	pthread_mutex_t lock; /* guards all below */
	long rest_ms;
	int failures;          /* in a row */
	struct deadline until; /* it is left alone */
};

struct breaker *breaker_new(long rest_ms)
{
	struct breaker *breaker = calloc(1, sizeof(*breaker));

	if (!breaker)
		return NULL;
	pthread_mutex_init(&breaker->lock, NULL);
	breaker->rest_ms = rest_ms;
	return breaker;
}

void breaker_free(struct breaker *breaker)
{
	if (!breaker)
		return;
	pthread_mutex_destroy(&breaker->lock);
	free(breaker);
}

static void leave_alone(struct breaker *breaker, long ms)
{
	struct deadline until = deadline_in(ms);

	if (until.at > breaker->until.at)
		breaker->until = until;
}

bool breaker_asks(struct breaker *breaker)
{
	bool asks;

	pthread_mutex_lock(&breaker->lock);
	asks = deadline_over(breaker->until);
	/* One that never tells is not waited for longer than the others. */
	if (asks && breaker->failures >= FAILURES)
		leave_alone(breaker, breaker->rest_ms);
	pthread_mutex_unlock(&breaker->lock);
	return asks;
}

void breaker_told(struct breaker *breaker, bool worked, long wait_ms)
{
	pthread_mutex_lock(&breaker->lock);
	if (worked) {
		breaker->failures = 0;
		breaker->until = (struct deadline){ 0 };
	} else if (++breaker->failures >= FAILURES) {
		breaker->failures = FAILURES;
		leave_alone(breaker, breaker->rest_ms);
	}
	if (wait_ms > 0)
		leave_alone(breaker, wait_ms);
	pthread_mutex_unlock(&breaker->lock);
}
