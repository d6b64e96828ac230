#include "db/pool.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "db/connection.h"

enum {
	BACK_OFF_LEAST_MS = 50,
	BACK_OFF_MOST_MS = 1000,
};

struct pool {
	char *libpq;
	long statement_timeout_ms;
	size_t most;

	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t returned;
	struct connection **idle; /* the one used last is lent first */
	size_t idle_count;
	size_t open;
	struct deadline not_before; /* nobody connects earlier */
	int64_t back_off;
};

struct pool *pool_new(const char *libpq, long connections,
                      long statement_timeout_ms)
{
	struct pool *pool = calloc(1, sizeof(*pool));
	pthread_condattr_t monotonic;

	assert(pool && connections > 0);
	pool->libpq = strdup(libpq);
	pool->idle = calloc((size_t)connections, sizeof(struct connection *));
	assert(pool->libpq && pool->idle);
	pool->most = (size_t)connections;
	pool->statement_timeout_ms = statement_timeout_ms;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&pool->returned, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return pool;
}

void pool_free(struct pool *pool)
{
	if (!pool)
		return;
	while (pool->idle_count > 0)
		connection_close(pool->idle[--pool->idle_count]);
	pthread_cond_destroy(&pool->returned);
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

/* Counts a connection as gone and lets a waiting thread try. */
static void forget(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->open--;
	pthread_cond_signal(&pool->returned);
	pthread_mutex_unlock(&pool->lock);
}

static CAN_FAIL open_one(struct db *db, struct connection **connection)
{
	struct pool *pool = db->pool;
	struct fault *fault = connection_open(
		db, pool->libpq, pool->statement_timeout_ms, connection);

	pthread_mutex_lock(&pool->lock);
	if (fault) {
		pool->back_off =
			pool->back_off ? pool->back_off * 2 : BACK_OFF_LEAST_MS;
		if (pool->back_off > BACK_OFF_MOST_MS)
			pool->back_off = BACK_OFF_MOST_MS;
		pool->not_before = deadline_in(jittered(pool->back_off));
		pool->open--;
		pthread_cond_signal(&pool->returned);
	} else {
		pool->back_off = 0;
	}
	pthread_mutex_unlock(&pool->lock);
	return fault;
}

/* Under the lock: what the asking thread may do now. */
enum turn { TAKE, OPEN, REFUSED, WAIT };

static enum turn turn_of(const struct pool *pool)
{
	if (pool->idle_count > 0)
		return TAKE;
	if (pool->open >= pool->most)
		return WAIT;
	return deadline_over(pool->not_before) ? OPEN : REFUSED;
}

static bool wait_returned(struct pool *pool, struct deadline deadline)
{
	struct timespec until = { deadline.at / 1000,
		                  deadline.at % 1000 * 1000000 };

	return pthread_cond_timedwait(&pool->returned, &pool->lock, &until) ==
	       0;
}

CAN_FAIL pool_borrow(struct db *db, struct connection **connection)
{
	struct pool *pool = db->pool;
	enum turn turn;

	pthread_mutex_lock(&pool->lock);
	while ((turn = turn_of(pool)) == WAIT)
		if (!wait_returned(pool, db->deadline))
			break;
	if (turn == TAKE)
		*connection = pool->idle[--pool->idle_count];
	else if (turn == OPEN)
		pool->open++;
	pthread_mutex_unlock(&pool->lock);

	switch (turn) {
	case TAKE:
		if (!connection_dead(*connection))
			return NULL;
		pool_lost(pool, *connection);
		return pool_borrow(db, connection);
	case OPEN:
		return open_one(db, connection);
	case REFUSED:
		return fault(db->mem, FAULT_NO_DATABASE,
		             "the last attempt to connect failed just now");
	case WAIT:
	default:
		return fault(db->mem, FAULT_BUSY, "all connections are lent");
	}
}

void pool_give_back(struct pool *pool, struct connection *connection)
{
	if (!connection_clean(connection)) {
		connection_close(connection);
		forget(pool);
		return;
	}
	pthread_mutex_lock(&pool->lock);
	pool->idle[pool->idle_count++] = connection;
	pthread_cond_signal(&pool->returned);
	pthread_mutex_unlock(&pool->lock);
}

void pool_lost(struct pool *pool, struct connection *connection)
{
	connection_close(connection);
	forget(pool);
}
