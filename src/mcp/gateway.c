#include "mcp/gateway.h"

#include "core/text.h"
#include "mcp/items.h"
#include "mcp/offer.h"
#include "mcp/questions.h"
#include "mcp/shape.h"
#include "mcp/turn.h"
#include "search/search.h"
#include "web/request.h"

/* search and fetch have one argument each and no more: a further, even optional
 * one breaks the match that company knowledge looks for. So further pages have
 * a tool of their own. */
static const char search_input[] =
	"{\"type\":\"object\",\"properties\":{\"query\":{\"type\":\"string\","
	"\"description\":\"What to look for, in a few plain words. Quote a "
	"phrase to find it as it stands; put a minus before a word to leave "
	"out what has it.\",\"minLength\":1,\"maxLength\":1000}},"
	"\"required\":[\"query\"],\"additionalProperties\":false}";

static const char search_output[] =
	"{\"type\":\"object\",\"properties\":{"
	"\"results\":{\"type\":\"array\",\"description\":\"Best first.\","
	"\"items\":{\"type\":\"object\",\"properties\":{"
	"\"id\":{\"type\":\"string\",\"description\":\"Give this to fetch.\"},"
	"\"title\":{\"type\":\"string\"},"
	"\"url\":{\"type\":\"string\",\"description\":\"Cite this.\"},"
	"\"text\":{\"type\":\"string\",\"description\":\"A passage that "
	"matches.\"},"
	"\"metadata\":{\"type\":\"object\",\"description\":\"Source, kind and "
	"other facts.\"}},"
	"\"required\":[\"id\",\"title\",\"url\"]}}," SOURCES_SHAPE ","
	"\"next_cursor\":{\"type\":\"string\",\"description\":\"There are "
	"more: "
	"give this to search_more.\"},"
	"\"cut\":{\"type\":\"string\",\"description\":\"What was left out, and "
	"what would help.\"}},"
	"\"required\":[\"results\"]}";

static const char more_input[] =
	"{\"type\":\"object\",\"properties\":{\"cursor\":{\"type\":\"string\","
	"\"description\":\"The next_cursor of search or search_more, "
	"unchanged.\",\"minLength\":1,\"maxLength\":24000}},"
	"\"required\":[\"cursor\"],\"additionalProperties\":false}";

static const char fetch_input[] =
	"{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\","
	"\"description\":\"The id of a search result, unchanged.\","
	"\"minLength\":1,\"maxLength\":1000}},"
	"\"required\":[\"id\"],\"additionalProperties\":false}";

static const char fetch_output[] =
	"{\"type\":\"object\",\"properties\":{"
	"\"id\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
	"\"text\":{\"type\":\"string\",\"description\":\"The whole text.\"},"
	"\"url\":{\"type\":\"string\",\"description\":\"Cite this.\"},"
	"\"metadata\":{\"type\":\"object\",\"description\":\"Source, kind and "
	"other facts.\"}},"
	"\"required\":[\"id\",\"title\",\"text\",\"url\"]}";

/* Hands a tool's one argument to the search. Progress tells that the sources
 * are being asked, and that they have been. */
static CAN_FAIL ask(struct turn *turn, const char *argument,
                    CAN_FAIL (*question)(struct request *req, const char *value,
                                         json_object **answer),
                    const char *asking, const char *asked)
{
	const char *value = js_text(js_get(turn->arguments, argument));
	json_object *answer = NULL;

	TRY(turn_progress(turn, 0, 1, asking));
	TRY(question(turn->req, value, &answer));
	TRY(turn_progress(turn, 1, 1, asked));
	turn_structured(turn, answer);
	return NULL;
}

static CAN_FAIL search(struct turn *turn)
{
	return ask(turn, "query", search_sources, "Asking the sources.",
	           "The sources have answered.");
}

static CAN_FAIL more(struct turn *turn)
{
	return ask(turn, "cursor", search_more, "Asking the sources for more.",
	           "The sources have answered.");
}

static CAN_FAIL fetch(struct turn *turn)
{
	return ask(turn, "id", search_fetch, "Asking the source.",
	           "The source has answered.");
}

static const struct offer_tool tools[] = {
	{
		.name = "search",
		.title = "Search all sources",
		.description =
			"Searches all of the user's connected sources at once "
			"and returns the best results with id, title and url, "
			"and what each source contributed. Use fetch with a "
			"result's id to read the whole item.",
		.input = search_input,
		.output = search_output,
		.hints = READ_ONLY | IDEMPOTENT,
		.answer = search,
		.scope = "search",
		.counts_as = 2,
	},
	{
		.name = "fetch",
		.title = "Fetch one item",
		.description = "Returns the whole text of one item that search "
			       "found, with its title, url and metadata.",
		.input = fetch_input,
		.output = fetch_output,
		.hints = READ_ONLY | IDEMPOTENT,
		.answer = fetch,
		.scope = "fetch",
	},
	{
		.name = "search_more",
		.title = "More results of a search",
		.description =
			"Returns the next results of an earlier search, by "
			"the next_cursor it gave; no result comes twice. "
			"Prefer a narrower search where that would do.",
		.input = more_input,
		.output = search_output,
		.hints = READ_ONLY | IDEMPOTENT,
		.answer = more,
		.scope = "search",
		.counts_as = 2,
	},
	{ 0 },
};

static const struct offer_resource templates[] = {
	{
		.uri = "gatehouse://item/{id}",
		.name = "item",
		.title = "One item",
		.description = "The text of a document or search result, by "
			       "its id (percent-encoded).",
		.type = "text/plain",
		.read = item_read,
		.complete = item_complete,
	},
	{ 0 },
};

const struct offer gateway_offer = {
	.tools = tools,
	.prompts = questions,
	.templates = templates,
	.more = items_list,
};
