#include "db/pool.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "db/connection.h"
#include "db/hosts.h"

enum {
	BACK_OFF_LEAST_MS = 50,
	BACK_OFF_MOST_MS = 1000,
	FRESH_MS = 500,
};

/* A thread that waits; it stands in line, so that who came first is served
 * first, however quickly the others come back. It is woken outside the lock,
 * and needs the lock no more: half of what a small request cost was threads
 * that met there. */
struct waiter {
	struct waiter *next;
	sem_t ready;
	struct connection *connection; /* handed over, or NULL: may open one */
	atomic_bool served;            /* ready is posted, or about to be */
};

/* A connection that lies idle, and since when. */
struct idle {
	struct connection *connection;
	int64_t since; /* clock_ms() */
};

struct pool {
	char *libpq;
	long statement_timeout_ms;
	size_t most;
	atomic_size_t host; /* of those in libpq: where to begin */

	pthread_mutex_t lock; /* guards what follows */
	struct waiter *first;
	struct idle *idle; /* the one used last is lent first */
	size_t idle_count;
	size_t open;                /* lent, idle, or being opened */
	struct deadline not_before; /* nobody connects earlier */
	int64_t back_off;
};

struct pool *pool_new(const char *libpq, long connections,
                      long statement_timeout_ms)
{
	struct pool *pool = calloc(1, sizeof(*pool));

	assert(pool && connections > 0);
	pool->libpq = strdup(libpq);
	pool->idle = calloc((size_t)connections, sizeof(*pool->idle));
	assert(pool->libpq && pool->idle);
	pool->most = (size_t)connections;
	pool->statement_timeout_ms = statement_timeout_ms;
	pthread_mutex_init(&pool->lock, NULL);
	return pool;
}

void pool_free(struct pool *pool)
{
	if (!pool)
		return;
	while (pool->idle_count > 0)
		connection_close(pool->idle[--pool->idle_count].connection);
	pthread_mutex_destroy(&pool->lock);
	free(pool->idle);
	free(pool->libpq);
	free(pool);
}

const char *pool_unproved(struct arena *mem, const struct pool *pool)
{
	struct hosts *hosts;

	if (hosts_read(mem, pool->libpq, &hosts))
		return NULL; /* it is of no use at all */
	return hosts_unproved(hosts);
}

/* Somewhere between half and the whole of a time, so that many processes do
 * not come back at once. */
static int64_t jittered(int64_t milliseconds)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return milliseconds / 2 + now.tv_nsec / 1000 % (milliseconds / 2 + 1);
}

/* ---- the line ---- */

/* Under the lock. */
static void stand_in_line(struct pool *pool, struct waiter *waiter)
{
	struct waiter **place = &pool->first;

	sem_init(&waiter->ready, 0, 0);
	while (*place)
		place = &(*place)->next;
	*place = waiter;
}

/* Under the lock. */
static void leave_line(struct pool *pool, const struct waiter *waiter)
{
	struct waiter **place = &pool->first;

	while (*place && *place != waiter)
		place = &(*place)->next;
	if (*place)
		*place = waiter->next;
}

/* Not under the lock. False: the deadline came first. */
static bool wait_in_line(struct pool *pool, struct waiter *waiter,
                         struct deadline deadline)
{
	struct timespec until = { deadline.at / 1000,
		                  deadline.at % 1000 * 1000000 };
	bool served;

	while (sem_clockwait(&waiter->ready, CLOCK_MONOTONIC, &until) < 0) {
		if (errno == EINTR)
			continue;
		pthread_mutex_lock(&pool->lock);
		served = atomic_load(&waiter->served);
		if (!served)
			leave_line(pool, waiter);
		pthread_mutex_unlock(&pool->lock);
		if (served)
			sem_wait(&waiter->ready);
		sem_destroy(&waiter->ready);
		return served;
	}
	sem_destroy(&waiter->ready);
	/* Read for ThreadSanitizer, which does not know sem_clockwait(). */
	return atomic_load(&waiter->served);
}

/* Under the lock: takes the first out of the line for a connection, or (NULL)
 * for the right to open one. The caller wakes it once the lock is free. NULL:
 * nobody waits. */
