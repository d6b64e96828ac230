#include "db/pool.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "db/connection.h"

enum {
	BACK_OFF_LEAST_MS = 50,
	BACK_OFF_MOST_MS = 1000,
};

/* A thread that waits; it stands in line, so that who came first is served
 * first, however quickly the others come back. */
struct waiter {
	struct waiter *next;
	pthread_cond_t served;
	struct connection *connection; /* handed over, or NULL: may open one */
	bool done;
};

struct pool {
	char *libpq;
	long statement_timeout_ms;
	size_t most;

	pthread_mutex_t lock; /* guards what follows */
	struct waiter *first;
	struct connection **idle; /* the one used last is lent first */
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
	pool->idle = calloc((size_t)connections, sizeof(struct connection *));
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
		connection_close(pool->idle[--pool->idle_count]);
	pthread_mutex_destroy(&pool->lock);
	free(pool->idle);
	free(pool->libpq);
	free(pool);
}

/* Somewhere between half and the whole of a time, so that many processes do
 * not come back at once. */
static int64_t jittered(int64_t milliseconds)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return milliseconds / 2 + now.tv_nsec / 1000 % (milliseconds / 2 + 1);
}

/* ---- the line; all of it under the lock ---- */

static void wait_in_line(struct pool *pool, struct waiter *waiter,
                         struct deadline deadline)
{
	struct timespec until = { deadline.at / 1000,
		                  deadline.at % 1000 * 1000000 };
	struct waiter **place = &pool->first;
	pthread_condattr_t monotonic;
	int wrong = 0;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&waiter->served, &monotonic);
	pthread_condattr_destroy(&monotonic);
	while (*place)
		place = &(*place)->next;
	*place = waiter;
	while (!waiter->done && wrong == 0)
		wrong = pthread_cond_timedwait(&waiter->served, &pool->lock,
		                               &until);
	for (place = &pool->first; *place; place = &(*place)->next)
		if (*place == waiter) {
			*place = waiter->next;
			break;
		}
	pthread_cond_destroy(&waiter->served);
}

/* Hands the first in line a connection, or (NULL) the right to open one.
 * False: nobody waits. */
static bool serve_first(struct pool *pool, struct connection *connection)
{
	struct waiter *waiter = pool->first;

	if (!waiter)
		return false;
	pool->first = waiter->next;
	waiter->connection = connection;
	waiter->done = true;
	pthread_cond_signal(&waiter->served);
	return true;
}

/* A connection is gone: its place goes to the first in line. */
static void forget(struct pool *pool)
{
	if (!serve_first(pool, NULL))
		pool->open--;
}

/* ---- opening, lending, taking back ---- */

static void note_failure(struct pool *pool)
{
	pool->back_off =
		pool->back_off ? pool->back_off * 2 : BACK_OFF_LEAST_MS;
	if (pool->back_off > BACK_OFF_MOST_MS)
		pool->back_off = BACK_OFF_MOST_MS;
	pool->not_before = deadline_in(jittered(pool->back_off));
}

/* The caller's place in the pool is counted already. */
static CAN_FAIL open_one(struct db *db, struct connection **connection)
{
	struct pool *pool = db->pool;
	struct fault *fault;
	bool early;

	pthread_mutex_lock(&pool->lock);
	early = !deadline_over(pool->not_before);
	if (early)
		forget(pool);
	pthread_mutex_unlock(&pool->lock);
	if (early)
		return fault(db->mem, FAULT_NO_DATABASE,
		             "the last attempt to connect failed just now");
	fault = connection_open(db->mem, pool->libpq,
	                        pool->statement_timeout_ms, connection);
	pthread_mutex_lock(&pool->lock);
	if (fault) {
		note_failure(pool);
		forget(pool);
	} else {
		pool->back_off = 0;
	}
	pthread_mutex_unlock(&pool->lock);
	return fault;
}

CAN_FAIL pool_borrow(struct db *db, struct connection **connection)
{
	struct pool *pool = db->pool;
	struct waiter self = { .done = true };

	pthread_mutex_lock(&pool->lock);
	if (pool->idle_count > 0) {
		self.connection = pool->idle[--pool->idle_count];
	} else if (pool->open < pool->most) {
		pool->open++;
	} else {
		self.done = false;
		wait_in_line(pool, &self, db->deadline);
	}
	pthread_mutex_unlock(&pool->lock);

	if (!self.done)
		return fault(db->mem, FAULT_BUSY, "all connections are lent");
	if (!self.connection)
		return open_one(db, connection);
	*connection = self.connection;
	if (!connection_dead(self.connection))
		return NULL;
	connection_close(self.connection);
	return open_one(db, connection); /* in the place of the dead one */
}

void pool_give_back(struct pool *pool, struct connection *connection)
{
	if (!connection_clean(connection)) {
		pool_lost(pool, connection);
		return;
	}
	pthread_mutex_lock(&pool->lock);
	if (!serve_first(pool, connection))
		pool->idle[pool->idle_count++] = connection;
	pthread_mutex_unlock(&pool->lock);
}

void pool_lost(struct pool *pool, struct connection *connection)
{
	connection_close(connection);
	pthread_mutex_lock(&pool->lock);
	forget(pool);
	pthread_mutex_unlock(&pool->lock);
}
