#include "check.h"

#include "core/arena.h"
#include "core/json.h"
#include "mcp/revision.h"

static struct arena *mem;

/* What is left of a result for a revision, as text. */
static const char *left(enum revision revision, const char *method,
                        const char *result)
{
	json_object *tree = js_literal(mem, result);

	revision_strip(revision, method, tree);
	return js_print(mem, tree);
}

#define RESULT(what)                                                           \
	"{" what ",\"resultType\":\"complete\",\"ttlMs\":1,"                   \
	"\"cacheScope\":\"private\",\"_meta\":{\"" SERVER_INFO "\":{}}}"

static void check_names(void)
{
	enum revision revision;

	CHECK_TEXT(revision_name(REVISION_MODERN), "2026-07-28");
	CHECK(revision_find("2025-06-18", &revision));
	CHECK_INT(revision, REVISION_2025_06_18);
	CHECK(!revision_find("2024-11-05", &revision));
	CHECK(!revision_find("", &revision));
	CHECK(!revision_find(NULL, &revision));
}

static void check_envelope(void)
{
	CHECK_TEXT(left(REVISION_2025_11_25, "ping", RESULT("\"a\":1")),
	           "{\"a\":1}");
	CHECK_TEXT(left(REVISION_2026_07_28, "ping", RESULT("\"a\":1")),
	           RESULT("\"a\":1"));
	CHECK_TEXT(left(REVISION_2025_06_18, "tools/call",
	                "{\"content\":[],\"_meta\":{\"x\":1}}"),
	           "{\"content\":[],\"_meta\":{\"x\":1}}");
}

static void check_tools(void)
{
	static const char list[] =
		"{\"tools\":[{\"name\":\"a\",\"title\":\"A\","
		"\"inputSchema\":{\"title\":\"kept\"},\"outputSchema\":{},"
		"\"annotations\":{\"title\":\"A\"},\"icons\":[],\"_meta\":{}}]}";

	CHECK_TEXT(left(REVISION_2025_03_26, "tools/list", list),
	           "{\"tools\":[{\"name\":\"a\","
	           "\"inputSchema\":{\"title\":\"kept\"},"
	           "\"annotations\":{\"title\":\"A\"}}]}");
	CHECK_TEXT(left(REVISION_2025_06_18, "tools/list", list),
	           "{\"tools\":[{\"name\":\"a\",\"title\":\"A\","
	           "\"inputSchema\":{\"title\":\"kept\"},\"outputSchema\":{},"
	           "\"annotations\":{\"title\":\"A\"},\"_meta\":{}}]}");
	CHECK_TEXT(left(REVISION_2025_11_25, "tools/list", list), list);
}

static void check_content(void)
{
	static const char result[] =
		"{\"content\":[{\"type\":\"resource_link\",\"uri\":\"x:y\","
		"\"name\":\"n\",\"annotations\":{\"priority\":1,"
		"\"lastModified\":\"t\"}}],\"structuredContent\":{}}";

	CHECK_TEXT(left(REVISION_2025_03_26, "tools/call", result),
	           "{\"content\":[{\"type\":\"text\","
	           "\"annotations\":{\"priority\":1},\"text\":\"x:y\"}]}");
	CHECK_TEXT(left(REVISION_2025_06_18, "tools/call", result), result);
}

/* Results come from tools of any kind: no shape may end the process. */
static void check_shapes(void)
{
	static const char *const shapes[] = {
		"{\"tools\":1}",         "{\"tools\":[1,null,\"a\",[]]}",
		"{\"tools\":{\"a\":1}}", "{\"_meta\":1}",
		"{\"content\":[null]}",  "{\"contents\":null}",
	};

	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		CHECK_TEXT(left(REVISION_2025_03_26, "tools/list", shapes[i]),
		           shapes[i]);
		CHECK_TEXT(left(REVISION_2025_03_26, "tools/call", shapes[i]),
		           shapes[i]);
	}
}

int main(void)
{
	mem = arena_new(1 << 20);
	check_names();
	check_envelope();
	check_tools();
	check_content();
	check_shapes();
	arena_free(mem);
	return check_end();
}
