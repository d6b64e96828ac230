#include "outbound/handover.h"

#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "core/arena.h"

enum {
	NO_EVENTFD_MS = 20, /* how often to look when nothing can wake us */
	CLOSE_SECONDS = 1,
};

/* A request thread in handover_wait(); guarded by the handover's lock. */
struct waiter {
	int wake; /* eventfd, or -1 when there is no descriptor left */
};

static void ring(int eventfd)
{
	const uint64_t one = 1;

	if (write(eventfd, &one, sizeof(one)) < 0)
		return; /* it is set already, or there is none */
}

bool handover_open(struct handover *handover)
{
	pthread_condattr_t monotonic;

	pthread_mutex_init(&handover->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&handover->all_back, &monotonic);
	pthread_condattr_destroy(&monotonic);
	TAILQ_INIT(&handover->inbox);
	handover->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return handover->wake >= 0;
}

void handover_close(struct handover *handover)
{
	if (handover->wake >= 0)
		close(handover->wake);
	pthread_cond_destroy(&handover->all_back);
	pthread_mutex_destroy(&handover->lock);
}

/* ---- of the outbound thread ---- */

struct exchange *handover_next(struct handover *handover, enum call_end *end)
{
	struct exchange *exchange;

	pthread_mutex_lock(&handover->lock);
	exchange = TAILQ_FIRST(&handover->inbox);
	if (exchange) {
		TAILQ_REMOVE(&handover->inbox, exchange, queue);
		exchange->queued = false;
		*end = exchange->cancel;
	}
	pthread_mutex_unlock(&handover->lock);
	return exchange;
}

void handover_let_go(struct exchange *exchange)
{
	struct handover *handover = exchange->handover;

	pthread_mutex_lock(&handover->lock);
	if (exchange->queued)
		TAILQ_REMOVE(&handover->inbox, exchange, queue);
	exchange->queued = false;
	exchange->over = true;
	if (exchange->waiter)
		ring(exchange->waiter->wake);
	pthread_mutex_unlock(&handover->lock);
}

bool handover_stopping(struct handover *handover)
{
	bool stopping;

	pthread_mutex_lock(&handover->lock);
	stopping = handover->stopping;
	pthread_mutex_unlock(&handover->lock);
	return stopping;
}

/* ---- of the others ---- */

void handover_stop(struct handover *handover)
{
	pthread_mutex_lock(&handover->lock);
	handover->stopping = true;
	pthread_mutex_unlock(&handover->lock);
	ring(handover->wake);
}

bool handover_all_back(struct handover *handover)
{
	struct timespec until;
	bool all_back;
	int error = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += CLOSE_SECONDS;
	pthread_mutex_lock(&handover->lock);
	while (handover->away > 0 && error == 0)
		error = pthread_cond_timedwait(&handover->all_back,
		                               &handover->lock, &until);
	all_back = handover->away == 0;
	pthread_mutex_unlock(&handover->lock);
	return all_back;
}

/* Puts an exchange into the inbox, to be started or, with another end than
 * CALL_OPEN, to be broken off. The lock is held. */
static void queue(struct exchange *exchange, enum call_end cancel)
{
	struct handover *handover = exchange->handover;

	exchange->cancel = cancel;
	if (!exchange->queued)
		TAILQ_INSERT_TAIL(&handover->inbox, exchange, queue);
	exchange->queued = true;
}

static void take_back(struct call *call)
{
	struct exchange *exchange = call->exchange;
	struct handover *handover = exchange->handover;

	exchange_read(exchange, call);
	exchange_free(exchange);
	call->exchange = NULL;
	pthread_mutex_lock(&handover->lock);
	if (--handover->away == 0)
		pthread_cond_signal(&handover->all_back);
	pthread_mutex_unlock(&handover->lock);
}

/* Looks which calls are over and takes them back; the others shall wake the
 * waiter (NULL: nobody any more). away: set to how many others there are.
 * Returns how many were taken back. */
