#include "mcp/era.h"

#include <string.h>

#include "core/text.h"
#include "mcp/header.h"
#include "mcp/method.h"
#include "mcp/turn.h"
#include "web/request.h"

#define VERSION_HEADER "MCP-Protocol-Version"

bool era_claimed(json_object *message)
{
	return js_has(js_get(message, "params", "_meta"), META_VERSION);
}

/* The header, without blanks; NULL when absent. */
static const char *header(const struct request *req)
{
	const char *raw = request_header(req, VERSION_HEADER);

	return raw ? text_trim(req->mem, raw) : NULL;
}

/* Revisions are dates, so that text order is time's. */
static bool modern_header(const struct request *req)
{
	const char *said = header(req);

	return said && strcmp(said, revision_name(REVISION_MODERN)) >= 0;
}

bool era_of_header(const struct request *req, enum revision *revision)
{
	const char *said = header(req);

	*revision = REVISION_2025_03_26; /* what its absence stands for */
	return !said || revision_find(said, revision);
}

/* ---- older revisions ---- */

static CAN_FAIL legacy(struct turn *turn)
{
	if (text_same(turn->name, "initialize")) {
		/* the answer names the revision; errors go by the newest */
		turn->revision = REVISION_HANDSHAKE;
		return NULL;
	}
	if (era_of_header(turn->req, &turn->revision))
		return NULL;
	return fault_told(turn->mem, FAULT_BAD_REQUEST,
	                  "This " VERSION_HEADER " is not supported; "
	                  "supported are 2025-11-25, 2025-06-18, 2025-03-26, "
	                  "and 2026-07-28 with its _meta.");
}

/* ---- 2026-07-28 ---- */

static bool complete(const struct turn *turn)
{
	return js_is_text(js_get(turn->meta, META_VERSION)) &&
	       js_is_object(js_get(turn->meta, META_CAPABILITIES));
}

static bool log_level(json_object *level)
{
	static const char *const levels[] = {
		"debug",    "info",  "notice",    "warning", "error",
		"critical", "alert", "emergency", NULL,
	};

	for (const char *const *name = levels; *name; name++) {
		if (text_same(*name, js_text(level)))
			return true;
	}
	return false;
}

static CAN_FAIL check_meta(struct turn *turn)
{
	json_object *token = js_get(turn->meta, "progressToken");

	if (!turn->meta)
		return turn_refuse(turn,
		                   "params._meta is missing, with %s "
		                   "and %s.",
		                   META_VERSION, META_CAPABILITIES);
	if (!js_is_text(js_get(turn->meta, META_VERSION)))
		return turn_refuse(turn, "params._meta lacks %s, a string.",
		                   META_VERSION);
	if (!js_is_object(js_get(turn->meta, META_CAPABILITIES)))
		return turn_refuse(turn, "params._meta lacks %s, an object.",
		                   META_CAPABILITIES);
	if (js_has(turn->meta, "progressToken") && !js_is_text(token) &&
	    !js_is_integer(token))
		return turn_refuse(turn, "progressToken is neither a string "
		                         "nor an integer.");
	if (js_has(turn->meta, META_LOG_LEVEL) &&
	    !log_level(js_get(turn->meta, META_LOG_LEVEL)))
		return turn_refuse(turn, "%s is no log level.", META_LOG_LEVEL);
	return NULL;
}

static CAN_FAIL check_supported(struct turn *turn)
{
	const char *asked = js_text(js_get(turn->meta, META_VERSION));

	if (text_same(asked, revision_name(REVISION_MODERN)))
		return NULL;
	/* the older ones exist in handshake form only, so none is listed */
	turn->data = js_object(turn->mem);
	js_add_text(js_put_array(turn->data, "supported"),
	            revision_name(REVISION_MODERN));
	js_put_text(turn->data, "requested", asked);
	return fault(turn->mem, FAULT_BAD_REVISION, "%s", asked);
}

/* First what is there must agree, then the version must be known, and then
 * everything must be there: the order tells a client what to mend first. */
static CAN_FAIL modern(struct turn *turn)
{
	const struct method *method = method_find(turn->name);
	const char *named_by = method ? method->named_by : NULL;
	const char *version;

	turn->revision = REVISION_MODERN;
	TRY(header_once(turn->req));
	TRY(check_meta(turn));
	version = js_text(js_get(turn->meta, META_VERSION));
	TRY(header_agrees(turn->req, VERSION_HEADER, version, true));
	TRY(header_agrees(turn->req, "Mcp-Method", turn->name, true));
	TRY(check_supported(turn));
	TRY(header_agrees(turn->req, VERSION_HEADER, version, false));
	TRY(header_agrees(turn->req, "Mcp-Method", turn->name, false));
	if (named_by)
		TRY(header_agrees(turn->req, "Mcp-Name",
		                  js_text(js_get(turn->params, named_by)),
		                  false));
	return NULL;
}

CAN_FAIL era_of_request(struct turn *turn)
{
	bool claim = js_has(turn->meta, META_VERSION);
	bool hello = text_same(turn->name, "initialize");

	if (hello ? complete(turn) : claim || modern_header(turn->req))
		return modern(turn);
	turn->revision = REVISION_HANDSHAKE;
	TRY(header_once(turn->req));
	if (hello && modern_header(turn->req))
		return fault_told(turn->mem, FAULT_HEADER_MISMATCH,
		                  "The header " VERSION_HEADER
		                  " names a revision "
		                  "that has no initialize.");
	return legacy(turn);
}

CAN_FAIL era_of_notification(struct turn *turn)
{
	json_object *claim = js_get(turn->meta, META_VERSION);

	turn->revision = REVISION_MODERN;
	TRY(header_once(turn->req));
	if (js_has(turn->meta, META_VERSION))
		return header_agrees(turn->req, VERSION_HEADER, js_text(claim),
		                     true);
	if (modern_header(turn->req))
		return NULL;
	return legacy(turn);
}
