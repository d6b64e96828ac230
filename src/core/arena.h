/* Memory of one piece of work, mostly one request.
 *
 * Everything allocated from an arena ends with it, all at once; things that
 * are not plain memory join it by arena_defer() and are cleared newest first.
 * Allocation zeroes and never returns NULL: without memory the process says so
 * and ends, and its supervisor starts another. An arena belongs to one thread
 * at a time. */
#ifndef GATEHOUSE_CORE_ARENA_H
#define GATEHOUSE_CORE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* A new arena. limit: the bytes after which arena_full() says so; it is a
 * net below the bounds at the doors, not a hard stop. The caller owns it. */
struct arena *arena_new(size_t limit);

/* Clears what was deferred, newest first, and frees everything. NULL is fine. */
void arena_free(struct arena *mem);

/* Clears and empties the arena but keeps its first block, wiped, for the next
 * use. */
void arena_reset(struct arena *mem);

/* size zeroed bytes, aligned for any type; lives until the arena ends. */
void *arena_alloc(struct arena *mem, size_t size)
	__attribute__((malloc, returns_nonnull, alloc_size(2)));

/* The same for count items of size bytes; an overflow ends the process. */
void *arena_array(struct arena *mem, size_t count, size_t size)
	__attribute__((malloc, returns_nonnull, alloc_size(2, 3)));

/* Calls clear(thing) when the arena ends or is reset. */
void arena_defer(struct arena *mem, void (*clear)(void *), void *thing);

/* Whether more than the limit was taken. */
bool arena_full(const struct arena *mem);

/* Bytes handed out since the arena was new or reset. */
size_t arena_used(const struct arena *mem);

#endif
