#include "mcp/revision.h"

#include <string.h>

#include "core/text.h"

static const char *const names[REVISIONS] = {
	[REVISION_2025_03_26] = "2025-03-26",
	[REVISION_2025_06_18] = "2025-06-18",
	[REVISION_2025_11_25] = "2025-11-25",
	[REVISION_2026_07_28] = "2026-07-28",
};

const char *revision_name(enum revision revision)
{
	return names[revision];
}

bool revision_find(const char *name, enum revision *revision)
{
	for (enum revision i = 0; i < REVISIONS; i++) {
		if (!text_same(names[i], name))
			continue;
		*revision = i;
		return true;
	}
	return false;
}

/* A field that a revision brought. */
struct rule {
	const char *method; /* NULL: every method */
	const char *place;  /* names joined by '.', [] for each item */
	const char *field;
	enum revision since;
};

// clang-format off
static const struct rule rules[] = {
	/* method                   place                        field               since */
	{ NULL,                     "",                          "resultType",        REVISION_2026_07_28 },
	{ NULL,                     "",                          "ttlMs",             REVISION_2026_07_28 },
	{ NULL,                     "",                          "cacheScope",        REVISION_2026_07_28 },
	{ NULL,                     "_meta",                     SERVER_INFO,         REVISION_2026_07_28 },
	{ "initialize",             "serverInfo",                "title",             REVISION_2025_06_18 },
	{ "initialize",             "serverInfo",                "description",       REVISION_2025_11_25 },
	{ "initialize",             "serverInfo",                "websiteUrl",        REVISION_2025_11_25 },
	{ "initialize",             "serverInfo",                "icons",             REVISION_2025_11_25 },
	{ "initialize",             "capabilities",              "extensions",        REVISION_2026_07_28 },
	{ "tools/list",             "tools[]",                   "title",             REVISION_2025_06_18 },
	{ "tools/list",             "tools[]",                   "outputSchema",      REVISION_2025_06_18 },
	{ "tools/list",             "tools[]",                   "_meta",             REVISION_2025_06_18 },
	{ "tools/list",             "tools[]",                   "icons",             REVISION_2025_11_25 },
	{ "tools/call",             "",                          "structuredContent", REVISION_2025_06_18 },
	{ "tools/call",             "content[]",                 "_meta",             REVISION_2025_06_18 },
	{ "tools/call",             "content[]",                 "icons",             REVISION_2025_11_25 },
	{ "tools/call",             "content[].annotations",     "lastModified",      REVISION_2025_06_18 },
	{ "tools/call",             "content[].resource",        "_meta",             REVISION_2025_06_18 },
	{ "resources/list",         "resources[]",               "title",             REVISION_2025_06_18 },
	{ "resources/list",         "resources[]",               "_meta",             REVISION_2025_06_18 },
	{ "resources/list",         "resources[]",               "icons",             REVISION_2025_11_25 },
	{ "resources/list",         "resources[].annotations",   "lastModified",      REVISION_2025_06_18 },
	{ "resources/templates/list", "resourceTemplates[]",     "title",             REVISION_2025_06_18 },
	{ "resources/templates/list", "resourceTemplates[]",     "_meta",             REVISION_2025_06_18 },
	{ "resources/templates/list", "resourceTemplates[]",     "icons",             REVISION_2025_11_25 },
	{ "resources/read",         "contents[]",                "_meta",             REVISION_2025_06_18 },
	{ "prompts/list",           "prompts[]",                 "title",             REVISION_2025_06_18 },
	{ "prompts/list",           "prompts[]",                 "_meta",             REVISION_2025_06_18 },
	{ "prompts/list",           "prompts[]",                 "icons",             REVISION_2025_11_25 },
	{ "prompts/list",           "prompts[].arguments[]",     "title",             REVISION_2025_06_18 },
	{ "prompts/get",            "messages[].content",        "_meta",             REVISION_2025_06_18 },
	{ "prompts/get",            "messages[].content",        "icons",             REVISION_2025_11_25 },
	{ "prompts/get",            "messages[].content.annotations", "lastModified", REVISION_2025_06_18 },
	{ "prompts/get",            "messages[].content.resource", "_meta",           REVISION_2025_06_18 },
	{ 0 },
};
// clang-format on

/* Calls deed(tree at each place, field). */
static void each_place(json_object *tree, const char *place, const char *field,
                       void (*deed)(json_object *tree, const char *field))
{
	char name[64];
	size_t length = strcspn(place, ".[");

	if (*place == '\0') {
		deed(tree, field);
		return;
	}
	if (length >= sizeof name)
		return;
	memcpy(name, place, length);
	name[length] = '\0';
	tree = js_get(tree, name);
	place += length;

	bool each = text_starts(place, "[]");
	place += each ? 2 : 0;
	place += *place == '.';
	if (!each)
		each_place(tree, place, field, deed);
	for (size_t i = 0; each && i < js_count(tree); i++)
		each_place(js_item(tree, i), place, field, deed);
}

static void drop(json_object *tree, const char *field)
{
	if (js_is_object(tree))
		js_drop(tree, field);
}

/* A client that does not know links reads the address as text. */
static void link_to_text(json_object *content, const char *field)
{
	json_object *uri = js_get(content, "uri");

	(void)field;
	if (!text_same(js_text(js_get(content, "type")), "resource_link"))
		return;
	js_put_text(content, "type", "text");
	js_put(content, "text", uri);
	js_drop(content, "uri");
	js_drop(content, "name");
	js_drop(content, "title");
	js_drop(content, "description");
	js_drop(content, "mimeType");
	js_drop(content, "size");
}

void revision_strip(enum revision revision, const char *method,
                    json_object *result)
{
	for (const struct rule *rule = rules; rule->place; rule++) {
		if (revision >= rule->since)
			continue;
		if (!rule->method || text_same(rule->method, method))
			each_place(result, rule->place, rule->field, drop);
	}
	if (revision < REVISION_2025_06_18) {
		each_place(result, "content[]", NULL, link_to_text);
		each_place(result, "messages[].content", NULL, link_to_text);
	}
	/* an empty _meta says nothing */
	if (js_is_object(js_get(result, "_meta")) &&
	    js_count(js_get(result, "_meta")) == 0)
		js_drop(result, "_meta");
}
