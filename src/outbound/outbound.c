#include "outbound/outbound.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "core/config.h"
#include "outbound/exchange.h"
#include "outbound/handover.h"
#include "outbound/reactor.h"

struct outbound {
	struct handover handover;
	struct reactor reactor; /* of the thread alone */
	pthread_t thread;

	/* Guard what libcurl keeps in sessions, one for each kind of thing in
	 * there; only libcurl takes them. */
	pthread_mutex_t sessions_lock[CURL_LOCK_DATA_LAST];
	CURLSH *sessions; /* TLS sessions, by host */
};

static void break_off(struct outbound *outbound, struct exchange *exchange,
                      enum call_end end)
{
	reactor_break_off(&outbound->reactor, exchange);
	exchange->end = end;
	handover_let_go(exchange);
}

static void empty_inbox(struct outbound *outbound)
{
	struct exchange *exchange;
	enum call_end end;

	while ((exchange = handover_next(&outbound->handover, &end))) {
		if (end == CALL_OPEN)
			reactor_add(&outbound->reactor, exchange);
		else
			break_off(outbound, exchange, end);
	}
}

static void *run(void *arg)
{
	struct outbound *outbound = arg;
	struct exchange *exchange;

	while (!handover_stopping(&outbound->handover)) {
		reactor_turn(&outbound->reactor);
		empty_inbox(outbound);
	}
	empty_inbox(outbound);
	while ((exchange = TAILQ_FIRST(&outbound->reactor.running)))
		break_off(outbound, exchange, CALL_CANCELLED);
	return NULL;
}

static void lock_sessions(CURL *easy, curl_lock_data data,
                          curl_lock_access access, void *to)
{
	struct outbound *outbound = to;

	(void)easy;
	(void)access;
	pthread_mutex_lock(&outbound->sessions_lock[data]);
}

static void unlock_sessions(CURL *easy, curl_lock_data data, void *to)
{
	struct outbound *outbound = to;

	(void)easy;
	pthread_mutex_unlock(&outbound->sessions_lock[data]);
}

static bool open_sessions(struct outbound *outbound)
{
	CURLSH *share = curl_share_init();

	outbound->sessions = share;
	if (!share)
		return false;
	curl_share_setopt(share, CURLSHOPT_USERDATA, outbound);
	curl_share_setopt(share, CURLSHOPT_LOCKFUNC, lock_sessions);
	curl_share_setopt(share, CURLSHOPT_UNLOCKFUNC, unlock_sessions);
	curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
	return true;
}

static void outbound_free(struct outbound *outbound)
{
	if (outbound->reactor.multi)
		reactor_close(&outbound->reactor);
	curl_share_cleanup(outbound->sessions);
	handover_close(&outbound->handover);
	for (int i = 0; i < CURL_LOCK_DATA_LAST; i++)
		pthread_mutex_destroy(&outbound->sessions_lock[i]);
	free(outbound);
	curl_global_cleanup();
}

/* Signals are main's; and OpenSSL writes to sockets that may be closed, which
 * must not end the process by SIGPIPE. */
static bool start_thread(struct outbound *outbound)
{
	sigset_t all;
	sigset_t before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&outbound->thread, NULL, run, outbound);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error == 0;
}

struct fault *outbound_open(struct arena *mem, const struct config *config,
                            struct outbound **outbound)
{
	struct outbound *opened;

	*outbound = NULL;
	if (config->outbound_threads == 0)
		return NULL;
	/* libcurl would write every TLS key to the file this names. */
	unsetenv("SSLKEYLOGFILE");
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return fault(mem, FAULT_INTERNAL, "libcurl does not start");
	opened = calloc(1, sizeof(*opened));
	if (!opened) {
		curl_global_cleanup();
		return fault(mem, FAULT_INTERNAL, "no memory");
	}
	for (int i = 0; i < CURL_LOCK_DATA_LAST; i++)
		pthread_mutex_init(&opened->sessions_lock[i], NULL);
	if (!handover_open(&opened->handover) || !open_sessions(opened) ||
	    !reactor_open(&opened->reactor, opened->handover.wake,
	                  handover_let_go) ||
	    !start_thread(opened)) {
		outbound_free(opened);
		return fault(mem, FAULT_INTERNAL, "no outbound thread");
	}
	*outbound = opened;
	return NULL;
}

void outbound_close(struct outbound *outbound)
{
	if (!outbound)
		return;
	handover_stop(&outbound->handover);
	pthread_join(outbound->thread, NULL);
	/* A request thread that has not come for its own may still look into
	 * the hand-over; the process ends soon, so it may stay. */
	if (handover_all_back(&outbound->handover))
		outbound_free(outbound);
}

static void refuse(struct call *call, enum call_end end, const char *note)
{
	call->end = end;
	call->note = note;
}

void outbound_send(struct outbound *outbound, struct call *call)
{
	const char *wrong;

	assert(call->end == CALL_OPEN && !call->exchange); /* sent once */
	if (!outbound) {
		refuse(call, CALL_REFUSED, "there is no outbound thread");
		return;
	}
	if (deadline_over(call->deadline)) {
		refuse(call, CALL_TIMED_OUT, "its deadline was past");
		return;
	}
	call->exchange = exchange_new(call, outbound->sessions, &wrong);
	if (call->exchange)
		handover_give(&outbound->handover, call);
	else
		refuse(call, CALL_REFUSED, wrong);
}

size_t outbound_wait(struct outbound *outbound, struct call *const *calls,
                     size_t count, struct deadline deadline, int watched)
{
	if (!outbound)
		return 0;
	return handover_wait(&outbound->handover, calls, count, deadline,
	                     watched, false);
}

size_t outbound_wait_until(struct outbound *outbound, struct call *const *calls,
                           size_t count, struct deadline until, int watched)
{
	if (!outbound)
		return 0;
	return handover_wait(&outbound->handover, calls, count, until, watched,
	                     true);
}
