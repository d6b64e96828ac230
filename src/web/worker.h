/* The FastCGI worker: request threads over the socket on descriptor 0. */
#ifndef GATEHOUSE_WEB_WORKER_H
#define GATEHOUSE_WEB_WORKER_H

struct app;

/* Serves until SIGTERM, SIGINT or SIGUSR1: then no request is accepted any
 * more, those in flight finish within stop_ms, and it returns the exit status.
 * Call with one thread running. */
int worker_run(struct app *app);

/* How many request threads of this process are at work right now. */
long worker_busy(const struct app *app);

#endif
