#include "mcp/tools.h"

#include <inttypes.h>
#include <string.h>

#include "auth/challenge.h"
#include "auth/principal.h"
#include "core/deadline.h"
#include "core/log.h"
#include "core/text.h"
#include "db/db.h"
#include "mcp/connect.h"
#include "mcp/cursor.h"
#include "mcp/header.h"
#include "mcp/offer.h"
#include "mcp/rate.h"
#include "mcp/schema.h"
#include "mcp/turn.h"
#include "search/id.h"
#include "web/request.h"

enum { NAME_SHOWN = 64, RECORD_MS = 2000 };

static void put_hints(json_object *tree, const struct offer_tool *tool)
{
	js_put_text(tree, "title", tool->title);
	js_put_boolean(tree, "readOnlyHint", tool->hints & READ_ONLY);
	js_put_boolean(tree, "destructiveHint", tool->hints & DESTRUCTIVE);
	js_put_boolean(tree, "idempotentHint", tool->hints & IDEMPOTENT);
	js_put_boolean(tree, "openWorldHint", tool->hints & OPEN_WORLD);
}

static void put_tool(json_object *tree, const struct offer_tool *tool)
{
	js_put_text(tree, "name", tool->name);
	js_put_text(tree, "title", tool->title);
	js_put_text(tree, "description", tool->description);
	js_put_constant(tree, "inputSchema", tool->input);
	if (tool->output)
		js_put_constant(tree, "outputSchema", tool->output);
	put_hints(js_put_object(tree, "annotations"), tool);
}

CAN_FAIL tools_list(struct turn *turn)
{
	json_object *tools = js_put_array(turn->result, "tools");
	const struct offer *offer;

	TRY(cursor_none(turn));
	for (size_t i = 0; (offer = turn_offer(turn, &i));) {
		for (const struct offer_tool *tool = offer->tools;
		     tool && tool->name; tool++)
			put_tool(js_add_object(tools), tool);
	}
	return NULL;
}

/* scope: set to what it needs of a token. */
static const struct offer_tool *find(const struct turn *turn, const char *name,
                                     const char **scope)
{
	const struct offer *offer;

	for (size_t i = 0; (offer = turn_offer(turn, &i));) {
		for (const struct offer_tool *tool = offer->tools;
		     tool && tool->name; tool++) {
			if (!text_same(tool->name, name))
				continue;
			*scope = tool->scope ? tool->scope : offer->kind;
			return tool;
		}
	}
	return NULL;
}

static int64_t size_of(struct turn *turn, json_object *tree)
{
	return tree ? (int64_t)strlen(js_print(turn->mem, tree)) : 0;
}

/* Which sources a call was about: those that answered, with how that ended, or
 * the one that an id names. */
static void put_sources(struct turn *turn, json_object *detail)
{
	json_object *answered =
		js_get(turn->result, "structuredContent", "sources");
	const char *id = js_text(js_get(turn->arguments, "id"));
	json_object *sources = js_put_array(detail, "sources"), *one;
	struct item_id item;

	for (size_t i = 0; i < js_count(answered); i++) {
		one = js_add_object(sources);
		js_put_text(one, "id",
		            js_text(js_get(js_item(answered, i), "id")));
		js_put_text(one, "state",
		            js_text(js_get(js_item(answered, i), "state")));
	}
	if (id && item_id_read(turn->mem, id, &item))
		js_put_text(js_add_object(sources), "id", item.source);
}

/* An audit row that cannot be written does not undo what the user got; the
 * log then says so instead. Who hangs up is recorded all the same. Of arguments and results only sizes are told, in
 * bytes (LA-2). */
static void record(struct turn *turn, const struct offer_tool *tool,
                   bool refused, int64_t began)
{
	json_object *detail = js_object(turn->mem);
	const struct principal *who = turn->req->principal;
	struct db db = db_unwatched(&turn->req->db, RECORD_MS);
	const char *outcome = "done";
	struct fault *wrong;

	if (refused || js_true(js_get(turn->result, "isError")))
		outcome = refused ? "refused" : "failed";
	js_put_text(detail, "tool", tool->name);
	js_put_text(detail, "revision", revision_name(turn->revision));
	js_put_text(detail, "server", who->server_id);
	js_put_text(detail, "token", who->token_id);
	if (who->grant_id)
		js_put_text(detail, "grant", who->grant_id);
	if (!text_same(who->subject_id, who->user_id))
		js_put_text(detail, "by", who->subject_id);
	put_sources(turn, detail);
	js_put_integer(detail, "arguments", size_of(turn, turn->arguments));
	js_put_integer(detail, "result", size_of(turn, turn->result));
	js_put_integer(detail, "milliseconds", clock_ms() - began);
	wrong = db_run(
		&db, SQL_TOOL_CALLED, NULL, "tool-call", outcome,
		js_print(turn->mem, detail),
		text_format(turn->mem, "%" PRId64, rate_step(turn, tool)));
	if (wrong)
		log_line(LOG_ERROR, "audit-lost",
		         { "request_id", turn->req->id, 0 },
		         { "note", wrong->note, 0 });
}

/* A tool's own fault is a result that the model can act on; the protocol's,
 * and a client that has gone, are not. */
static CAN_FAIL run(struct turn *turn, const struct offer_tool *tool)
{
	struct fault *wrong = connect_first(turn, tool->answer(turn));

	if (!wrong)
		return NULL;
	if (turn->refused || turn->left || wrong->kind == FAULT_INTERNAL)
		return wrong;
	log_line(LOG_INFO, "tool-failed", { "request_id", turn->req->id, 0 },
	         { "tool", tool->name, 0 },
	         { "fault", fault_row(wrong->kind)->name, 0 },
	         { "note", wrong->note, 0 });
	turn_failed(turn, wrong->told);
	if (wrong->kind == FAULT_NOT_CONNECTED)
		connect_challenge(turn);
	return NULL;
}

CAN_FAIL tool_call(struct turn *turn)
{
	const char *name = js_text(js_get(turn->params, "name"));
	const char *scope = NULL, *wrong;
	const struct offer_tool *tool = find(turn, name, &scope);
	int64_t began = clock_ms();
	struct fault *refused = NULL;

	if (!name)
		return turn_refuse(turn, "params.name is missing.");
	if (!tool)
		return turn_refuse(turn, "There is no tool '%s'.",
		                   text_cut(turn->mem, name, NAME_SHOWN));
	if (!turn->arguments && js_has(turn->params, "arguments"))
		return turn_refuse(turn, "params.arguments is no object.");

	json_object *schema = js_literal(turn->mem, tool->input);

	if (turn->revision >= REVISION_MODERN)
		TRY(header_parameters(turn->req, schema, turn->arguments));
	if (scope)
		TRY(scope_check(turn->req, scope));
	TRY(rate_pass(turn, tool));
	js_put_array(turn->result, "content");
	wrong = schema_wrong(turn->mem, schema, turn->arguments);
	if (wrong)
		turn_failed(turn, wrong);
	else
		refused = run(turn, tool);
	record(turn, tool, refused != NULL, began);
	return refused;
}
