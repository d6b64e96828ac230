/* Which gateway a client means by "resource" (RFC 8707). */
#ifndef GATEHOUSE_OAUTH_RESOURCE_H
#define GATEHOUSE_OAUTH_RESOURCE_H

#include "core/fault.h"

struct oauth_server;
struct request;

/* Whether a resource is the gateway that was asked, in any spelling of it that
 * clients send: with and without the last slash, its second address /mcp, upper
 * case in scheme and host. NULL, which clients of 2025-03-26 send, is. Fault:
 * BAD_TARGET. */
CAN_FAIL resource_check(const struct request *req, const char *resource,
                        const struct oauth_server *server);

#endif
