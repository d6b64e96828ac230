#include "mcp/rpc.h"

#include "core/arena.h"
#include "core/log.h"
#include "core/text.h"
#include "mcp/connect.h"
#include "mcp/era.h"
#include "mcp/method.h"
#include "mcp/reply.h"
#include "mcp/turn.h"
#include "web/request.h"
#include "web/response.h"

/* Items of a batch: each may be a search. */
enum { BATCH_MOST = 20 };

enum shape { REQUEST, NOTIFICATION, RESPONSE, INVALID };

static bool good_id(json_object *id)
{
	return js_is_text(id) || js_is_integer(id);
}

static enum shape shape_of(json_object *message)
{
	if (!text_same(js_text(js_get(message, "jsonrpc")), "2.0"))
		return INVALID;
	if (!js_has(message, "method"))
		return js_has(message, "result") || js_has(message, "error")
		               ? RESPONSE
		               : INVALID;
	if (!js_is_text(js_get(message, "method")))
		return INVALID;
	if (js_has(message, "params") &&
	    !js_is_object(js_get(message, "params")))
		return INVALID;
	if (!js_has(message, "id"))
		return NOTIFICATION;
	return good_id(js_get(message, "id")) ? REQUEST : INVALID;
}

static json_object *object_or_null(json_object *tree)
{
	return js_is_object(tree) ? tree : NULL;
}

static struct turn *turn_of(struct request *req, struct response *out,
                            json_object *message)
{
	struct turn *turn = arena_alloc(req->mem, sizeof(*turn));
	json_object *id = js_get(message, "id");

	turn->mem = req->mem;
	turn->req = req;
	turn->out = out;
	turn->id = good_id(id) ? id : NULL;
	turn->name = js_text(js_get(message, "method"));
	turn->params = object_or_null(js_get(message, "params"));
	turn->meta = object_or_null(js_get(turn->params, "_meta"));
	turn->arguments = object_or_null(js_get(turn->params, "arguments"));
	return turn;
}

static CAN_FAIL invalid(struct request *req, const char *told)
{
	return fault_told(req->mem, FAULT_BAD_REQUEST, "%s", told);
}

/* ---- one message ---- */

static CAN_FAIL dispatch(struct turn *turn)
{
	const struct method *method = method_find(turn->name);

	if (!method || !method_offered(turn, method))
		return fault(turn->mem, FAULT_NO_METHOD, "no such method");
	turn->method = method;
	turn->result = js_object(turn->mem);
	turn->dispatched = true;
	return method->answer(turn);
}

static CAN_FAIL answer_request(struct turn *turn)
{
	struct fault *wrong;

	turn->alone = true;
	wrong = era_of_request(turn);
	if (!wrong)
		wrong = connect_session(turn);
	if (!wrong)
		wrong = dispatch(turn);
	/* nothing further is sent to a client that has gone (MC-17) */
	if (turn->left)
		return wrong;
	return reply_send(turn, wrong);
}

static CAN_FAIL answer_notification(struct turn *turn)
{
	struct fault *wrong = era_of_notification(turn);

	if (wrong)
		return reply_send(turn, wrong);
	response_json(turn->out, 202, NULL);
	return NULL;
}

static CAN_FAIL answer_one(struct request *req, struct response *out,
                           json_object *message)
{
	struct turn *turn = turn_of(req, out, message);

	switch (shape_of(message)) {
	case REQUEST:
		return answer_request(turn);
	case NOTIFICATION:
		return answer_notification(turn);
	case RESPONSE: /* to a question that an older server might ask */
		response_json(out, 202, NULL);
		return NULL;
	default:
		turn->revision = REVISION_MODERN;
		return reply_send(turn, invalid(req, "This is no JSON-RPC 2.0 "
		                                     "request."));
	}
}

/* ---- many, as 2025-03-26 has them ---- */

/* What refuses the whole array: it is decided before any item is run. */
static CAN_FAIL check_batch(struct request *req, json_object *batch)
{
	enum revision revision;

	if (js_count(batch) == 0 || js_count(batch) > BATCH_MOST)
		return fault_told(req->mem, FAULT_BAD_REQUEST,
		                  "A batch has 1 to %d messages.", BATCH_MOST);
	if (!era_of_header(req, &revision) || revision > REVISION_2025_03_26)
		return invalid(req, "Batches belong to 2025-03-26 only: send "
		                    "one message a request.");
	for (size_t i = 0; i < js_count(batch); i++) {
		json_object *item = js_item(batch, i);

		if (era_claimed(item))
			return invalid(req, "A message of 2026-07-28 stands "
			                    "alone, not in a batch.");
		/* an error for it would need an id, which it does not have */
		if (shape_of(item) == INVALID && !good_id(js_get(item, "id")))
			return invalid(req, "An item of the batch is no "
			                    "JSON-RPC 2.0 message.");
	}
	return NULL;
}

static void answer_item(struct request *req, struct response *out,
                        json_object *item, json_object *answers)
{
	struct turn *turn = turn_of(req, out, item);
	enum shape shape = shape_of(item);
	struct fault *wrong = NULL;

	if (shape == NOTIFICATION || shape == RESPONSE)
		return;
	turn->revision = REVISION_2025_03_26;
	if (shape == INVALID)
		wrong = invalid(req, "This is no JSON-RPC 2.0 request.");
	else if (text_same(turn->name, "initialize"))
		wrong = invalid(req, "initialize stands alone, not in a "
		                     "batch.");
	else
		wrong = dispatch(turn);
	js_add(answers, reply_of(turn, wrong));
}

static CAN_FAIL answer_batch(struct request *req, struct response *out,
                             json_object *batch)
{
	json_object *answers = js_array(req->mem);

	TRY(check_batch(req, batch));
	for (size_t i = 0; i < js_count(batch); i++)
		answer_item(req, out, js_item(batch, i), answers);
	if (js_count(answers) > 0)
		response_json(out, 200, answers);
	else
		response_json(out, 202, NULL);
	return NULL;
}

CAN_FAIL rpc_answer(struct request *req, struct response *out)
{
	json_object *message = NULL;

	TRY(js_parse(req->mem, req->body, req->body_size, &message));
	if (js_is_array(message))
		return answer_batch(req, out, message);
	return answer_one(req, out, message);
}
