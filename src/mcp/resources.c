#include "mcp/resources.h"

#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "mcp/connect.h"
#include "mcp/cursor.h"
#include "mcp/turn.h"

#define ITEM "gatehouse://item/"

/* Longer addresses are none of ours (security MC-9). */
enum { URI_MOST = 4096 };

static void put_resource(json_object *tree, const char *address,
                         const struct offer_resource *resource)
{
	js_put_text(tree, address, resource->uri);
	js_put_text(tree, "name", resource->name);
	js_put_text(tree, "title", resource->title);
	js_put_text(tree, "description", resource->description);
	if (resource->type)
		js_put_text(tree, "mimeType", resource->type);
}

/* Constants stand on the first page; then come those that are found. */
CAN_FAIL resources_list(struct turn *turn)
{
	json_object *list = js_put_array(turn->result, "resources");
	const struct offer *offer;
	const char *after = NULL;
	const char *next = NULL;

	TRY(cursor_read(turn, &after));
	for (size_t i = 0; (offer = turn_offer(turn, &i));) {
		for (const struct offer_resource *one = offer->resources;
		     !after && one && one->uri; one++)
			put_resource(js_add_object(list), "uri", one);
	}
	for (size_t i = 0; (offer = turn_offer(turn, &i));) {
		if (offer->more && !next)
			TRY(offer->more(turn, after, list, &next));
	}
	return next ? cursor_put(turn, next) : NULL;
}

CAN_FAIL templates_list(struct turn *turn)
{
	json_object *list = js_put_array(turn->result, "resourceTemplates");
	const struct offer *offer;

	TRY(cursor_none(turn));
	for (size_t i = 0; (offer = turn_offer(turn, &i));) {
		for (const struct offer_resource *one = offer->templates;
		     one && one->uri; one++)
			put_resource(js_add_object(list), "uriTemplate", one);
	}
	return NULL;
}

const char *template_part(struct arena *mem, const char *form, const char *uri)
{
	size_t start = strcspn(form, "{");
	const char *end = strchr(form, '}');

	if (!end || strncmp(form, uri, start) != 0 ||
	    !text_ends(uri + start, end + 1))
		return NULL;

	size_t length = strlen(uri + start) - strlen(end + 1);

	if (length == 0 || memchr(uri + start, '/', length))
		return NULL;
	return text_unpercent(mem, uri + start, length, false);
}

const char *item_uri(struct arena *mem, const char *id)
{
	return text_format(mem, ITEM "%s", text_percent(mem, id));
}

/* The row that knows a URI; part: what the template's name stood for. */
static const struct offer_resource *find(const struct turn *turn,
                                         const char *uri, const char **part)
{
	const struct offer_resource *one;
	const struct offer *offer;

	*part = NULL;
	for (size_t i = 0; (offer = turn_offer(turn, &i));) {
		for (one = offer->resources; one && one->uri; one++) {
			if (text_same(one->uri, uri))
				return one;
		}
		for (one = offer->templates; one && one->uri; one++) {
			*part = template_part(turn->mem, one->uri, uri);
			if (*part)
				return one;
		}
	}
	return NULL;
}

CAN_FAIL resource_read(struct turn *turn)
{
	const char *uri = js_text(js_get(turn->params, "uri"));
	const struct offer_resource *one;
	json_object *content;
	const char *part;

	if (!uri)
		return turn_refuse(turn, "params.uri is missing.");
	one = strlen(uri) <= URI_MOST ? find(turn, uri, &part) : NULL;
	if (!one)
		return turn_no_resource(turn, uri);
	content = js_add_object(js_put_array(turn->result, "contents"));
	js_put_text(content, "uri", uri);
	if (one->type)
		js_put_text(content, "mimeType", one->type);
	return connect_first(turn, one->read(turn, part, content));
}
