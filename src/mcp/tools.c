#include "mcp/tools.h"

#include "core/log.h"
#include "core/text.h"
#include "db/db.h"
#include "mcp/cursor.h"
#include "mcp/header.h"
#include "mcp/offer.h"
#include "mcp/schema.h"
#include "mcp/turn.h"
#include "web/request.h"

enum { NAME_SHOWN = 64 };

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

static const struct offer_tool *find(const struct turn *turn, const char *name)
{
	const struct offer *offer;

	for (size_t i = 0; (offer = turn_offer(turn, &i));) {
		for (const struct offer_tool *tool = offer->tools;
		     tool && tool->name; tool++) {
			if (text_same(tool->name, name))
				return tool;
		}
	}
	return NULL;
}

/* An audit row that cannot be written does not undo what the user got; the
 * log then says so instead. */
static void record(struct turn *turn, const struct offer_tool *tool,
                   bool refused)
{
	json_object *detail = js_object(turn->mem);
	const char *outcome = "done";
	struct fault *wrong;

	if (refused || js_true(js_get(turn->result, "isError")))
		outcome = refused ? "refused" : "failed";
	js_put_text(detail, "tool", tool->name);
	js_put_text(detail, "revision", revision_name(turn->revision));
	wrong = db_run(&turn->req->db, SQL_TOOL_CALLED, NULL, "tool-call",
	               outcome, js_print(turn->mem, detail));
	if (wrong)
		log_line(LOG_ERROR, "audit-lost",
		         { "request_id", turn->req->id, 0 },
		         { "note", wrong->note, 0 });
}

/* A tool's own fault is a result that the model can act on; the protocol's,
 * and a client that has gone, are not. */
static CAN_FAIL run(struct turn *turn, const struct offer_tool *tool)
{
	struct fault *wrong = tool->answer(turn);

	if (!wrong)
		return NULL;
	if (turn->refused || turn->left || wrong->kind == FAULT_INTERNAL)
		return wrong;
	log_line(LOG_INFO, "tool-failed", { "request_id", turn->req->id, 0 },
	         { "tool", tool->name, 0 },
	         { "fault", fault_row(wrong->kind)->name, 0 },
	         { "note", wrong->note, 0 });
	turn_failed(turn, wrong->told);
	return NULL;
}

CAN_FAIL tool_call(struct turn *turn)
{
	const char *name = js_text(js_get(turn->params, "name"));
	const struct offer_tool *tool = find(turn, name);
	struct fault *refused = NULL;
	const char *wrong;

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
	js_put_array(turn->result, "content");
	wrong = schema_wrong(turn->mem, schema, turn->arguments);
	if (wrong)
		turn_failed(turn, wrong);
	else
		refused = run(turn, tool);
	record(turn, tool, refused != NULL);
	return refused;
}
