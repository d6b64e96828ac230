#include "sources/snowflake_sql.h"

#include <assert.h>
#include <stdio.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/snowflake.h"
#include "vault/vault.h"

enum {
	PAUSE_MS = 150, /* before the first look at what still runs */
	PAUSE_MOST_MS = 2000,
	SECONDS_MOST = 60,
	READING_MS = 500, /* kept of a job's time to read the result */
	PARTS_MOST = 50,
};

static struct step follow(struct job *job);

/* ---- asking ---- */

struct snowflake_query *snowflake_query(struct job *job, const char *statement,
                                        size_t rows_most)
{
	struct snowflake_query *query = arena_alloc(job->mem, sizeof(*query));

	query->statement = statement;
	query->rows_most = rows_most;
	query->bindings = js_object(job->mem);
	return query;
}

void snowflake_bind(struct snowflake_query *query, const char *value)
{
	char number[8];
	json_object *binding;

	snprintf(number, sizeof(number), "%zu", js_count(query->bindings) + 1);
	binding = js_put_object(query->bindings, number);
	js_put_text(binding, "type", "TEXT");
	js_put_text(binding, "value", value);
}

/* Snowflake ends the statement itself a little before we stop waiting. */
static int64_t seconds_of(const struct job *job)
{
	int64_t seconds = (deadline_left(job->deadline) - READING_MS) / 1000;

	return seconds < 1              ? 1
	       : seconds > SECONDS_MOST ? SECONDS_MOST
	                                : seconds;
}

static json_object *body_of(struct job *job,
                            const struct snowflake_query *query)
{
	const char *role = vendor_setting(job, "snowflake_role");
	const char *warehouse = vendor_setting(job, "snowflake_warehouse");
	json_object *body = js_object(job->mem), *parameters;

	js_put_text(body, "statement", query->statement);
	js_put_integer(body, "timeout", seconds_of(job));
	if (*role)
		js_put_text(body, "role", role);
	if (*warehouse)
		js_put_text(body, "warehouse", warehouse);
	if (js_count(query->bindings) > 0)
		js_put(body, "bindings", query->bindings);
	parameters = js_put_object(body, "parameters");
	js_put_text(parameters, "query_tag", "gatehouse");
	js_put_integer(parameters, "multi_statement_count", 1);
	js_put_integer(parameters, "rows_per_resultset",
	               (int64_t)query->rows_most + 1);
	return body;
}

static void keep(struct job *job, struct snowflake_query *query)
{
	struct snowflake_work *work = job->notes;

	assert(work->count < SNOWFLAKE_QUERIES_MOST);
	work->queries[work->count++] = query;
}

/* The request has a number of its own, by which Snowflake knows that it is
 * asked again, and does not run it twice. */
void snowflake_run(struct job *job, struct snowflake_query *query)
{
	const char *host = snowflake_host(job), *id = random_uuid(job->mem);

	query->call = snowflake_post(
		job,
		url_fill(job->mem, "https://{}/api/v2/statements?requestId={}",
	                 host, id),
		body_of(job, query));
	vendor_again_at(job, url_fill(job->mem,
	                              "https://{}/api/v2/statements?"
	                              "requestId={}&retry=true",
	                              host, id));
	keep(job, query);
}

static void look_again(struct job *job, struct snowflake_query *query)
{
	query->call = snowflake_get(
		job, url_fill(job->mem, "https://{}/api/v2/statements/{}",
	                      snowflake_host(job), query->handle));
}

void snowflake_reopen(struct job *job, struct snowflake_query *query,
                      const char *handle)
{
	query->handle = handle;
	look_again(job, query);
	keep(job, query);
}

static void ask_part(struct job *job, struct snowflake_query *query)
{
	query->part++;
	query->call = snowflake_get(
		job, url_fill(job->mem,
	                      "https://{}/api/v2/statements/{}?partition={}",
	                      snowflake_host(job), query->handle,
	                      text_format(job->mem, "%zu", query->part)));
}

/* ---- reading ---- */

/* Sets how a query ended that brought nothing, and leaves the job as it was:
 * it may have more to go on with. */
static void fail(struct job *job, struct snowflake_query *query)
{
	query->call = NULL;
	query->coverage = job->coverage;
	query->help = job->help;
	job->coverage = COVERAGE_COMPLETE;
	job->help = NULL;
}

