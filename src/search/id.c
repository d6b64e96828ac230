#include "search/id.h"

#include <string.h>

#include "core/text.h"
#include "sources/source.h"

#define BETWEEN "::"

enum { TYPE_MOST = 32, NATIVE_MOST = 1000 };

const char *item_id_print(struct arena *mem, const struct item_id *id)
{
	return text_format(mem, "%s" BETWEEN "%s" BETWEEN "%s", id->type,
	                   id->source, id->native);
}

const char *item_id_of(struct arena *mem, const struct job *job,
                       const char *native)
{
	struct item_id id = { job->source->kind->name, job->source->id,
		              native };

	return item_id_print(mem, &id);
}

bool item_id_read(struct arena *mem, const char *text, struct item_id *id)
{
	size_t type = strspn(text, "abcdefghijklmnopqrstuvwxyz_");
	const char *source, *end;

	if (type == 0 || type > TYPE_MOST || !text_starts(text + type, BETWEEN))
		return false;
	source = text + type + strlen(BETWEEN);
	end = strstr(source, BETWEEN);
	if (!end)
		return false;
	id->type = text_copy_n(mem, text, type);
	id->source = text_copy_n(mem, source, (size_t)(end - source));
	id->native = text_copy(mem, end + strlen(BETWEEN));
	return text_same(text_uuid(mem, id->source), id->source) &&
	       *id->native && strlen(id->native) <= NATIVE_MOST;
}
