#include "mcp/snowflake_tools.h"

#include "core/text.h"
#include "mcp/offer.h"
#include "mcp/turn.h"
#include "search/id.h"
#include "search/search.h"
#include "sources/registry.h"
#include "sources/snowflake_analyst.h"
#include "web/app.h"
#include "web/request.h"

enum {
	ASKING_MS = 45000, /* the model thinks for 5 to 20 seconds as a rule */
	STEPS = 2,
	AROUND = 2000, /* characters of an answer beside its rows */
};

static const char ask_input[] =
	"{\"type\":\"object\",\"properties\":{"
	"\"question\":{\"type\":\"string\",\"description\":\"A question about "
	"numbers or facts of the data, in plain words: revenue per region last "
	"month.\",\"minLength\":1,\"maxLength\":1000},"
	"\"source\":{\"type\":\"string\",\"description\":\"The id of a source "
	"of type snowflake; needed only where there are several.\","
	"\"minLength\":1,\"maxLength\":100}},"
	"\"required\":[\"question\"],\"additionalProperties\":false}";

static const char ask_output[] =
	"{\"type\":\"object\",\"properties\":{"
	"\"text\":{\"type\":\"string\",\"description\":\"How the question was "
	"understood.\"},"
	"\"statement\":{\"type\":\"string\",\"description\":\"The SQL that was "
	"run.\"},"
	"\"columns\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
	"\"rows\":{\"type\":\"array\",\"items\":{\"type\":\"array\",\"items\":{"
	"\"type\":\"string\"}}},"
	"\"more\":{\"type\":\"boolean\",\"description\":\"There are more "
	"rows.\"},"
	"\"id\":{\"type\":\"string\",\"description\":\"fetch opens the rows "
	"again.\"},"
	"\"url\":{\"type\":\"string\",\"description\":\"Cite this.\"},"
	"\"suggestions\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},"
	"\"description\":\"Questions that can be answered, where this one "
	"cannot.\"},"
	"\"metadata\":{\"type\":\"object\",\"description\":\"Source and "
	"kind.\"}},"
	"\"required\":[\"text\"]}";

static CAN_FAIL job_of(struct turn *turn, struct job *job)
{
	TRY(search_tool_job(turn->req, &snowflake_kind,
	                    js_text(js_get(turn->arguments, "source")), job));
	job->query = text_fold(
		turn->mem,
		text_visible(turn->mem,
	                     js_text(js_get(turn->arguments, "question"))));
	if (!*job->query)
		return fault_told(turn->mem, FAULT_BAD_INPUT,
		                  "question must not be empty.");
	return NULL;
}

/* What the model said, and what there is to run. */
static void put_asked(json_object *answer, const struct job *job)
{
	json_object *facts = job->item->metadata, *metadata;

	js_put_text(answer, "text", job->item->text);
	if (js_has(facts, "suggestions"))
		js_put(answer, "suggestions", js_get(facts, "suggestions"));
	metadata = js_put_object(answer, "metadata");
	js_put_text(metadata, "source", job->source->name);
	js_put_text(metadata, "kind", job->source->kind->name);
}

/* As many rows as an answer has room for: it holds them twice, as structure and
 * as text. */
static void put_rows(struct turn *turn, json_object *answer,
                     const struct job *job, const char *statement)
{
	json_object *facts = job->item->metadata;
	json_object *rows = js_get(facts, "rows"), *kept;
	size_t most = (size_t)turn->req->app->config.answer_characters / 2;
	size_t size = AROUND, i;

	js_put_text(answer, "statement", text_visible(turn->mem, statement));
	js_put(answer, "columns", js_get(facts, "columns"));
	kept = js_put_array(answer, "rows");
	for (i = 0; i < js_count(rows); i++) {
		json_object *row = js_item(rows, i);

		size += text_length(js_print(turn->mem, row)) + 1;
		if (size > most)
			break;
		js_add(kept, row);
	}
	js_put_boolean(answer, "more",
	               i < js_count(rows) || js_true(js_get(facts, "more")));
	js_put_text(answer, "id",
	            item_id_of(turn->mem, job, js_text(js_get(facts, "id"))));
	if (job->item->url)
		js_put_text(answer, "url", job->item->url);
}

static CAN_FAIL ask(struct turn *turn)
{
	struct request *req = turn->req;
	json_object *answer = js_object(turn->mem);
	const char *statement;
	struct job job;

	request_take_longer(req, ASKING_MS);
	TRY(job_of(turn, &job));
	TRY(turn_progress(turn, 0, STEPS, "Asking Cortex Analyst."));
	TRY(search_tool_run(turn->req, &job, analyst_ask));
	put_asked(answer, &job);
	statement = js_text(js_get(job.item->metadata, "statement"));
	if (statement) {
		TRY(turn_progress(turn, 1, STEPS, "Running its statement."));
		TRY(job_of(turn, &job));
		job.id = statement;
		TRY(search_tool_run(turn->req, &job, analyst_answer));
		put_rows(turn, answer, &job, statement);
	}
	TRY(turn_progress(turn, STEPS, STEPS, "Snowflake has answered."));
	turn_structured(turn, answer);
	return NULL;
}

static const struct offer_tool tools[] = {
	{
		.name = "snowflake_ask",
		.title = "Ask the data in Snowflake",
		.description =
			"Answers a question about data in Snowflake: a "
			"semantic model turns it into SQL, which is run, and "
			"its rows come back with the statement. Takes 5 to 30 "
			"seconds. Use it for numbers and lists; use search to "
			"find documents and tables by name.",
		.input = ask_input,
		.output = ask_output,
		.hints = READ_ONLY,
		.answer = ask,
		.counts_as = 10,
	},
	{ 0 },
};

const struct offer snowflake_offer = {
	.kind = "snowflake",
	.tools = tools,
};
