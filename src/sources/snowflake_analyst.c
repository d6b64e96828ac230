#include "sources/snowflake_analyst.h"

#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/clean.h"
#include "sources/snowflake.h"
#include "sources/snowflake_value.h"

enum {
	TEXT_MOST = 4000, /* code points of what it says */
	SUGGESTIONS_MOST = 5,
	SNIPPET_ROWS = 5,
	QUIET_SECONDS = 60, /* it says nothing at all until it is done */
};

/* ---- asking ---- */

/* A file stands in a stage, whose name begins with @; else it is a view. */
static json_object *body_of(struct job *job, const char *question)
{
	const char *model =
		vendor_setting(job, "snowflake_semantic_model_file");
	json_object *body = js_object(job->mem), *message, *content;

	message = js_add_object(js_put_array(body, "messages"));
	js_put_text(message, "role", "user");
	content = js_add_object(js_put_array(message, "content"));
	js_put_text(content, "type", "text");
	js_put_text(content, "text", question);
	js_put_text(body,
	            *model == '@' ? "semantic_model_file" : "semantic_view",
	            model);
	js_put_boolean(body, "stream", false);
	return body;
}

struct analyst analyst_begin(struct job *job, const char *question, long ms)
{
	struct analyst analyst = { .question = question, .text = "" };

	analyst.off = !*vendor_setting(job, "snowflake_semantic_model_file");
	if (analyst.off)
		return analyst;
	analyst.title = clean_line(job->mem, question, SNOWFLAKE_LINE_MOST);
	analyst.call = snowflake_post(
		job,
		url_fill(job->mem, "https://{}/api/v2/cortex/analyst/message",
	                 snowflake_host(job)),
		body_of(job, question));
	analyst.call->slow_seconds = QUIET_SECONDS;
	if (ms > 0)
		vendor_within(job, ms);
	return analyst;
}

/* ---- reading ---- */

static void wrong(struct analyst *analyst, enum coverage coverage,
                  const char *help)
{
	analyst->coverage = coverage;
	analyst->help = help;
}

static const char *cleaned(struct job *job, const char *text, size_t most)
{
	return text ? text_cut(
			      job->mem,
			      text_trim(job->mem, text_visible(job->mem, text)),
			      most)
	            : "";
}

static void read_suggestions(struct job *job, struct analyst *analyst,
                             json_object *content)
{
	json_object *list = js_get(content, "suggestions");

	for (size_t i = 0; i < js_count(list) && i < SUGGESTIONS_MOST; i++) {
		const char *text =
			clean_line(job->mem, js_text(js_item(list, i)),
		                   SNOWFLAKE_LINE_MOST);

		if (!*text)
			continue;
		if (!analyst->suggestions)
			analyst->suggestions = js_array(job->mem);
		js_add_text(analyst->suggestions, text);
	}
}

static void read_sql(struct job *job, struct analyst *analyst,
                     json_object *content)
{
	const char *known =
		clean_line(job->mem,
	                   js_text(js_get(content, "confidence",
	                                  "verified_query_used", "name")),
	                   SNOWFLAKE_LINE_MOST);

	analyst->statement = js_text(js_get(content, "statement"));
	if (*known)
		analyst->title = known;
	if (!analyst->statement || snowflake_reads_only(analyst->statement))
		return;
	analyst->statement = NULL;
	wrong(analyst, COVERAGE_FAILED,
	      "Cortex Analyst wrote a statement that is not one question of "
	      "data: it was not run. Ask for data, in other words.");
}

void analyst_read(struct job *job, struct analyst *analyst)
{
	json_object *tree, *list;

	if (analyst->off || !analyst->call)
		return;
	tree = snowflake_json(job, analyst->call, &analyst->coverage,
	                      &analyst->help);
	analyst->call = NULL;
	list = js_get(tree, "message", "content");
	if (tree && !js_is_array(list))
		wrong(analyst, COVERAGE_FAILED,
		      "Cortex Analyst answered something unreadable: try "
		      "again later.");
	for (size_t i = 0; i < js_count(list); i++) {
		json_object *content = js_item(list, i);
		const char *type = js_text(js_get(content, "type"));

		if (text_same(type, "text") && !*analyst->text)
			analyst->text =
				cleaned(job, js_text(js_get(content, "text")),
			                TEXT_MOST);
		else if (text_same(type, "sql"))
			read_sql(job, analyst, content);
		/* One page of the documentation writes it without the s. */
		else if (text_same(type, "suggestions") ||
		         text_same(type, "suggestion"))
			read_suggestions(job, analyst, content);
	}
}

void analyst_run(struct job *job, struct analyst *analyst, size_t rows_most)
{
	if (!analyst->statement)
		return;
	analyst->query = snowflake_query(job, analyst->statement, rows_most);
	snowflake_run(job, analyst->query);
}

/* ---- the result ---- */

static bool is_there(struct analyst *analyst)
{
	const struct snowflake_query *query = analyst->query;

	if (!query)
		return false;
	if (query->done && query->handle)
		return true;
	wrong(analyst, query->coverage ? query->coverage : COVERAGE_FAILED,
	      query->help ? query->help
	                  : "Snowflake did not say where the answer is.");
	return false;
}

bool analyst_hit(struct job *job, struct analyst *analyst,
                 struct result *result)
{
	struct buffer text = { .mem = job->mem };
	const struct snowflake_query *query = analyst->query;

	if (!is_there(analyst))
		return false;
	if (*analyst->text)
		buffer_format(&text, "%s ", analyst->text);
	snowflake_table(&text, query->columns, query->rows, SNIPPET_ROWS);
	*result = (struct result){
		.native_id =
			analyst_id(job->mem, query->handle, analyst->question),
		.title = analyst->title,
		.url = analyst_page(job, query->handle),
		.snippet = text_cut(job->mem, buffer_text(&text),
		                    SNOWFLAKE_SNIPPET_MOST),
	};
	return true;
}
