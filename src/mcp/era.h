/* Which revision a message is in, decided once (security MC-7).
 *
 * The body decides: params._meta that names a protocol version is the newest
 * way of speaking, anything else an older one. The header
 * MCP-Protocol-Version is a cross-check only; a proxy that strips it must not
 * change what a message means. */
#ifndef GATEHOUSE_MCP_ERA_H
#define GATEHOUSE_MCP_ERA_H

#include <stdbool.h>

#include "core/fault.h"
#include "core/json.h"
#include "mcp/revision.h"

struct request;
struct turn;

#define META_VERSION "io.modelcontextprotocol/protocolVersion"
#define META_CAPABILITIES "io.modelcontextprotocol/clientCapabilities"
#define META_LOG_LEVEL "io.modelcontextprotocol/logLevel"

/* Whether a message, request or notification, claims a version itself. */
bool era_claimed(json_object *message);

/* The revision that the header alone tells: the oldest when it is absent.
 * False when it names one that is not spoken here. */
bool era_of_header(const struct request *req, enum revision *revision);

/* Sets turn->revision of a request and checks what must agree: the members of
 * _meta, the version, the headers, in that order. Faults: BAD_FIELD,
 * HEADER_MISMATCH, BAD_REVISION (with data), BAD_REQUEST, told. */
CAN_FAIL era_of_request(struct turn *turn);

/* The same for a notification: a header may not contradict. */
CAN_FAIL era_of_notification(struct turn *turn);

#endif
