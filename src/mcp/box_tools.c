#include "mcp/box_tools.h"

#include "core/text.h"
#include "mcp/offer.h"
#include "mcp/turn.h"
#include "search/id.h"
#include "search/search.h"
#include "sources/box_list.h"
#include "sources/registry.h"
#include "web/request.h"

static const char list_input[] =
	"{\"type\":\"object\",\"properties\":{"
	"\"folder\":{\"type\":\"string\",\"description\":\"The id of a folder, "
	"as search or this tool gave it, or Box's own number of one. Left out: "
	"the topmost folder.\",\"minLength\":1,\"maxLength\":1000},"
	"\"from\":{\"type\":\"integer\",\"description\":\"The next of an "
	"earlier answer, for the items after it.\",\"minimum\":1,"
	"\"maximum\":10000},"
	"\"source\":{\"type\":\"string\",\"description\":\"The id of a source "
	"of type box; needed only where there are several and the folder is "
	"no id of search's.\",\"minLength\":1,\"maxLength\":100}},"
	"\"additionalProperties\":false}";

static const char list_output[] =
	"{\"type\":\"object\",\"properties\":{"
	"\"folder\":{\"type\":\"object\",\"properties\":{"
	"\"id\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"},"
	"\"path\":{\"type\":\"string\"},"
	"\"url\":{\"type\":\"string\",\"description\":\"Cite this.\"}},"
	"\"required\":[\"name\",\"url\"]},"
	"\"entries\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
	"\"properties\":{"
	"\"id\":{\"type\":\"string\",\"description\":\"Give this to fetch, or "
	"a folder's to this tool.\"},"
	"\"name\":{\"type\":\"string\"},"
	"\"type\":{\"type\":\"string\",\"enum\":[\"file\",\"folder\","
	"\"link\"]},"
	"\"size\":{\"type\":\"integer\",\"description\":\"In bytes.\"},"
	"\"time\":{\"type\":\"string\",\"description\":\"Last changed.\"}},"
	"\"required\":[\"name\",\"type\"]}},"
	"\"total\":{\"type\":\"integer\"},"
	"\"next\":{\"type\":\"integer\",\"description\":\"There are more: give "
	"this as from.\"}},"
	"\"required\":[\"folder\",\"entries\",\"total\"]}";

/* The folder and the source of the arguments: an id of search's names both.
 * native: set to the folder's native id, "" for none. */
static CAN_FAIL read_folder(struct turn *turn, const char **source,
                            const char **native)
{
	const char *folder = js_text(js_get(turn->arguments, "folder"));
	struct item_id id;

	*source = js_text(js_get(turn->arguments, "source"));
	*native = folder ? folder : "";
	if (!folder || text_starts(folder, "folder-"))
		return NULL;
	if (!item_id_read(turn->mem, folder, &id)) {
		*native = text_format(turn->mem, "folder-%s", folder);
		return NULL;
	}
	if (!text_same(id.type, box_kind.name) ||
	    (*source && !text_same(id.source, *source)))
		return fault(turn->mem, FAULT_NO_ITEM, "of another source");
	*source = id.source;
	*native = id.native;
	return NULL;
}

static void put_folder(struct turn *turn, const struct job *job,
                       const char *native)
{
	json_object *facts = job->item->metadata, *answer, *folder;

	answer = js_object(turn->mem);
	folder = js_put_object(answer, "folder");
	if (*native)
		js_put_text(folder, "id", item_id_of(turn->mem, job, native));
	js_put_text(folder, "name", job->item->title);
	if (js_has(facts, "path"))
		js_put_text(folder, "path", js_text(js_get(facts, "path")));
	js_put_text(folder, "url", job->item->url);
	js_put(answer, "entries", js_get(facts, "entries"));
	js_put_integer(answer, "total", js_integer(js_get(facts, "total")));
	if (js_has(facts, "next"))
		js_put_integer(answer, "next",
		               js_integer(js_get(facts, "next")));
	turn_structured(turn, answer);
}

static CAN_FAIL list_folder(struct turn *turn)
{
	json_object *from = js_get(turn->arguments, "from");
	const char *source, *native;
	struct job job;

	TRY(read_folder(turn, &source, &native));
	TRY(search_tool_job(turn->req, &box_kind, source, &job));
	job.id = native;
	if (from)
		job.id = text_format(turn->mem, "%s@%lld", native,
		                     (long long)js_integer(from));
	TRY(search_tool_run(turn->req, &job, box_list));
	put_folder(turn, &job, native);
	return NULL;
}

static const struct offer_tool tools[] = {
	{
		.name = "box_list_folder",
		.title = "List a folder of Box",
		.description =
			"Lists the files and folders in a folder of Box, with "
			"names, types, sizes and the ids that fetch takes. Use "
			"search to find a folder by its name: type:folder and "
			"words of it.",
		.input = list_input,
		.output = list_output,
		.hints = READ_ONLY | IDEMPOTENT,
		.answer = list_folder,
	},
	{ 0 },
};

const struct offer box_offer = {
	.kind = "box",
	.tools = tools,
};
