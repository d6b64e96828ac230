#include "mcp/reply.h"

#include "auth/principal.h"
#include "auth/challenge.h"
#include "core/arena.h"
#include "core/log.h"
#include "core/text.h"
#include "mcp/method.h"
#include "mcp/round.h"
#include "mcp/turn.h"
#include "web/request.h"
#include "web/response.h"

/* Before 2026-07-28 a resource that is not there had a code of its own. */
enum { LEGACY_NO_RESOURCE = -32002 };

void reply_implementation(json_object *tree)
{
	js_put_text(tree, "name", "gatehouse");
	js_put_text(tree, "title", "Gatehouse");
	js_put_text(tree, "version", PACKAGE_VERSION);
}

static json_object *error_of(struct arena *mem, json_object *id, int code,
                             const char *told, json_object *data)
{
	json_object *reply = js_object(mem);
	json_object *error;

	js_put_text(reply, "jsonrpc", "2.0");
	if (id)
		js_put(reply, "id", id);
	error = js_put_object(reply, "error");
	js_put_integer(error, "code", code);
	js_put_text(error, "message", told);
	if (data)
		js_put(error, "data", data);
	return reply;
}

json_object *reply_error(struct arena *mem, const struct fault *wrong)
{
	return error_of(mem, NULL, fault_row(wrong->kind)->rpc, wrong->told,
	                NULL);
}

/* What every result has: its kind, who made it, and how long it may be kept.
 * All of it is one tenant's (security MC-11). */
static void dress(struct turn *turn)
{
	json_object *result = turn->result;
	json_object *meta;

	if (!js_has(result, "resultType"))
		js_put_text(result, "resultType", "complete");
	if (turn->method->ttl_ms >= 0 && !turn->asks && !turn->state) {
		js_put_integer(result, "ttlMs", turn->method->ttl_ms);
		js_put_text(result, "cacheScope", "private");
	}
	meta = js_get(result, "_meta");
	if (!meta)
		meta = js_put_object(result, "_meta");
	reply_implementation(js_put_object(meta, SERVER_INFO));
	revision_strip(turn->revision, turn->name, result);
}

static json_object *result_of(struct turn *turn)
{
	json_object *reply = js_object(turn->mem);

	round_finish(turn);
	dress(turn);
	js_put_text(reply, "jsonrpc", "2.0");
	js_put(reply, "id", turn->id);
	js_put(reply, "result", turn->result);
	return reply;
}

/* Only what is not the client's own doing is worth a line. */
static void record(const struct turn *turn, const struct fault *wrong)
{
	const struct fault_row *row = fault_row(wrong->kind);

	log_line(row->http >= 500 ? LOG_ERROR : LOG_INFO, "rpc-error",
	         { "request_id", turn->req->id, 0 },
	         { "method", turn->method ? turn->method->name : "(none)", 0 },
	         { "revision", revision_name(turn->revision), 0 },
	         { "fault", row->name, 0 }, { "where", wrong->where, 0 },
	         { "note", wrong->note, 0 });
}

json_object *reply_of(struct turn *turn, struct fault *wrong)
{
	int code;

	if (!wrong)
		return result_of(turn);
	record(turn, wrong);
	code = fault_row(wrong->kind)->rpc;
	if (wrong->kind == FAULT_NO_RESOURCE &&
	    turn->revision < REVISION_MODERN)
		code = LEGACY_NO_RESOURCE;
	return error_of(turn->mem, turn->id, code, wrong->told, turn->data);
}

/* What a method says itself has status 200, but for a missing capability or
 * scope, for headers that turn out wrong once the tool is known, and for too
 * many calls of it; older revisions know no 404 here, which would tell them
 * that a session is lost. */
static int status_of(const struct turn *turn, const struct fault *wrong)
{
	bool modern = turn->revision >= REVISION_MODERN;

	if (!wrong)
		return 200;
	switch (wrong->kind) {
	case FAULT_NEEDS_CAPABILITY:
	case FAULT_HEADER_MISMATCH:
	case FAULT_TOO_MANY:
	case FAULT_NO_SCOPE:
		return fault_row(wrong->kind)->http;
	case FAULT_NO_METHOD:
		return modern ? 404 : 200;
	default:
		return turn->dispatched ? 200 : fault_row(wrong->kind)->http;
	}
}

CAN_FAIL reply_send(struct turn *turn, struct fault *wrong)
{
	json_object *reply = reply_of(turn, wrong);

	if (turn->out->streaming)
		return response_event(turn->out, reply);
	if (wrong)
		challenge(turn->req, wrong, turn->out);
	if (wrong && wrong->retry_after)
		response_header(
			turn->out, "Retry-After",
			text_format(turn->mem, "%d", wrong->retry_after));
	response_json(turn->out, status_of(turn, wrong), reply);
	return NULL;
}
