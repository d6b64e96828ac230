#include "core/text.h"
#include "sources/registry.h"
#include "sources/source.h"

static const char *subject_type_wrong(const char *value)
{
	if (text_same(value, "user") || text_same(value, "enterprise"))
		return NULL;
	return "must be user or enterprise.";
}

static const struct kind_setting settings[] = {
	{ "box_client_id", true, false, 255, "The id of the Box app.", NULL },
	{ "box_client_secret", true, true, 1024,
	  "The secret of the Box app (client credentials grant).", NULL },
	{ "box_subject_type", true, false, 20,
	  "Whom the app acts as: user or enterprise.", subject_type_wrong },
	{ "box_subject_id", true, false, 255,
	  "The id of that user or enterprise.", NULL },
	{ 0 },
};

/* Searching and fetching come with the outbound calls they need. */
const struct source_kind box_kind = {
	.name = "box",
	.label = "Box",
	.settings = settings,
};
