#include "mcp/connect.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "auth/origin.h"
#include "auth/principal.h"
#include "core/text.h"
#include "mcp/era.h"
#include "mcp/method.h"
#include "mcp/round.h"
#include "mcp/turn.h"
#include "search/search.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/request.h"
#include "web/response.h"

#define SESSION_HEADER "Mcp-Session-Id"
#define OURS "ghm_"

enum { SESSION_SECONDS = 30 * 24 * 3600 };

/* ---- the question ---- */

static const char *message_of(struct turn *turn, json_object *source)
{
	return text_format(turn->mem,
	                   "Connect your own account, so that '%s' can be "
	                   "searched with your rights.",
	                   js_text(js_get(source, "name")));
}

/* Who declined is not asked again in the same call. */
static bool was_declined(const struct turn *turn, const char *key)
{
	const char *action = js_text(js_get(round_answer(turn, key), "action"));

	return text_same(action, "decline") || text_same(action, "cancel");
}

/* Whether the user was asked. The keys are the sources', so that an answer is
 * to its own question, whatever was connected in between. */
static bool asked(struct turn *turn)
{
	json_object *sources = turn->req->unconnected;

	if (turn->revision < REVISION_MODERN ||
	    !js_has(js_get(turn->meta, META_CAPABILITIES, "elicitation"),
	            "url"))
		return false;
	for (size_t i = 0; i < js_count(sources); i++) {
		json_object *source = js_item(sources, i);
		json_object *params = js_object(turn->mem);
		const char *key = js_text(js_get(source, "id"));

		if (was_declined(turn, key))
			return false;
		js_put_text(params, "mode", "url");
		js_put_text(params, "message", message_of(turn, source));
		js_put_text(params, "url", js_text(js_get(source, "url")));
		if (round_ask(turn, key, "elicitation/create", params))
			return false;
	}
	return js_count(sources) > 0;
}

static CAN_FAIL refuse(struct turn *turn)
{
	json_object *sources = turn->req->unconnected, *list;

	turn->data = js_object(turn->mem);
	list = js_put_array(turn->data, "elicitations");
	for (size_t i = 0; i < js_count(sources); i++) {
		json_object *source = js_item(sources, i);
		json_object *one = js_add_object(list);

		js_put_text(one, "mode", "url");
		js_put_text(one, "elicitationId", random_uuid(turn->mem));
		js_put_text(one, "url", js_text(js_get(source, "url")));
		js_put_text(one, "message", message_of(turn, source));
	}
	turn->refused = true;
	return fault(turn->mem, FAULT_URL_ELICITATION, "not connected");
}

CAN_FAIL connect_first(struct turn *turn, struct fault *wrong)
{
	if (!wrong || wrong->kind != FAULT_NOT_CONNECTED)
		return wrong;
	if (asked(turn))
		return NULL;
	turn->asks = NULL;
	if (turn->revision == REVISION_2025_11_25 && turn->opens)
		return refuse(turn);
	return wrong;
}

void connect_challenge(struct turn *turn)
{
	json_object *meta = js_put_object(turn->result, "_meta");

	js_add_text(js_put_array(meta, "mcp/www_authenticate"),
	            text_format(turn->mem,
	                        "Bearer resource_metadata=\"%s/.well-known/"
	                        "oauth-protected-resource\", "
	                        "error=\"insufficient_scope\", "
	                        "error_description=\"An account of your own "
	                        "has to be connected.\"",
	                        gateway_origin(turn->req)));
}

/* ---- what a client said at the beginning ---- */

static const char *context(const struct turn *turn)
{
	const struct principal *who = turn->req->principal;

	return text_format(turn->mem, "mcp-session\n%s\n%s", who->server_id,
	                   who->subject_id ? who->subject_id : "");
}

static bool any_personal(struct request *req)
{
	struct source_list list = sources_of(req);

	for (size_t i = 0; i < list.count; i++) {
		if (source_is_personal(&list.sources[i]))
			return true;
	}
	return false;
}

CAN_FAIL connect_hello(struct turn *turn)
{
	json_object *can = js_get(turn->params, "capabilities", "elicitation");
	const char *until = text_format(turn->mem, "%" PRId64,
	                                (int64_t)time(NULL) + SESSION_SECONDS);
	const char *sealed;

	if (turn->revision != REVISION_2025_11_25 || !js_has(can, "url") ||
	    !any_personal(turn->req))
		return NULL;
	TRY(state_seal(turn->req->app->vault, turn->mem, context(turn), until,
	               &sealed));
	response_header(turn->out, SESSION_HEADER,
	                text_format(turn->mem, OURS "%s", sealed));
	return NULL;
}

CAN_FAIL connect_session(struct turn *turn)
{
	const char *id = request_header(turn->req, SESSION_HEADER);
	const char *until;

	if (turn->revision != REVISION_2025_11_25 || !id ||
	    !text_starts(id, OURS) || text_same(turn->name, "initialize"))
		return NULL;
	if (state_open(turn->req->app->vault, turn->mem, context(turn),
	               id + strlen(OURS), &until) ||
	    strtoll(until, NULL, 10) < time(NULL))
		return fault(turn->mem, FAULT_NO_SESSION, "to begin anew");
	turn->opens = true;
	return NULL;
}
