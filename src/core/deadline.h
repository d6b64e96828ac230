/* How long something may take: a point on the monotonic clock. */
#ifndef GATEHOUSE_CORE_DEADLINE_H
#define GATEHOUSE_CORE_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

struct deadline {
	int64_t at; /* milliseconds of CLOCK_MONOTONIC */
};

/* Milliseconds of CLOCK_MONOTONIC now. */
int64_t clock_ms(void);

/* A deadline that many milliseconds from now. */
struct deadline deadline_in(int64_t milliseconds);

/* The earlier of two. */
struct deadline deadline_sooner(struct deadline a, struct deadline b);

/* Milliseconds left, never negative; fit for poll(2). */
int deadline_left(struct deadline deadline);

bool deadline_over(struct deadline deadline);

#endif
