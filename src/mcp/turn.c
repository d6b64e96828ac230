#include "mcp/turn.h"

#include <stdarg.h>
#include <string.h>

#include "auth/principal.h"
#include "core/arena.h"
#include "core/text.h"
#include "mcp/offer.h"
#include "web/app.h"
#include "web/request.h"
#include "web/response.h"

#define EVENTS "text/event-stream"

/* Whether a source of the kind brings its tools: its owner may switch them
 * off. */
static bool has_kind(const struct principal *principal, const char *kind)
{
	for (size_t i = 0; i < js_count(principal->sources); i++) {
		json_object *source = js_item(principal->sources, i);
		json_object *tools = js_get(source, "source_metadata", "tools");

		if (text_same(js_text(js_get(source, "type")), kind) &&
		    !text_same(js_text(tools), "no"))
			return true;
	}
	return false;
}

const struct offer *turn_offer(const struct turn *turn, size_t *i)
{
	const struct offer *const *offers = turn->req->app->offers;
	const struct offer *offer;

	while ((offer = offers[*i])) {
		++*i;
		if (!offer->kind || has_kind(turn->req->principal, offer->kind))
			return offer;
	}
	return NULL;
}

unsigned turn_capabilities(const struct turn *turn)
{
	const struct offer *offer;
	unsigned all = 0;

	for (size_t i = 0; (offer = turn_offer(turn, &i));)
		all |= offer->capabilities;
	return all;
}

/* ---- content ---- */

json_object *turn_content(struct turn *turn)
{
	return js_add_object(js_get(turn->result, "content"));
}

void turn_text(struct turn *turn, const char *text)
{
	json_object *content = turn_content(turn);

	js_put_text(content, "type", "text");
	js_put_text(content, "text", text);
}

void turn_structured(struct turn *turn, json_object *content)
{
	turn_text(turn, js_print(turn->mem, content));
	js_put(turn->result, "structuredContent", content);
}

void turn_failed(struct turn *turn, const char *text)
{
	turn_text(turn, text);
	js_put_boolean(turn->result, "isError", true);
}

json_object *turn_message(struct turn *turn, const char *role)
{
	json_object *message = js_add_object(js_get(turn->result, "messages"));

	js_put_text(message, "role", role);
	return js_put_object(message, "content");
}

/* ---- while it works ---- */

/* Only a client that lists event streams gets one. */
static bool may_stream(const struct turn *turn)
{
	const char *accept = request_header(turn->req, "Accept");

	return turn->alone && accept && strstr(accept, EVENTS);
}

CAN_FAIL turn_notify(struct turn *turn, const char *method, json_object *params)
{
	if (!may_stream(turn))
		return NULL;
	if (!turn->out->streaming)
		TRY(response_stream(turn->out));

	json_object *message = js_object(turn->mem);
	struct fault *wrong;

	js_put_text(message, "jsonrpc", "2.0");
	js_put_text(message, "method", method);
	js_put(message, "params", params);
	wrong = response_event(turn->out, message);
	turn->left = wrong != NULL;
	return wrong;
}

CAN_FAIL turn_progress(struct turn *turn, int64_t progress, int64_t total,
                       const char *message)
{
	json_object *token = js_get(turn->meta, "progressToken");

	if (!js_is_text(token) && !js_is_integer(token))
		return NULL;

	json_object *params = js_object(turn->mem);

	js_put(params, "progressToken", token);
	js_put_integer(params, "progress", progress);
	js_put_integer(params, "total", total);
	if (message)
		js_put_text(params, "message", message);
	return turn_notify(turn, "notifications/progress", params);
}

/* ---- refusals ---- */

CAN_FAIL turn_refuse(struct turn *turn, const char *told, ...)
{
	va_list args;

	va_start(args, told);
	const char *text = text_vformat(turn->mem, told, args);
	va_end(args);
	turn->refused = true;
	return fault_told(turn->mem, FAULT_BAD_FIELD, "%s", text);
}

CAN_FAIL turn_no_resource(struct turn *turn, const char *uri)
{
	turn->data = js_object(turn->mem);
	js_put_text(turn->data, "uri", uri);
	return fault(turn->mem, FAULT_NO_RESOURCE, "no such resource");
}

CAN_FAIL turn_needs(struct turn *turn, const char *capabilities)
{
	turn->refused = true;
	turn->data = js_object(turn->mem);
	js_put_json(turn->data, "requiredCapabilities", capabilities);
	return fault(turn->mem, FAULT_NEEDS_CAPABILITY, "%s", capabilities);
}
