/* How many may do something costly at once. The others wait in the order they
 * came, and not too many of them: a flood is refused, not queued (AC-7). */
#ifndef GATEHOUSE_CORE_SLOTS_H
#define GATEHOUSE_CORE_SLOTS_H

#include <stdbool.h>

#include "core/deadline.h"

struct slots;

/* at_once: holders at the same time; most_waiting: those behind them. NULL
 * when there is no memory. The caller owns it. */
struct slots *slots_new(long at_once, long most_waiting);
void slots_free(struct slots *slots);

/* Waits for a slot; false when the deadline has come or too many wait. Every
 * true is followed by a slots_give_back(). */
bool slots_borrow(struct slots *slots, struct deadline deadline);
void slots_give_back(struct slots *slots);

#endif