static struct waiter *serve_first(struct pool *pool,
                                  struct connection *connection)
{
	struct waiter *waiter = pool->first;

	if (!waiter)
		return NULL;
	pool->first = waiter->next;
	waiter->connection = connection;
	atomic_store(&waiter->served, true);
	return waiter;
}

static void wake(struct waiter *waiter)
{
	if (waiter)
		sem_post(&waiter->ready);
}

/* Under the lock. */
static void note_failure(struct pool *pool)
{
	pool->back_off =
		pool->back_off ? pool->back_off * 2 : BACK_OFF_LEAST_MS;
	if (pool->back_off > BACK_OFF_MOST_MS)
		pool->back_off = BACK_OFF_MOST_MS;
	pool->not_before = deadline_in(jittered(pool->back_off));
}

/* A connection is gone: its place goes to the first in line. */
static void forget(struct pool *pool, bool failed)
{
	struct waiter *next;

	pthread_mutex_lock(&pool->lock);
	if (failed)
		note_failure(pool);
	next = serve_first(pool, NULL);
	if (!next)
		pool->open--;
	pthread_mutex_unlock(&pool->lock);
	wake(next);
}

/* ---- opening, lending, taking back ---- */

/* The caller's place in the pool is counted already. */
static CAN_FAIL open_one(struct db *db, struct connection **connection)
{
	struct pool *pool = db->pool;
	struct fault *fault;
	bool early;

	pthread_mutex_lock(&pool->lock);
	early = !deadline_over(pool->not_before);
	pthread_mutex_unlock(&pool->lock);
	if (early) {
		forget(pool, false);
		return fault(db->mem, FAULT_NO_DATABASE,
		             "the last attempt to connect failed just now");
	}
	fault = connection_open(db->mem, pool->libpq,
	                        pool->statement_timeout_ms, &pool->host,
	                        connection);
	if (fault) {
		forget(pool, true);
		return fault;
	}
	pthread_mutex_lock(&pool->lock);
	pool->back_off = 0;
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

/* What a thread that asks gets at once. */
enum turn { TAKE, OPEN, WAIT };

static enum turn ask(struct pool *pool, struct waiter *self, struct idle *idle)
{
	enum turn turn = WAIT;

	pthread_mutex_lock(&pool->lock);
	if (pool->idle_count > 0) {
		*idle = pool->idle[--pool->idle_count];
		turn = TAKE;
	} else if (pool->open < pool->most) {
		pool->open++;
		turn = OPEN;
	} else {
		stand_in_line(pool, self);
	}
	pthread_mutex_unlock(&pool->lock);
	return turn;
}

/* One that has just been used is not asked whether it still lives. */
static CAN_FAIL take(struct db *db, const struct idle *idle,
                     struct connection **connection)
{
	*connection = idle->connection;
	if (clock_ms() - idle->since < FRESH_MS ||
	    !connection_dead(idle->connection))
		return NULL;
	connection_close(idle->connection);
	return open_one(db, connection); /* in the place of the dead one */
}

CAN_FAIL pool_borrow(struct db *db, struct connection **connection)
{
	struct waiter self = { .next = NULL };
	struct idle idle;

	switch (ask(db->pool, &self, &idle)) {
	case TAKE:
		return take(db, &idle, connection);
	case OPEN:
		return open_one(db, connection);
	case WAIT:
	default:
		break;
	}
	if (!wait_in_line(db->pool, &self, db->deadline))
		return fault(db->mem, FAULT_BUSY, "all connections are lent");
	if (!self.connection)
		return open_one(db, connection);
	*connection = self.connection;
	return NULL;
}

void pool_give_back(struct pool *pool, struct connection *connection)
{
	struct idle idle = { connection, clock_ms() };
	struct waiter *next;

	if (!connection_clean(connection)) {
		pool_lost(pool, connection);
		return;
	}
	pthread_mutex_lock(&pool->lock);
	next = serve_first(pool, connection);
	if (!next)
		pool->idle[pool->idle_count++] = idle;
	pthread_mutex_unlock(&pool->lock);
	wake(next);
}

void pool_lost(struct pool *pool, struct connection *connection)
{
	connection_close(connection);
	forget(pool, false);
}
