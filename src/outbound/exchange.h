/* One call as libcurl sees it; inside outbound/ only.
 *
 * Made in the request thread from a call, run by the outbound thread, read
 * back in the request thread. It is malloc'ed and takes nothing from the
 * request's arena but what it reads there. */
#ifndef GATEHOUSE_OUTBOUND_EXCHANGE_H
#define GATEHOUSE_OUTBOUND_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

#include <curl/curl.h>

#include "outbound/call.h"

struct handover;
struct waiter;

TAILQ_HEAD(exchanges, exchange);

/* A connection that nobody has used for longer is not used any more. */
enum { IDLE_SECONDS = 60 };

struct exchange {
	/* Of the thread that has the call. */
	CURL *easy;
	CURLU *url;
	struct curl_slist *headers;
	struct curl_slist *elsewhere; /* where the rules have it connect */
	char *body; /* what has arrived */
	size_t size;
	size_t room;
	size_t body_most;
	size_t head; /* header bytes so far */
	size_t head_most;
	bool head_whole; /* its empty line has come */
	bool too_large;
	bool address_refused;
	bool running; /* in the outbound thread's libcurl and its list */
	TAILQ_ENTRY(exchange) run;
	enum call_end end;
	char error[CURL_ERROR_SIZE]; /* libcurl's words */

	struct handover *handover; /* never changes */

	/* Guarded by the hand-over's lock. */
	TAILQ_ENTRY(exchange) queue; /* in its inbox */
	bool queued;
	bool over;             /* the outbound thread has let go of it */
	enum call_end cancel;  /* how it shall end; CALL_OPEN: by itself */
	struct waiter *waiter; /* whom to wake; NULL: nobody waits */
};

/* An exchange ready to run, or NULL: wrong is then set to why not, a
 * constant. sessions: where TLS sessions are kept. */
struct exchange *exchange_new(const struct call *call, CURLSH *sessions,
                              const char **wrong);

/* Notes how libcurl says it ended. */
void exchange_ended(struct exchange *exchange, CURLcode code);

/* Moves the outcome into the call, the body into its arena's care. */
void exchange_read(struct exchange *exchange, struct call *call);

/* NULL is fine. */
void exchange_free(struct exchange *exchange);

#endif
