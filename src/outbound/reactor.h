/* libcurl's many transfers on one epoll; inside outbound/ only, and used by
 * one thread. */
#ifndef GATEHOUSE_OUTBOUND_REACTOR_H
#define GATEHOUSE_OUTBOUND_REACTOR_H

#include <stdbool.h>
#include <stdint.h>

#include <curl/curl.h>

#include "outbound/exchange.h"

struct reactor {
	CURLM *multi;
	struct exchanges running;
	int epoll;
	int wake;         /* readable: turn() returns, having emptied it */
	int64_t timer_at; /* clock_ms() when libcurl wants to be called; -1 */
	int64_t quiet_at; /* clock_ms() of the last call's end; -1: one runs, or
	                   * there is no connection */
	int64_t idle_ms;  /* after that, all connections are closed */
	/* Told that an exchange is over, and how by its end. */
	void (*over)(struct exchange *exchange);
};

/* wake: an eventfd, which stays the caller's. False if something is missing;
 * reactor_close() is due either way. */
bool reactor_open(struct reactor *reactor, int wake,
                  void (*over)(struct exchange *exchange));
void reactor_close(struct reactor *reactor);

/* Starts an exchange; ends it at once if libcurl will not have it. */
void reactor_add(struct reactor *reactor, struct exchange *exchange);

/* Breaks a running exchange off, and the vendor sees it at once; its end is the
 * caller's to say. */
void reactor_break_off(struct reactor *reactor, struct exchange *exchange);

/* Waits for the next thing to happen, and does it. */
void reactor_turn(struct reactor *reactor);

#endif
