#include "core/wipe.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#ifdef GATEHOUSE_SANITIZED

const bool wipe_on_free = false;

#else

const bool wipe_on_free = true;

/* glibc's own, by the name it keeps for programs that bring a free(). */
extern void __libc_free(void *memory);

void free(void *memory)
{
	if (memory)
		explicit_bzero(memory, malloc_usable_size(memory));
	__libc_free(memory);
}

/* glibc's would move a block and leave the old one as it is. */
void *realloc(void *memory, size_t size)
{
	size_t had = memory ? malloc_usable_size(memory) : 0;
	void *moved;

	if (memory && size <= had && size > had / 2)
		return memory;
	moved = memory && size == 0 ? NULL : malloc(size);
	if (!moved && size > 0)
		return NULL;
	if (moved && memory)
		memcpy(moved, memory, size < had ? size : had);
	free(memory);
	return moved;
}

#endif
