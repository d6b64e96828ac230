#include "web/worker.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <fcgiapp.h>

#include "core/arena.h"
#include "core/log.h"
#include "core/text.h"
#include "db/db.h"
#include "web/app.h"
#include "web/crash.h"
#include "web/request.h"
#include "web/response.h"
#include "web/wire.h"

enum {
	LISTENER = 0, /* spawn-fcgi and systemd hand the socket over here */
	STACK = 512 * 1024,
	REQUEST_MEMORY = 64 * 1024 * 1024,
	FULL_MS = 20,
};

struct worker {
	struct app *app;
	int stop; /* eventfd, readable once the process shall end */
	pthread_mutex_t accepting; /* held by the one thread that waits */
	atomic_bool stopping;
	atomic_long busy;
	pthread_t *threads;
	long count;
};

/* ---- one request ---- */

static const char *parameter(const FCGX_Request *wire, const char *name)
{
	const char *value = FCGX_GetParam(name, wire->envp);

	return value && text_valid(value, strlen(value)) ? value : "";
}

/* nginx's $request_id, or one of our own. */
static const char *request_id(struct arena *mem, const FCGX_Request *wire)
{
	const char *given = parameter(wire, "REQUEST_ID");
	unsigned char bytes[16];
	char *id;

	if (strlen(given) == 32 && strspn(given, "0123456789abcdef") == 32)
		return given;
	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		abort();
	id = arena_alloc(mem, 33);
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(id + i * 2, 3, "%02x", bytes[i]);
	return id;
}

/* Milliseconds since nginx passed the request on, as its $msec tells: so long
 * it has waited for a thread. A clock that was set meanwhile does no harm
 * beyond that: not less than none, nor more than most. */
static int64_t waited(const FCGX_Request *wire, int64_t most)
{
	const char *given = parameter(wire, "REQUEST_MSEC");
	char *rest = NULL;
	int64_t passed_on = strtoll(given, &rest, 10) * 1000;
	struct timespec now;
	int64_t long_ago;

	if (*rest != '.')
		return 0;
	passed_on += strtoll(rest + 1, NULL, 10);
	clock_gettime(CLOCK_REALTIME, &now);
	long_ago = now.tv_sec * 1000 + now.tv_nsec / 1000000 - passed_on;
	if (long_ago < 0)
		return 0;
	return long_ago < most ? long_ago : most;
}

static struct request request_of(const struct worker *worker, struct arena *mem,
                                 FCGX_Request *wire)
{
	struct app *app = worker->app;
	long ms = app->config.deadline_ms;
	int64_t came = clock_ms() - waited(wire, ms);
	struct deadline deadline = { came + ms };
	struct request req = {
		.mem = mem,
		.app = app,
		.came = came,
		.deadline = deadline,
		.id = request_id(mem, wire),
		.method = parameter(wire, "REQUEST_METHOD"),
		.scheme = parameter(wire, "REQUEST_SCHEME"),
		.host = parameter(wire, "GATEHOUSE_HOST"),
		.port = parameter(wire, "SERVER_PORT"),
		.path = parameter(wire, "DOCUMENT_URI"),
		.query = parameter(wire, "QUERY_STRING"),
		.address = parameter(wire, "REMOTE_ADDR"),
		.params = (const char *const *)wire->envp,
		.wire = wire,
	};

	req.db = (struct db){
		.pool = app->pool,
		.mem = mem,
		.request_id = req.id,
		.deadline = deadline,
		.watched = wire->ipcFd,
	};
	return req;
}

static void serve_one(struct worker *worker, struct arena *mem,
                      FCGX_Request *wire)
{
	struct request req = request_of(worker, mem, wire);
	struct response out = { .mem = mem, .wire = wire };

	atomic_fetch_add(&worker->busy, 1);
	crash_request(req.id);
	worker->app->answer(&req, &out);
	wire_send(wire, &req, &out);
	crash_request(NULL);
	atomic_fetch_sub(&worker->busy, 1);
}

/* ---- a request thread ---- */

/* Waits for a connection and takes it. One thread of a process waits at a time,
 * so a connection wakes one thread of each process, and the process that is
 * least busy takes it. -1: the process shall end. */
static int accept_one(struct worker *worker)
{
	struct pollfd polled[] = {
		{ .fd = LISTENER, .events = POLLIN },
		{ .fd = worker->stop, .events = POLLIN },
	};
	int connection = -1;

	pthread_mutex_lock(&worker->accepting);
	while (connection < 0 && !polled[1].revents) {
		poll(polled, 2, -1);
		/* Another process may be quicker: it does not block. */
		if (!polled[1].revents && polled[0].revents)
			connection =
				accept4(LISTENER, NULL, NULL, SOCK_CLOEXEC);
		if (connection < 0 && errno == EMFILE)
			poll(NULL, 0, FULL_MS); /* until one is closed */
	}
	pthread_mutex_unlock(&worker->accepting);
	return connection;
}

