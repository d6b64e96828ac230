/* The JSON-RPC methods, a table. */
#ifndef GATEHOUSE_MCP_METHOD_H
#define GATEHOUSE_MCP_METHOD_H

#include <stdbool.h>

#include "core/fault.h"

struct turn;

enum era {
	LEGACY = 1, /* revisions that begin with a handshake */
	MODERN = 2,
};

struct method {
	const char *name;
	unsigned eras;        /* enum era */
	unsigned needs;       /* enum offer_capability, or 0 */
	const char *named_by; /* the member that Mcp-Name repeats, or NULL */
	long ttl_ms;          /* how long a result may be kept; -1: not at all */
	bool rounds;          /* may answer with questions to the user */
	CAN_FAIL (*answer)(struct turn *turn);
};

/* The row of a name; NULL for an unknown one. */
const struct method *method_find(const char *name);

/* Whether the asked server has it, in the era and with the capability. */
bool method_offered(const struct turn *turn, const struct method *method);

#endif
