/* Memory that ends with its work, and faults made of it. */
#include "core/arena.h"

#include <stdint.h>

#include "core/text.h"
#include "check.h"

static char order[8];
static size_t cleared;

static void note(void *letter)
{
	order[cleared++] = *(char *)letter;
}

static bool zeroed(const unsigned char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i])
			return false;
	return true;
}

static void memory(struct arena *mem)
{
	unsigned char *first = arena_alloc(mem, 100);
	unsigned char *large = arena_alloc(mem, 100000);

	CHECK(zeroed(first, 100) && zeroed(large, 100000));
	CHECK((uintptr_t)arena_alloc(mem, 1) % _Alignof(max_align_t) == 0);
	memset(first, 'x', 100);
	memset(large, 'x', 100000);
	CHECK(arena_used(mem) >= 100100);
	CHECK(arena_full(mem));
	arena_reset(mem);
	CHECK_INT(arena_used(mem), 0);
	CHECK(!arena_full(mem));
	CHECK(zeroed(arena_alloc(mem, 8000),
	             8000)); /* the kept block was dirty */
}

static void deferred(struct arena *mem)
{
	char letters[] = "abc";

	arena_defer(mem, note, &letters[0]);
	arena_defer(mem, note, &letters[1]);
	arena_defer(mem, note, &letters[2]);
	arena_reset(mem);
	CHECK_TEXT(order, "cba");
	arena_reset(mem);
	CHECK_INT(cleared, 3);
}

/* What a caller reads is fixed by the table; what happened goes to the log. */
static void faults(struct arena *mem)
{
	struct fault *secret = fault(mem, FAULT_NO_DATABASE, "host %s", "db7");
	struct fault *told = fault_told(mem, FAULT_BAD_FIELD, "name: %d", 3);

	CHECK_FAULT(secret, NO_DATABASE);
	CHECK_TEXT(secret->note, "host db7");
	CHECK_TEXT(secret->told, fault_row(FAULT_NO_DATABASE)->told);
	CHECK(!strstr(secret->told, "db7"));
	CHECK_TEXT(secret->where, "faults");
	CHECK_TEXT(told->told, "name: 3");
	CHECK_INT(fault_row(FAULT_NO_DOMAIN)->http, 503);
	for (int kind = 0; kind < FAULT_KINDS; kind++) {
		const struct fault_row *row = fault_row((enum fault_kind)kind);

		CHECK_ROW(row->http >= 400 && row->http < 600 && row->rpc < 0 &&
		                  row->told[0],
		          row->name);
	}
}

int main(void)
{
	struct arena *mem = arena_new(50000);

	memory(mem);
	deferred(mem);
	faults(mem);
	arena_free(mem);
	arena_free(NULL);
	return check_end();
}