static void timed_out(struct snowflake_query *query)
{
	query->call = NULL;
	query->coverage = COVERAGE_TIMED_OUT;
	query->help = "Snowflake did not finish the statement in time: ask for "
		      "less, or give the source a larger warehouse.";
}

/* Rows up to those wanted; false when no more of them are. */
static bool take_rows(struct snowflake_query *query, json_object *data)
{
	for (size_t i = 0; i < js_count(data); i++) {
		if (js_count(query->rows) >= query->rows_most) {
			query->more = true;
			return false;
		}
		js_add(query->rows, js_item(data, i));
	}
	return true;
}

static void read_result(struct job *job, struct snowflake_query *query,
                        json_object *tree)
{
	json_object *meta = js_get(tree, "resultSetMetaData");

	if (!query->columns) {
		query->columns = js_get(meta, "rowType");
		query->rows = js_array(job->mem);
		query->parts = js_count(js_get(meta, "partitionInfo"));
	}
	query->call = NULL;
	query->done = true;
	if (!take_rows(query, js_get(tree, "data")))
		return;
	if (query->part + 1 < query->parts && query->handle) {
		if (query->part + 1 < PARTS_MOST)
			ask_part(job, query);
		else
			query->more = true;
	}
}

/* How an unknown handle is told, and an object that is not there or that the
 * role may not see. */
static bool is_unknown(struct job *job, const struct call *call)
{
	const char *code;

	if (call->end != CALL_ANSWERED || call->reply.status < 400)
		return false;
	code = snowflake_code(job, call);
	return call->reply.status == 404 || text_same(code, "000709") ||
	       text_same(code, "002003") || text_same(code, "002043");
}

/* Reads the reply to the query's call. Returns whether it still runs. */
static bool read_reply(struct job *job, struct snowflake_query *query)
{
	struct call *call = query->call;
	json_object *tree;
	struct step end;

	if (call->end == CALL_ANSWERED && call->reply.status == 408) {
		timed_out(query);
		return false;
	}
	query->gone = is_unknown(job, call);
	/* Rows that came before are kept: they are marked as not all. */
	if (vendor_failed(job, call, &end) ||
	    !(tree = vendor_json(job, call, &end))) {
		query->more = query->done;
		fail(job, query);
		return false;
	}
	if (!query->handle)
		query->handle = text_uuid(
			job->mem, js_text(js_get(tree, "statementHandle")));
	if (call->reply.status != 202) {
		read_result(job, query, tree);
		return false;
	}
	if (!query->handle) {
		timed_out(query);
		return false;
	}
	look_again(job, query);
	return true;
}

static struct step ask_again(struct job *job)
{
	return vendor_ask(job, follow);
}

/* Until no query has a call any more. */
static struct step follow(struct job *job)
{
	struct snowflake_work *work = job->notes;
	bool running = false, asked = false;

	for (size_t i = 0; i < work->count; i++) {
		struct snowflake_query *query = work->queries[i];

		if (!query->call)
			continue;
		running = read_reply(job, query) || running;
		asked = asked || query->call;
	}
	if (!asked) {
		work->count = 0;
		return work->then(job);
	}
	if (!running)
		return ask_again(job);
	work->pause_ms = work->pause_ms ? work->pause_ms * 2 : PAUSE_MS;
	if (work->pause_ms > PAUSE_MOST_MS)
		work->pause_ms = PAUSE_MOST_MS;
	return vendor_pause(job, work->pause_ms, ask_again);
}

struct step snowflake_ask(struct job *job, struct step (*next)(struct job *))
{
	struct snowflake_work *work = job->notes;

	work->then = next;
	work->pause_ms = 0;
	return vendor_ask(job, follow);
}

json_object *snowflake_json(struct job *job, struct call *call,
                            enum coverage *coverage, const char **help)
{
	json_object *tree = NULL;
	struct step end;

	if (!vendor_failed(job, call, &end))
		tree = vendor_json(job, call, &end);
	*coverage = job->coverage;
	*help = job->help;
	job->coverage = COVERAGE_COMPLETE;
	job->help = NULL;
	return tree;
}

const char *snowflake_cell(const struct snowflake_query *query, size_t row,
                           const char *column)
{
	for (size_t c = 0; c < js_count(query->columns); c++) {
		json_object *type = js_item(query->columns, c);

		if (text_same_ascii(js_text(js_get(type, "name")), column))
			return js_text(js_item(js_item(query->rows, row), c));
	}
	return NULL;
}
