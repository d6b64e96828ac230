#include "core/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 8192 };

struct block {
	struct block *next;
	size_t room;
	size_t used;
	_Alignas(max_align_t) char bytes[];
};

struct deferred {
	struct deferred *next;
	void (*clear)(void *);
	void *thing;
};

struct arena {
	struct block *blocks; /* the one in use first */
	struct deferred *deferred;
	size_t limit;
	size_t used;
};

static void *must(void *memory)
{
	static const char line[] = "gatehouse: out of memory\n";

	if (!memory) {
		fwrite(line, 1, sizeof(line) - 1, stderr);
		abort();
	}
	return memory;
}

/* Blocks are taken uncleared: arena_alloc zeroes what it hands out, since a
 * block that arena_reset() kept is dirty anyway. */
static struct block *block_new(size_t room, struct block *next)
{
	struct block *block = must(malloc(sizeof(*block) + room));

	*block = (struct block){ .next = next, .room = room };
	return block;
}

struct arena *arena_new(size_t limit)
{
	struct arena *mem = must(calloc(1, sizeof(*mem)));

	mem->limit = limit;
	mem->blocks = block_new(BLOCK, NULL);
	return mem;
}

static void clear_deferred(struct arena *mem)
{
	while (mem->deferred) {
		struct deferred *first = mem->deferred;

		mem->deferred = first->next;
		first->clear(first->thing);
	}
}

/* Frees all blocks but the oldest. */
static void free_blocks(struct arena *mem)
{
	while (mem->blocks->next) {
		struct block *block = mem->blocks;

		mem->blocks = block->next;
		free(block);
	}
}

void arena_reset(struct arena *mem)
{
	clear_deferred(mem);
	free_blocks(mem);
	/* As core/wipe.h does with what was freed. */
	explicit_bzero(mem->blocks->bytes, mem->blocks->used);
	mem->blocks->used = 0;
	mem->used = 0;
}

void arena_free(struct arena *mem)
{
	if (!mem)
		return;
	clear_deferred(mem);
	free_blocks(mem);
	free(mem->blocks);
	free(mem);
}

void *arena_alloc(struct arena *mem, size_t size)
{
	const size_t unit = _Alignof(max_align_t);
	struct block *block = mem->blocks;
	void *memory;

	assert(size < SIZE_MAX / 2);
	size = (size + unit - 1) / unit * unit;
	if (block->room - block->used < size) {
		block = block_new(size > BLOCK ? size : BLOCK, block);
		mem->blocks = block;
	}
	memory = block->bytes + block->used;
	block->used += size;
	mem->used += size;
	return memset(memory, 0, size);
}

void *arena_array(struct arena *mem, size_t count, size_t size)
{
	assert(size == 0 || count <= SIZE_MAX / 2 / size);
	return arena_alloc(mem, count * size);
}

void arena_defer(struct arena *mem, void (*clear)(void *), void *thing)
{
	struct deferred *first = arena_alloc(mem, sizeof(*first));

	*first = (struct deferred){ mem->deferred, clear, thing };
	mem->deferred = first;
}

bool arena_full(const struct arena *mem)
{
	return mem->used > mem->limit;
}

size_t arena_used(const struct arena *mem)
{
	return mem->used;
}
