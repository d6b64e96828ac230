/* Exchanges on their way between request threads and the outbound thread;
 * inside outbound/ only.
 *
 * An exchange is given, worked on by the thread, let go of, and taken back;
 * at every moment one side owns it. One lock guards who. */
#ifndef GATEHOUSE_OUTBOUND_HANDOVER_H
#define GATEHOUSE_OUTBOUND_HANDOVER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "outbound/exchange.h"

struct handover {
	/* Guards the next four, and in each exchange what stands there as
	 * guarded by it. Nothing but a note is made while it is held. */
	pthread_mutex_t lock;
	struct exchanges inbox; /* for the thread: to start, or to break off */
	size_t away;            /* given and not taken back */
	bool stopping;
	pthread_cond_t all_back;

	int wake; /* eventfd: look into the inbox */
};

/* False without a descriptor; handover_close() is due either way. */
bool handover_open(struct handover *handover);
void handover_close(struct handover *handover);

/* ---- of the outbound thread ---- */

/* The next exchange of the inbox, and how it shall end (CALL_OPEN: by
 * itself); NULL when there is none. */
struct exchange *handover_next(struct handover *handover, enum call_end *end);

/* From here on the exchange is the request's again. */
void handover_let_go(struct exchange *exchange);

/* Whether the thread shall end. */
bool handover_stopping(struct handover *handover);

/* ---- of the others ---- */

/* Tells the thread to end; what is given from now on ends as cancelled. */
void handover_stop(struct handover *handover);

/* Waits a second at most. Whether everything was taken back. */
bool handover_all_back(struct handover *handover);

/* Gives a call's exchange to the thread, until handover_wait() or the end of
 * the call's arena. */
void handover_give(struct handover *handover, struct call *call);

/* outbound_wait(), and with patient outbound_wait_until(). */
size_t handover_wait(struct handover *handover, struct call *const *calls,
                     size_t count, struct deadline deadline, int watched,
                     bool patient);

#endif