/* Waits for the next request on a connection that nginx keeps. False: the
 * process shall end, and no request is lost by that: one that nginx has already
 * sent is still served. */
static bool next_kept(const struct worker *worker, const FCGX_Request *wire)
{
	struct pollfd kept[] = {
		{ .fd = wire->ipcFd, .events = POLLIN },
		{ .fd = worker->stop, .events = POLLIN },
	};

	poll(kept, 2, -1);
	return kept[0].revents != 0;
}

/* A request is there to be read on wire's connection, which may be new. */
static bool wait_request(struct worker *worker, FCGX_Request *wire)
{
	if (wire->ipcFd >= 0)
		return next_kept(worker, wire);
	wire->ipcFd = accept_one(worker);
	/* FCGX_Accept_r begins by finishing what was before, and would close a
	 * connection that is not marked so; it then reads the true mark. */
	wire->keepConnection = 1;
	return wire->ipcFd >= 0;
}

static void *serve(void *argument)
{
	struct worker *worker = argument;
	struct arena *mem = arena_new(REQUEST_MEMORY);
	FCGX_Request wire;

	FCGX_InitRequest(&wire, LISTENER, FCGI_FAIL_ACCEPT_ON_INTR);
	while (wait_request(worker, &wire)) {
		/* -1: nginx closed the connection that it had kept. The library
		 * then tries the listener itself, which does not block. */
		if (FCGX_Accept_r(&wire) < 0)
			continue;
		serve_one(worker, mem, &wire);
		if (atomic_load(&worker->stopping))
			wire.keepConnection = 0;
		FCGX_Finish_r(&wire);
		arena_reset(mem);
	}
	FCGX_Free(&wire, 1);
	arena_free(mem);
	return NULL;
}

/* ---- the process ---- */

static void start_threads(struct worker *worker)
{
	pthread_attr_t small;

	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, STACK);
	worker->threads = calloc((size_t)worker->count, sizeof(pthread_t));
	if (!worker->threads)
		abort();
	for (long i = 0; i < worker->count; i++)
		if (pthread_create(&worker->threads[i], &small, serve, worker))
			abort();
	pthread_attr_destroy(&small);
}

/* Ends the waits and joins the threads. False: some request took longer than
 * it may, and the process ends without it. */
static bool stop_threads(struct worker *worker)
{
	struct timespec until;
	uint64_t one = 1;

	atomic_store(&worker->stopping, true);
	if (write(worker->stop, &one, sizeof(one)) < 0)
		abort();
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += worker->app->config.stop_ms / 1000 + 1;
	for (long i = 0; i < worker->count; i++)
		if (pthread_timedjoin_np(worker->threads[i], NULL, &until))
			return false;
	free(worker->threads);
	return true;
}

/* The signals that mean "end"; blocked in every thread, so that only sigwait
 * in the main thread sees them. libfcgi's own handlers never run. */
static sigset_t block_signals(void)
{
	sigset_t ending;

	sigemptyset(&ending);
	sigaddset(&ending, SIGTERM);
	sigaddset(&ending, SIGINT);
	sigaddset(&ending, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &ending, NULL);
	signal(SIGPIPE, SIG_IGN);
	return ending;
}

int worker_run(struct app *app)
{
	sigset_t ending = block_signals();
	struct worker worker = {
		.app = app,
		.count = app->threads,
		.accepting = PTHREAD_MUTEX_INITIALIZER,
	};
	int signal = 0;
	bool whole;

	if (FCGX_Init() != 0 || FCGX_IsCGI()) {
		fputs("This is a FastCGI program: start it with spawn-fcgi, "
		      "which hands it a listening socket.\n",
		      stderr);
		return 64; /* EX_USAGE */
	}
	/* Workers die with their supervisor (WL-6). */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	crash_report();
	fcntl(LISTENER, F_SETFL, fcntl(LISTENER, F_GETFL) | O_NONBLOCK);
	worker.stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	assert(worker.stop >= 0);
	// cppcheck-suppress autoVariables ; it is there while threads are
	app->worker = &worker;
	start_threads(&worker);
	log_line(LOG_INFO, "worker-start",
	         { "threads", .number = app->threads });
	sigwait(&ending, &signal);
	whole = stop_threads(&worker);
	log_line(LOG_INFO, "worker-stop", { "signal", .number = signal },
	         { "requests_cut", .number = worker_busy(app) });
	if (!whole)
		_exit(1);
	close(worker.stop);
	return 0;
}

long worker_busy(const struct app *app)
{
	return app->worker ? atomic_load(&app->worker->busy) : 0;
}
