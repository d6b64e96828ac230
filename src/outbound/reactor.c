#include "outbound/reactor.h"

#include <errno.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "core/deadline.h"
#include "core/text.h"

enum {
	EVENTS = 64,
	CONNECTIONS = 512,      /* at once, to all vendors */
	CONNECTIONS_IDLE = 128, /* kept for the next call */
	/* On one connection at once. libcurl 7.88 looks at all of them when one
	 * has news: with a hundred that was a quarter of the worker's time. */
	STREAMS = 16,
};

static int on_timer(CURLM *multi, long ms, void *to)
{
	struct reactor *reactor = to;

	(void)multi;
	reactor->timer_at = ms < 0 ? -1 : clock_ms() + ms;
	return 0;
}

/* Whether a descriptor is in the epoll already is the kernel's to know: closed
 * ones leave it by themselves, and their numbers come again. */
static int on_socket(CURL *easy, curl_socket_t fd, int what, void *to,
                     void *of_socket)
{
	struct reactor *reactor = to;
	struct epoll_event event = { .data.fd = fd };

	(void)easy;
	(void)of_socket;
	if (what == CURL_POLL_REMOVE) {
		epoll_ctl(reactor->epoll, EPOLL_CTL_DEL, fd, NULL);
		return 0;
	}
	if (what & CURL_POLL_IN)
		event.events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		event.events |= EPOLLOUT;
	if (epoll_ctl(reactor->epoll, EPOLL_CTL_MOD, fd, &event) == 0)
		return 0;
	if (errno == ENOENT &&
	    epoll_ctl(reactor->epoll, EPOLL_CTL_ADD, fd, &event) == 0)
		return 0;
	return -1; /* libcurl gives the transfer up */
}

/* NULL without memory. */
static CURLM *multi_new(struct reactor *reactor)
{
	CURLM *multi = curl_multi_init();

	if (!multi)
		return NULL;
	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, reactor);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(multi, CURLMOPT_TIMERDATA, reactor);
	curl_multi_setopt(multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
	curl_multi_setopt(multi, CURLMOPT_MAX_CONCURRENT_STREAMS,
	                  (long)STREAMS);
	curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS,
	                  (long)CONNECTIONS);
	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_IDLE);
	return multi;
}

bool reactor_open(struct reactor *reactor, int wake,
                  void (*over)(struct exchange *exchange))
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = wake };

	*reactor = (struct reactor){
		.epoll = epoll_create1(EPOLL_CLOEXEC),
		.wake = wake,
		.timer_at = -1,
		.quiet_at = -1,
		.idle_ms = IDLE_SECONDS * 1000,
		.over = over,
	};
	TAILQ_INIT(&reactor->running);
	reactor->multi = multi_new(reactor);
	return reactor->multi && reactor->epoll >= 0 &&
	       epoll_ctl(reactor->epoll, EPOLL_CTL_ADD, wake, &event) == 0;
}

void reactor_close(struct reactor *reactor)
{
	curl_multi_cleanup(reactor->multi);
	if (reactor->epoll >= 0)
		close(reactor->epoll);
}

void reactor_add(struct reactor *reactor, struct exchange *exchange)
{
	if (curl_multi_add_handle(reactor->multi, exchange->easy) == CURLM_OK) {
		exchange->running = true;
		reactor->quiet_at = -1;
		TAILQ_INSERT_TAIL(&reactor->running, exchange, run);
		return;
	}
	exchange_ended(exchange, CURLE_FAILED_INIT);
	reactor->over(exchange);
}

static void take_out(struct reactor *reactor, struct exchange *exchange)
{
	curl_multi_remove_handle(reactor->multi, exchange->easy);
	TAILQ_REMOVE(&reactor->running, exchange, run);
	exchange->running = false;
	if (TAILQ_EMPTY(&reactor->running))
		reactor->quiet_at = clock_ms();
}

static long port_of(const struct exchange *exchange)
{
	long port = 0;

	curl_easy_getinfo(exchange->easy, CURLINFO_LOCAL_PORT, &port);
	return port;
}

