/* Who fails again and again waits longer and longer (AC-7): kept in Postgres,
 * so that it holds for all workers. */
#ifndef GATEHOUSE_AUTH_THROTTLE_H
#define GATEHOUSE_AUTH_THROTTLE_H

#include "core/fault.h"

struct request;

/* One thing that is counted: what, about whom, and how patiently. */
struct throttle {
	const char *key;
	long free; /* failures without a wait */
	long most; /* seconds: the longest wait */
};

/* Whose request it is, as far as an address tells: of an IPv6 address its /64,
 * which one client has whole; of mem. */
const char *throttle_network(const struct request *req);

/* A throttle for the request's network: what, a short constant; about, hidden
 * in a digest since it may be an e-mail address, or NULL. */
struct throttle throttle_of(const struct request *req, const char *what,
                            const char *about, long free, long most);

/* Fault: TOO_MANY with the seconds to wait, while there are any; NO_DATABASE. */
CAN_FAIL throttle_pass(struct request *req, const struct throttle *throttle);

/* Counts a failure: after the free ones, each doubles the wait. */
CAN_FAIL throttle_failed(struct request *req, const struct throttle *throttle);

/* Forgets the failures. */
CAN_FAIL throttle_forget(struct request *req, const struct throttle *throttle);

#endif
