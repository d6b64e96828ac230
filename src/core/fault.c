#include "core/fault.h"

#include <assert.h>
#include <stdarg.h>

#include "core/arena.h"
#include "core/text.h"

static const struct fault_row rows[] = {
#define FAULT(name, http, rpc, told) { #name, http, rpc, told },
#include "core/faults.def"
#undef FAULT
};

const struct fault_row *fault_row(enum fault_kind kind)
{
	assert(kind < FAULT_KINDS);
	return &rows[kind];
}

struct fault *fault_new(struct arena *mem, enum fault_kind kind,
                        const char *where, const char *note, ...)
{
	struct fault *new = arena_alloc(mem, sizeof(*new));
	va_list args;

	va_start(args, note);
	*new = (struct fault){
		.kind = kind,
		.told = fault_row(kind)->told,
		.note = text_vformat(mem, note, args),
		.where = where,
	};
	va_end(args);
	return new;
}

struct fault *fault_new_told(struct arena *mem, enum fault_kind kind,
                             const char *where, const char *told, ...)
{
	struct fault *new = arena_alloc(mem, sizeof(*new));
	va_list args;

	va_start(args, told);
	new->kind = kind;
	new->told = text_vformat(mem, told, args);
	new->note = "";
	new->where = where;
	va_end(args);
	return new;
}
