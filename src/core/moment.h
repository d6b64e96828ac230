/* Times as others write them. */
#ifndef GATEHOUSE_CORE_MOMENT_H
#define GATEHOUSE_CORE_MOMENT_H

#include <stdbool.h>
#include <time.h>

struct arena;

/* A day, for its first moment in UTC, or a day and a time as RFC 3339 has them,
 * UTC without an offset. Never 0. False for anything else. */
bool moment_read(struct arena *mem, const char *text, time_t *moment);

/* A moment as RFC 3339 has it, in UTC, to the second; of mem. */
const char *moment_text(struct arena *mem, time_t moment);

#endif
