/* The strict check of JSON text before json-c sees it.
 *
 * json-c 0.16 takes overlong UTF-8, duplicate names, U+0000 in names, lone
 * surrogates, NaN, single quotes and raw control characters; this refuses them
 * all (security RP-1 to RP-7; RFC 8259, RFC 7493) and keeps the bounds. It
 * allocates nothing but the names of open objects. */
#ifndef GATEHOUSE_CORE_JSON_CHECK_H
#define GATEHOUSE_CORE_JSON_CHECK_H

#include <stddef.h>

#include "core/fault.h"

struct arena;

enum {
	JSON_DEPTH = 32,      /* open arrays and objects */
	JSON_MEMBERS = 1000,  /* of one object */
	JSON_VALUES = 10000,  /* in the whole text */
};

/* Checks size bytes as exactly one JSON text. Fault: BAD_JSON, whose 'told'
 * names what is wrong and at which byte, and repeats nothing of the input. */
CAN_FAIL json_check(struct arena *mem, const char *bytes, size_t size);

#endif
