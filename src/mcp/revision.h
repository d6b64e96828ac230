/* The revisions of MCP that are spoken here, and which fields each may see.
 *
 * Answers are made as the newest revision has them; revision_strip() takes
 * away what an older one does not know. Which revision a request is in is
 * decided once (mcp/era.h). */
#ifndef GATEHOUSE_MCP_REVISION_H
#define GATEHOUSE_MCP_REVISION_H

#include <stdbool.h>

#include "core/json.h"

struct arena;

/* In order of time. */
enum revision {
	REVISION_2025_03_26,
	REVISION_2025_06_18,
	REVISION_2025_11_25,
	REVISION_2026_07_28,
	REVISIONS
};

/* The newest that begins with a handshake, and the first that does not. */
#define REVISION_HANDSHAKE REVISION_2025_11_25
#define REVISION_MODERN REVISION_2026_07_28

#define SERVER_INFO "io.modelcontextprotocol/serverInfo"

/* "2025-11-25" */
const char *revision_name(enum revision revision);

/* The revision of a name; false when it is not spoken here. */
bool revision_find(const char *name, enum revision *revision);

/* Takes away the fields of a method's result that came after a revision, and
 * turns resource links into text where they are not known. */
void revision_strip(enum revision revision, const char *method,
                    json_object *result);

#endif