static const char *vendor_of(const struct exchange *exchange)
{
	const char *address = NULL;

	curl_easy_getinfo(exchange->easy, CURLINFO_PRIMARY_IP, &address);
	return address ? address : "";
}

/* One that is on the connection another was on. */
static struct exchange *neighbour(const struct reactor *reactor,
                                  const struct exchange *of)
{
	struct exchange *exchange = NULL;
	long port = port_of(of);

	if (port == 0)
		return NULL;
	TAILQ_FOREACH(exchange, &reactor->running, run)
	{
		if (port_of(exchange) == port &&
		    text_same(vendor_of(exchange), vendor_of(of)))
			return exchange;
	}
	return NULL;
}

/* libcurl keeps the end of an HTTP/2 stream to itself until it next sends on
 * that connection (from 7.88.0 on, curl issue 17611; t/waiting.bats). So a
 * connection that nobody else is on is closed, and on another a neighbour is
 * made to send: pausing does. */
void reactor_break_off(struct reactor *reactor, struct exchange *exchange)
{
	struct exchange *other;

	if (!exchange->running)
		return;
	curl_easy_setopt(exchange->easy, CURLOPT_FORBID_REUSE, 1L);
	take_out(reactor, exchange);
	other = neighbour(reactor, exchange);
	if (!other)
		return;
	curl_easy_pause(other->easy, CURLPAUSE_RECV);
	curl_easy_pause(other->easy, CURLPAUSE_CONT);
}

static void collect(struct reactor *reactor)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(reactor->multi, &left))) {
		CURLcode code = message->data.result;
		char *exchange = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		/* message is gone once its handle is removed. */
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
		                  &exchange);
		take_out(reactor, (struct exchange *)(void *)exchange);
		exchange_ended((struct exchange *)(void *)exchange, code);
		reactor->over((struct exchange *)(void *)exchange);
	}
}

static void act(struct reactor *reactor, const struct epoll_event *event)
{
	int what = 0;
	int running;
	uint64_t count;

	if (event->data.fd == reactor->wake) {
		while (read(reactor->wake, &count, sizeof(count)) > 0)
			;
		return;
	}
	if (event->events & (EPOLLIN | EPOLLHUP | EPOLLERR))
		what |= CURL_CSELECT_IN;
	if (event->events & EPOLLOUT)
		what |= CURL_CSELECT_OUT;
	if (event->events & EPOLLERR)
		what |= CURL_CSELECT_ERR;
	curl_multi_socket_action(reactor->multi, event->data.fd, what,
	                         &running);
}

/* libcurl looks for idle connections when it is asked for another; until then
 * it would hold them, and what they have sent, for ever. */
static void let_go(struct reactor *reactor)
{
	CURLM *fresh = multi_new(reactor);

	reactor->quiet_at = -1;
	if (!fresh)
		return;
	curl_multi_cleanup(reactor->multi);
	reactor->multi = fresh;
	reactor->timer_at = -1;
}

/* Milliseconds until something is due, as epoll_wait(2) has them. */
static int patience(const struct reactor *reactor)
{
	struct deadline due = { INT64_MAX };

	if (reactor->timer_at >= 0)
		due.at = reactor->timer_at;
	if (reactor->quiet_at >= 0)
		due = deadline_sooner(due,
		                      (struct deadline){ reactor->quiet_at +
		                                         reactor->idle_ms });
	return due.at == INT64_MAX ? -1 : deadline_left(due);
}

void reactor_turn(struct reactor *reactor)
{
	struct epoll_event events[EVENTS];
	int running;
	int count =
		epoll_wait(reactor->epoll, events, EVENTS, patience(reactor));

	for (int i = 0; i < count; i++)
		act(reactor, &events[i]);
	if (reactor->timer_at >= 0 && clock_ms() >= reactor->timer_at) {
		reactor->timer_at = -1;
		curl_multi_socket_action(reactor->multi, CURL_SOCKET_TIMEOUT, 0,
		                         &running);
	}
	collect(reactor);
	if (reactor->quiet_at >= 0 &&
	    clock_ms() >= reactor->quiet_at + reactor->idle_ms)
		let_go(reactor);
}
