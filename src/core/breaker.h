/* Leaving alone what fails: five failures in a row, and nobody asks for a
 * while; then one tries for all. It knows of one process, whose threads share
 * it; for what all workers must know see sql/deploy/vendors.sql. */
#ifndef GATEHOUSE_CORE_BREAKER_H
#define GATEHOUSE_CORE_BREAKER_H

#include <stdbool.h>

struct breaker;

/* rest_ms: the while. NULL when there is no memory. The caller owns it. */
struct breaker *breaker_new(long rest_ms);
void breaker_free(struct breaker *breaker);

/* Whether to ask now. Whoever asks may tell how it went, or not. */
bool breaker_asks(struct breaker *breaker);

/* wait_ms: how long it wants to be left alone from now on; 0: it said nothing
 * of that. */
void breaker_told(struct breaker *breaker, bool worked, long wait_ms);

#endif
