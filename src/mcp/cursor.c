#include "mcp/cursor.h"

#include "auth/principal.h"
#include "core/json.h"
#include "core/text.h"
#include "mcp/turn.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/request.h"

static const char *context(const struct turn *turn)
{
	const struct principal *principal = turn->req->principal;

	return text_format(turn->mem, "mcp-cursor\n%s\n%s\n%s",
	                   principal->user_id, principal->server_id,
	                   turn->name);
}

CAN_FAIL cursor_read(struct turn *turn, const char **place)
{
	const char *cursor = js_text(js_get(turn->params, "cursor"));

	*place = NULL;
	if (!js_has(turn->params, "cursor"))
		return NULL;
	if (!cursor || state_open(turn->req->app->vault, turn->mem,
	                          context(turn), cursor, place))
		return turn_refuse(turn, "This cursor is not valid here: list "
		                         "again from the start.");
	return NULL;
}

CAN_FAIL cursor_put(struct turn *turn, const char *place)
{
	const char *cursor = NULL;

	TRY(state_seal(turn->req->app->vault, turn->mem, context(turn), place,
	               &cursor));
	js_put_text(turn->result, "nextCursor", cursor);
	return NULL;
}

CAN_FAIL cursor_none(struct turn *turn)
{
	const char *place = NULL;

	TRY(cursor_read(turn, &place));
	if (place)
		return turn_refuse(turn, "This list has one page.");
	return NULL;
}