static size_t look(struct handover *handover, struct call *const *calls,
                   size_t count, struct waiter *waiter, size_t *away)
{
	size_t back = 0;

	*away = 0;
	for (size_t i = 0; i < count; i++) {
		struct exchange *exchange = calls[i]->exchange;
		bool over;

		if (!exchange)
			continue;
		pthread_mutex_lock(&handover->lock);
		over = exchange->over;
		exchange->waiter = over ? NULL : waiter;
		pthread_mutex_unlock(&handover->lock);
		if (!over) {
			(*away)++;
			continue;
		}
		take_back(calls[i]);
		back++;
	}
	return back;
}

static void cancel(struct handover *handover, struct call *const *calls,
                   size_t count, enum call_end end)
{
	pthread_mutex_lock(&handover->lock);
	for (size_t i = 0; i < count; i++)
		if (calls[i]->exchange && !calls[i]->exchange->over)
			queue(calls[i]->exchange, end);
	pthread_mutex_unlock(&handover->lock);
	ring(handover->wake);
}

/* Sleeps until the waiter is woken. Returns CALL_OPEN, or why the calls shall
 * end. A negative timeout is none. */
static enum call_end sleep_until(struct waiter *waiter, int timeout,
                                 int watched)
{
	struct pollfd fds[] = { { .fd = waiter->wake, .events = POLLIN },
		                { .fd = watched, .events = POLLRDHUP } };
	bool short_sleep =
		waiter->wake < 0 && (timeout < 0 || timeout > NO_EVENTFD_MS);
	int ready = poll(fds, 2, short_sleep ? NO_EVENTFD_MS : timeout);
	uint64_t count;

	if (ready > 0 && fds[0].revents &&
	    read(waiter->wake, &count, sizeof(count)) > 0)
		return CALL_OPEN;
	if (ready > 0 && fds[1].revents)
		return CALL_CANCELLED;
	return ready == 0 && !short_sleep ? CALL_TIMED_OUT : CALL_OPEN;
}

/* Cancels what is away and waits for it: the thread answers at once, as it
 * never does anything that blocks. */
static void call_home(struct handover *handover, struct call *const *calls,
                      size_t count, struct waiter *waiter, enum call_end end)
{
	size_t away;

	cancel(handover, calls, count, end);
	while (look(handover, calls, count, waiter, &away), away > 0)
		sleep_until(waiter, -1, -1);
}

/* For a call whose request ends without having waited for it. */
static void forget(void *arg)
{
	struct call *call = arg;
	struct waiter waiter;

	if (!call->exchange)
		return;
	waiter.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	call_home(call->exchange->handover, &call, 1, &waiter, CALL_CANCELLED);
	if (waiter.wake >= 0)
		close(waiter.wake);
}

void handover_give(struct handover *handover, struct call *call)
{
	struct exchange *exchange = call->exchange;

	exchange->handover = handover;
	arena_defer(call->mem, forget, call);
	pthread_mutex_lock(&handover->lock);
	handover->away++;
	if (handover->stopping) {
		exchange->end = CALL_CANCELLED;
		exchange->over = true;
	} else {
		queue(exchange, CALL_OPEN);
	}
	pthread_mutex_unlock(&handover->lock);
	ring(handover->wake);
}

size_t handover_wait(struct handover *handover, struct call *const *calls,
                     size_t count, struct deadline deadline, int watched,
                     bool patient)
{
	struct waiter waiter = { eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) };
	enum call_end end = CALL_OPEN;
	size_t away;

	while (look(handover, calls, count, &waiter, &away) == 0 && away > 0 &&
	       end == CALL_OPEN)
		end = sleep_until(&waiter, deadline_left(deadline), watched);
	if (end != CALL_OPEN && !(patient && end == CALL_TIMED_OUT))
		call_home(handover, calls, count, &waiter, end);
	look(handover, calls, count, NULL, &away);
	if (waiter.wake >= 0)
		close(waiter.wake);
	return away;
}
