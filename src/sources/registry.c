#include "sources/registry.h"

#include <stddef.h>

const struct source_kind *const registry[] = {
	&documents_kind, &outlook_kind, &snowflake_kind, &box_kind, NULL,
};
