#include "mcp/header.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "web/request.h"

#define ENCODED_START "=?base64?"
#define ENCODED_END "?="

enum { SCHEMA_LEVELS = 8 };

static bool printable(const char *raw)
{
	for (; *raw; raw++) {
		if ((*raw < 0x20 || *raw > 0x7e) && *raw != '\t')
			return false;
	}
	return true;
}

static const char *decoded(struct arena *mem, const char *raw)
{
	size_t start = strlen(ENCODED_START);
	size_t length = strlen(raw) - start - strlen(ENCODED_END);
	char *inside = text_copy_n(mem, raw + start, length);
	size_t size = 0;
	unsigned char *bytes = text_unbase64(mem, inside, &size);

	if (!bytes || !text_valid((const char *)bytes, size))
		return NULL;
	return text_copy_n(mem, (const char *)bytes, size);
}

const char *header_value(struct arena *mem, const char *raw)
{
	size_t least = strlen(ENCODED_START) + strlen(ENCODED_END);

	if (!printable(raw))
		return NULL;
	raw = text_trim(mem, raw);
	if (strlen(raw) >= least && text_starts(raw, ENCODED_START) &&
	    text_ends(raw, ENCODED_END))
		return decoded(mem, raw);
	return raw;
}

/* An integer as a header may write it, "42" or "42.0". */
static bool same_integer(const char *text, int64_t value)
{
	char *end = NULL;
	long long number = strtoll(text, &end, 10);

	if (end == text)
		return false;
	if (*end == '.')
		end += 1 + strspn(end + 1, "0");
	return *end == '\0' && number == value;
}

bool header_says(struct arena *mem, const char *raw, json_object *value)
{
	const char *said = header_value(mem, raw);

	if (!said)
		return false;
	if (js_is_text(value))
		return strcmp(said, js_text(value)) == 0;
	if (js_is_boolean(value))
		return strcmp(said, js_true(value) ? "true" : "false") == 0;
	return js_is_integer(value) && same_integer(said, js_integer(value));
}

CAN_FAIL header_once(struct request *req)
{
	static const char *const names[] = { "MCP-Protocol-Version",
		                             "Mcp-Method", "Mcp-Name", NULL };

	for (const char *const *name = names; *name; name++) {
		if (request_header_twice(req, *name))
			return fault_told(req->mem, FAULT_HEADER_MISMATCH,
			                  "The header %s was sent twice.",
			                  *name);
	}
	return NULL;
}

CAN_FAIL header_agrees(struct request *req, const char *name,
                       const char *expected, bool absent_ok)
{
	const char *raw = request_header(req, name);

	if (!raw && absent_ok)
		return NULL;
	if (!raw)
		return fault_told(req->mem, FAULT_HEADER_MISMATCH,
		                  "The header %s is missing.", name);
	if (!text_same(header_value(req->mem, raw), expected))
		return fault_told(req->mem, FAULT_HEADER_MISMATCH,
		                  "The header %s is not what the body says.",
		                  name);
	return NULL;
}

static CAN_FAIL parameter(struct request *req, const char *mark,
                          json_object *argument)
{
	const char *name = text_format(req->mem, "Mcp-Param-%s", mark);
	const char *raw = request_header(req, name);

	if (js_is_null(argument))
		return NULL; /* then nobody may expect the header */
	if (request_header_twice(req, name) || !raw ||
	    !header_says(req->mem, raw, argument))
		return fault_told(req->mem, FAULT_HEADER_MISMATCH,
		                  "The header %s is missing or not what the "
		                  "arguments say.",
		                  name);
	return NULL;
}

static CAN_FAIL parameters(struct request *req, json_object *schema,
                           json_object *arguments, int level)
{
	json_object *properties = js_get(schema, "properties");

	if (level == SCHEMA_LEVELS)
		return NULL;
	for (struct js_member m = js_first(properties); m.name;
	     m = js_next(m)) {
		json_object *argument = js_get(arguments, m.name);
		const char *mark = js_text(js_get(m.value, "x-mcp-header"));

		if (mark)
			TRY(parameter(req, mark, argument));
		TRY(parameters(req, m.value, argument, level + 1));
	}
	return NULL;
}

CAN_FAIL header_parameters(struct request *req, json_object *schema,
                           json_object *arguments)
{
	return parameters(req, schema, arguments, 0);
}
