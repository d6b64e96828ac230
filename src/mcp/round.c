#include "mcp/round.h"

#include <inttypes.h>
#include <stdlib.h>

#include "auth/principal.h"
#include "core/arena.h"
#include "core/text.h"
#include "mcp/era.h"
#include "mcp/method.h"
#include "mcp/turn.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/request.h"

/* Which capability a question needs, as the refusal words it. */
static const struct question {
	const char *method;
	const char *capability;
	const char *required;
} questions[] = {
	{ "elicitation/create", "elicitation", "{\"elicitation\":{}}" },
	{ "sampling/createMessage", "sampling", "{\"sampling\":{}}" },
	{ "roots/list", "roots", "{\"roots\":{}}" },
	{ 0 },
};

bool round_can(const struct turn *turn, const char *capability)
{
	return turn->revision >= REVISION_MODERN &&
	       js_is_object(js_get(turn->meta, META_CAPABILITIES, capability));
}

/* An elicitation capability without members stands for forms alone. */
static bool can_ask(const struct turn *turn, const struct question *question,
                    json_object *params)
{
	json_object *can =
		js_get(turn->meta, META_CAPABILITIES, question->capability);
	const char *mode = js_text(js_get(params, "mode"));

	if (!js_is_object(can) ||
	    !text_same(question->capability, "elicitation"))
		return js_is_object(can);
	if (text_same(mode, "url"))
		return js_has(can, "url");
	return js_has(can, "form") || !js_has(can, "url");
}

CAN_FAIL round_ask(struct turn *turn, const char *key, const char *method,
                   json_object *params)
{
	if (turn->revision < REVISION_MODERN)
		return fault_told(turn->mem, FAULT_BAD_INPUT,
		                  "This needs a client that can be asked "
		                  "(protocol version 2026-07-28).");
	for (const struct question *question = questions; question->method;
	     question++) {
		if (text_same(question->method, method) &&
		    !can_ask(turn, question, params))
			return turn_needs(turn, question->required);
	}
	if (!turn->asks)
		turn->asks = js_object(turn->mem);

	json_object *ask = js_put_object(turn->asks, key);

	js_put_text(ask, "method", method);
	if (params)
		js_put(ask, "params", params);
	return NULL;
}

json_object *round_answer(const struct turn *turn, const char *key)
{
	json_object *answer = js_get(turn->params, "inputResponses", key);

	return js_is_object(answer) ? answer : NULL;
}

/* All that a state is bound to. Arguments enter by their digest: a client
 * repeats the original request as it was. */
static const char *context(const struct turn *turn)
{
	const struct principal *principal = turn->req->principal;
	const char *name =
		js_text(js_get(turn->params, turn->method->named_by));

	return text_format(
		turn->mem, "mcp-round\n%s\n%s\n%s\n%s\n%s", principal->user_id,
		principal->server_id, turn->name,
		digest_hex(turn->mem, name ? name : ""),
		digest_hex(turn->mem, js_print(turn->mem, turn->arguments)));
}

CAN_FAIL round_keep(struct turn *turn, const char *text, int64_t now)
{
	const char *dated = text_format(turn->mem, "%" PRId64 " %s",
	                                now + ROUND_SECONDS, text);

	return state_seal(turn->req->app->vault, turn->mem, context(turn),
	                  dated, &turn->state);
}

CAN_FAIL round_kept(struct turn *turn, int64_t now, const char **text)
{
	const char *token = js_text(js_get(turn->params, "requestState"));
	const char *dated;
	char *rest = NULL;

	*text = NULL;
	if (!js_has(turn->params, "requestState"))
		return NULL;
	if (!token || state_open(turn->req->app->vault, turn->mem,
	                         context(turn), token, &dated))
		return turn_refuse(turn, "This requestState is not valid "
		                         "here.");
	if (strtoll(dated, &rest, 10) < now || *rest != ' ')
		return turn_refuse(turn, "This requestState has expired: "
		                         "begin again.");
	*text = rest + 1;
	return NULL;
}

void round_finish(struct turn *turn)
{
	if (!turn->asks && !turn->state)
		return;
	turn->result = js_object(turn->mem);
	js_put_text(turn->result, "resultType", "input_required");
	if (turn->asks)
		js_put(turn->result, "inputRequests", turn->asks);
	if (turn->state)
		js_put_text(turn->result, "requestState", turn->state);
}
