/* The compact form of signed tokens: three segments of base64url (RFC 7515
 * 7.1), read before any library sees them (security JW-6). */
#ifndef GATEHOUSE_AUTH_COMPACT_H
#define GATEHOUSE_AUTH_COMPACT_H

#include <stddef.h>

#include "core/fault.h"
#include "core/json.h"

struct arena;

struct segment {
	const char *text; /* lent by the token; no NUL after it */
	size_t size;
};

struct compact {
	struct segment header;
	struct segment payload;
	struct segment signature;
};

/* Three segments, none empty, and nothing else, in at most `most` bytes.
 * compact: set. Fault: BAD_TOKEN. */
CAN_FAIL compact_read(struct arena *mem, const char *token, size_t most,
                      struct compact *compact);

/* A segment as a JSON object, by our own strict reader, since libraries keep
 * the last of two members with one name. tree: set, of mem. Fault: BAD_TOKEN. */
CAN_FAIL compact_json(struct arena *mem, const struct segment *segment,
                      json_object **tree);

#endif
