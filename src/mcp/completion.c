#include "mcp/completion.h"

#include "core/text.h"
#include "mcp/offer.h"
#include "mcp/prompts.h"
#include "mcp/resources.h"
#include "mcp/turn.h"

/* A template is named by itself or by a URI of its form. */
static const struct offer_resource *find_template(const struct turn *turn,
                                                  const char *uri)
{
	const struct offer *offer;

	for (size_t i = 0; uri && (offer = turn_offer(turn, &i));) {
		for (const struct offer_resource *one = offer->templates;
		     one && one->uri; one++) {
			if (text_same(one->uri, uri) ||
			    template_part(turn->mem, one->uri, uri))
				return one;
		}
		for (const struct offer_resource *one = offer->resources;
		     one && one->uri; one++) {
			if (text_same(one->uri, uri))
				return one;
		}
	}
	return NULL;
}

/* known: whether the reference is to something there is. */
static suggest find(const struct turn *turn, bool *known)
{
	json_object *ref = js_get(turn->params, "ref");
	const char *type = js_text(js_get(ref, "type"));
	const struct offer_resource *resource = NULL;
	const struct offer_prompt *prompt = NULL;

	if (text_same(type, "ref/prompt"))
		prompt = prompt_find(turn, js_text(js_get(ref, "name")));
	if (text_same(type, "ref/resource"))
		resource = find_template(turn, js_text(js_get(ref, "uri")));
	*known = prompt || resource;
	if (prompt)
		return prompt->complete;
	return resource ? resource->complete : NULL;
}

CAN_FAIL complete(struct turn *turn)
{
	json_object *argument = js_get(turn->params, "argument");
	const char *name = js_text(js_get(argument, "name"));
	const char *value = js_text(js_get(argument, "value"));
	bool known = false;
	suggest suggest_values = find(turn, &known);
	json_object *completion, *values;

	if (!known)
		return turn_refuse(turn, "params.ref names nothing there is.");
	if (!name || !value)
		return turn_refuse(turn, "params.argument needs name and "
		                         "value.");
	completion = js_put_object(turn->result, "completion");
	values = js_put_array(completion, "values");
	if (suggest_values)
		TRY(suggest_values(turn, name, value, values));
	js_put_boolean(completion, "hasMore",
	               js_count(values) >= COMPLETIONS_MOST);
	return NULL;
}
