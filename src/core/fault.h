/* Failures as values.
 *
 * A function that can fail returns CAN_FAIL: NULL for success, else a fault of
 * the arena it was given. Every way to fail is one line of faults.def, which
 * fixes what the caller is told; the text formatted where it happened goes to
 * the log only, so nothing internal leaks by accident. A fault is logged once,
 * where it becomes an answer. */
#ifndef GATEHOUSE_CORE_FAULT_H
#define GATEHOUSE_CORE_FAULT_H

#include <stdbool.h>

struct arena;

enum fault_kind {
#define FAULT(name, http, rpc, told) FAULT_##name,
#include "core/faults.def"
#undef FAULT
	FAULT_KINDS
};

struct fault {
	enum fault_kind kind;
	const char *told;  /* what the caller reads */
	const char *note;  /* what the log keeps */
	const char *where; /* the function that noticed */
	int retry_after;   /* seconds, 0 for none */
};

/* What faults.def says of one kind. */
struct fault_row {
	const char *name; /* "BAD_FIELD" */
	int http;
	int rpc;
	const char *told;
};

#define CAN_FAIL __attribute__((warn_unused_result)) struct fault *

/* Passes a fault on to the caller; the only macro that hides a return. */
#define TRY(call)                                                              \
	do {                                                                   \
		struct fault *fault_ = (call);                                 \
		if (fault_)                                                    \
			return fault_;                                         \
	} while (0)

/* A fault whose text (printf form) goes to the log; the caller reads what the
 * table says. */
#define fault(mem, kind, ...)                                                  \
	fault_there(fault_new(mem, kind, __func__, __VA_ARGS__))

/* A fault whose text is told to the caller, where a contract fixes wording
 * with a value in it. Never give it anything internal. */
#define fault_told(mem, kind, ...)                                             \
	fault_there(fault_new_told(mem, kind, __func__, __VA_ARGS__))

struct fault *fault_new(struct arena *mem, enum fault_kind kind,
                        const char *where, const char *note, ...)
	__attribute__((format(printf, 4, 5)));
struct fault *fault_new_told(struct arena *mem, enum fault_kind kind,
                             const char *where, const char *told, ...)
	__attribute__((format(printf, 4, 5)));

/* Never NULL: so that analysers, too, see that nothing goes on after a fault.
 * Those of gcc 12 and clang 14 take no notice of the attribute for it. */
static inline struct fault *fault_there(struct fault *made)
{
	if (!made)
		__builtin_unreachable();
	return made;
}

/* The row of a kind. */
const struct fault_row *fault_row(enum fault_kind kind);

#endif
