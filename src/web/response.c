#include "web/response.h"

#include <assert.h>
#include <string.h>

#include "core/arena.h"
#include "core/text.h"

void response_json(struct response *out, int status, json_object *json)
{
	out->status = status;
	out->json = json;
}

void response_header(struct response *out, const char *name, const char *value)
{
	struct header *header = arena_alloc(out->mem, sizeof(*header));
	struct header **last = &out->headers;

	assert(!strpbrk(value, "\r\n"));
	assert(!text_same_ascii(name, "X-Accel-Redirect"));
	*header = (struct header){ name, value, NULL };
	while (*last)
		last = &(*last)->next;
	*last = header;
}
