#include "core/slots.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* One who waits, on its own stack. */
struct waiter {
	pthread_cond_t called;
	bool given; /* the slot is theirs */
	struct waiter *next;
};

struct slots {
	pthread_mutex_t lock; /* guards all below */
	long free;
	long waiting;
	long most_waiting;
	struct waiter *first;
	struct waiter **last;
};

struct slots *slots_new(long at_once, long most_waiting)
{
	struct slots *slots = calloc(1, sizeof(*slots));

	if (!slots)
		return NULL;
	pthread_mutex_init(&slots->lock, NULL);
	slots->free = at_once;
	slots->most_waiting = most_waiting;
	slots->last = &slots->first;
	return slots;
}

void slots_free(struct slots *slots)
{
	if (!slots)
		return;
	pthread_mutex_destroy(&slots->lock);
	free(slots);
}

static struct timespec point(struct deadline deadline)
{
	return (struct timespec){
		.tv_sec = deadline.at / 1000,
		.tv_nsec = deadline.at % 1000 * 1000000,
	};
}

static void leave_queue(struct slots *slots, struct waiter *waiter)
{
	struct waiter **place = &slots->first;

	while (*place != waiter)
		place = &(*place)->next;
	*place = waiter->next;
	if (!*place)
		slots->last = place;
	slots->waiting--;
}

/* Waits in the queue until given a slot or the deadline; holds the lock. */
static bool queue_up(struct slots *slots, struct deadline deadline)
{
	struct waiter waiter = { 0 };
	struct timespec until = point(deadline);
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&waiter.called, &attributes);
	pthread_condattr_destroy(&attributes);
	*slots->last = &waiter;
	// cppcheck-suppress autoVariables ; it leaves the queue before it ends
	slots->last = &waiter.next;
	slots->waiting++;
	while (!waiter.given &&
	       pthread_cond_timedwait(&waiter.called, &slots->lock, &until) ==
	               0)
		continue;
	if (!waiter.given)
		leave_queue(slots, &waiter);
	pthread_cond_destroy(&waiter.called);
	return waiter.given;
}

bool slots_borrow(struct slots *slots, struct deadline deadline)
{
	bool given = false;

	pthread_mutex_lock(&slots->lock);
	if (slots->free > 0) {
		slots->free--;
		given = true;
	} else if (slots->waiting < slots->most_waiting) {
		given = queue_up(slots, deadline);
	}
	pthread_mutex_unlock(&slots->lock);
	return given;
}

/* A slot goes straight to the first who waits, so that nobody who comes later
 * is quicker. */
void slots_give_back(struct slots *slots)
{
	pthread_mutex_lock(&slots->lock);
	struct waiter *first = slots->first;
	if (first) {
		leave_queue(slots, first);
		first->given = true;
		pthread_cond_signal(&first->called);
	} else {
		slots->free++;
	}
	pthread_mutex_unlock(&slots->lock);
}
