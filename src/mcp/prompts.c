#include "mcp/prompts.h"

#include "core/text.h"
#include "mcp/cursor.h"
#include "mcp/offer.h"
#include "mcp/turn.h"

enum { NAME_SHOWN = 64 };

static void put_prompt(json_object *tree, const struct offer_prompt *prompt)
{
	json_object *list;

	js_put_text(tree, "name", prompt->name);
	js_put_text(tree, "title", prompt->title);
	js_put_text(tree, "description", prompt->description);
	if (!prompt->arguments)
		return;
	list = js_put_array(tree, "arguments");
	for (const struct offer_argument *one = prompt->arguments; one->name;
	     one++) {
		json_object *argument = js_add_object(list);

		js_put_text(argument, "name", one->name);
		js_put_text(argument, "title", one->title);
		js_put_text(argument, "description", one->description);
		js_put_boolean(argument, "required", one->required);
	}
}

CAN_FAIL prompts_list(struct turn *turn)
{
	json_object *prompts = js_put_array(turn->result, "prompts");
	const struct offer *offer;

	TRY(cursor_none(turn));
	for (size_t i = 0; (offer = turn_offer(turn, &i));) {
		for (const struct offer_prompt *prompt = offer->prompts;
		     prompt && prompt->name; prompt++)
			put_prompt(js_add_object(prompts), prompt);
	}
	return NULL;
}

const struct offer_prompt *prompt_find(const struct turn *turn,
                                       const char *name)
{
	const struct offer *offer;

	for (size_t i = 0; (offer = turn_offer(turn, &i));) {
		for (const struct offer_prompt *prompt = offer->prompts;
		     prompt && prompt->name; prompt++) {
			if (text_same(prompt->name, name))
				return prompt;
		}
	}
	return NULL;
}

/* Required arguments are there and all of them are strings. */
static CAN_FAIL check_arguments(struct turn *turn,
                                const struct offer_prompt *prompt)
{
	for (const struct offer_argument *one = prompt->arguments;
	     one && one->name; one++) {
		if (one->required && !js_has(turn->arguments, one->name))
			return turn_refuse(turn,
			                   "The argument '%s' is "
			                   "missing.",
			                   one->name);
		if (js_has(turn->arguments, one->name) &&
		    !js_is_text(js_get(turn->arguments, one->name)))
			return turn_refuse(turn,
			                   "The argument '%s' is no "
			                   "string.",
			                   one->name);
	}
	return NULL;
}

CAN_FAIL prompt_get(struct turn *turn)
{
	const char *name = js_text(js_get(turn->params, "name"));
	const struct offer_prompt *prompt = prompt_find(turn, name);

	if (!name)
		return turn_refuse(turn, "params.name is missing.");
	if (!prompt)
		return turn_refuse(turn, "There is no prompt '%s'.",
		                   text_cut(turn->mem, name, NAME_SHOWN));
	TRY(check_arguments(turn, prompt));
	js_put_text(turn->result, "description", prompt->description);
	js_put_array(turn->result, "messages");
	return prompt->answer(turn);
}
