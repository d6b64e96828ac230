#include "oauth/resource.h"

#include <string.h>

#include "core/text.h"
#include "oauth/client.h"
#include "web/request.h"

CAN_FAIL resource_check(const struct request *req, const char *resource,
                        const struct oauth_server *server)
{
	static const char *const paths[] = { "", "/", "/mcp", "/mcp/" };
	size_t size = strlen(server->issuer);
	const char *origin;

	if (!resource)
		return NULL;
	origin = text_copy_n(req->mem, resource, strnlen(resource, size));
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		if (text_same_ascii(origin, server->issuer) &&
		    text_same(resource + size, paths[i]))
			return NULL;
	return fault(req->mem, FAULT_BAD_TARGET, "another resource");
}
