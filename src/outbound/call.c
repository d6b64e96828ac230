#include "outbound/call.h"

#include <assert.h>
#include <string.h>

#include "core/arena.h"
#include "core/text.h"

static const char *const methods[] = { "GET",   "POST",   "PUT",
	                               "PATCH", "DELETE", NULL };

/* Set by libcurl from what it is asked; a second one would contradict it. The
 * bearer token has a door of its own. */
static const char *const managed[] = {
	"Host",       "Content-Length", "Transfer-Encoding",
	"Connection", "Expect",         "Cookie",
	NULL,
};

static const char *const ends[] = {
	[CALL_OPEN] = "open",           [CALL_ANSWERED] = "answered",
	[CALL_REFUSED] = "refused",     [CALL_UNREACHABLE] = "unreachable",
	[CALL_UNTRUSTED] = "untrusted", [CALL_BROKEN] = "broken",
	[CALL_TOO_LARGE] = "too large", [CALL_TIMED_OUT] = "timed out",
	[CALL_CANCELLED] = "cancelled",
};

const char *call_end_text(enum call_end end)
{
	assert(end <= CALL_CANCELLED);
	return ends[end];
}

struct call *call_new(struct arena *mem, const char *method, const char *url,
                      const char *const *hosts, struct deadline deadline)
{
	struct call *call = arena_alloc(mem, sizeof(*call));

	*call = (struct call){
		.mem = mem,
		.method = method,
		.url = url,
		.hosts = hosts,
		.deadline = deadline,
		.connect_ms = CALL_CONNECT_MS,
		.slow_seconds = CALL_SLOW_SECONDS,
		.body_most = CALL_BODY_MOST,
		.head_most = CALL_HEAD_MOST,
		.reply.body = "",
	};
	return call;
}

void call_header(struct call *call, const char *name, const char *value)
{
	struct call_header **last = &call->headers;

	while (*last)
		last = &(*last)->next;
	*last = arena_alloc(call->mem, sizeof(**last));
	**last = (struct call_header){ .name = name, .value = value };
}

void call_basic(struct call *call, const char *user, const char *password)
{
	const char *both = form_fill(call->mem, "{}:{}", user, password);

	assert(both); /* there are both */
	call_header(call, "Authorization",
	            text_format(call->mem, "Basic %s",
	                        text_base64(call->mem, both, strlen(both))));
}

void call_body(struct call *call, const char *type, const char *text)
{
	call_header(call, "Content-Type", type);
	call->body = text;
	call->body_size = strlen(text);
}

void call_body_json(struct call *call, json_object *json)
{
	call_body(call, "application/json", js_print(call->mem, json));
}

static bool listed(const char *text, const char *const *list)
{
	for (; *list; list++)
		if (text_same_ascii(text, *list))
			return true;
	return false;
}

/* RFC 9110 section 5.1: a token. */
static bool is_token(const char *text)
{
	static const char marks[] = "!#$%&'*+-.^_`|~";

	if (!text || !*text)
		return false;
	for (; *text; text++) {
		char c = *text;

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && !strchr(marks, c))
			return false;
	}
	return true;
}

/* libcurl sends a value as it is given, line breaks included. */
static bool is_value(const char *text)
{
	if (!text || !*text)
		return false;
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

/* RFC 6750 section 2.1, a little wider: visible ASCII. */
static bool is_bearer(const char *text)
{
	if (!*text)
		return false;
	for (; *text; text++)
		if (*text <= ' ' || *text > '~')
			return false;
	return true;
}

const char *call_wrong(const struct call *call)
{
	if (!call->method || !listed(call->method, methods))
		return "the method is not one we use";
	if (call->body && text_same(call->method, "GET"))
		return "a GET has no body";
	if (call->bearer && !is_bearer(call->bearer))
		return "the token has characters no token has";
	for (const struct call_header *h = call->headers; h; h = h->next) {
		if (!is_token(h->name) || listed(h->name, managed))
			return "a header's name is not one we send";
		if (!is_value(h->value))
			return "a header's value has control characters";
	}
	return NULL;
}

void call_reset(struct call *call)
{
	assert(!call->exchange);
	call->end = CALL_OPEN;
	call->reply = (struct reply){ .body = "" };
	call->note = NULL;
	call->ms = 0;
}

struct fault *call_json(struct call *call)
{
	return js_parse(call->mem, call->reply.body, call->reply.size,
	                &call->reply.json);
}

/* The form with its {} filled, each value percent-encoded; NULL when a value
 * is NULL. */
static char *fill(struct arena *mem, const char *form, size_t count,
                  const char *const *values)
{
	struct buffer filled = { .mem = mem };
	size_t used = 0;
	const char *gap;

	for (; (gap = strstr(form, "{}")); form = gap + 2) {
		assert(used < count); /* one value for each {} */
		if (!values[used])
			return NULL;
		buffer_add_n(&filled, form, (size_t)(gap - form));
		buffer_add(&filled, text_percent(mem, values[used++]));
	}
	assert(used == count);
	buffer_add(&filled, form);
	return filled.text ? filled.text : text_copy(mem, "");
}

static bool is_dots(const char *segment, size_t size)
{
	return (size == 1 && segment[0] == '.') ||
	       (size == 2 && segment[0] == '.' && segment[1] == '.');
}

/* Servers drop "." and ".." however they are written, so a value that is one
 * would climb out of the form's path. */
static bool path_climbs(const char *url)
{
	const char *start = strstr(url, "://");

	start = start ? start + 3 : url;
	while (*start && *start != '?') {
		size_t size = strcspn(start, "/?");

		if (is_dots(start, size))
			return true;
		start += size;
		if (*start == '/')
			start++;
	}
	return false;
}

/* Whether an empty value stands before the query, where it would make a
 * collection of an item. */
static bool path_has_hole(const char *form, size_t count,
                          const char *const *values)
{
	size_t path = strcspn(form, "?");

	for (size_t i = 0; i < count; i++) {
		const char *gap = strstr(form, "{}");

		if (!gap || (size_t)(gap - form) > path)
			return false;
		if (!values[i] || !*values[i])
			return true;
		path -= (size_t)(gap + 2 - form);
		form = gap + 2;
	}
	return false;
}

char *url_fill_all(struct arena *mem, const char *form, size_t count,
                   const char *const *values)
{
	char *url;

	if (path_has_hole(form, count, values))
		return NULL;
	url = fill(mem, form, count, values);
	return url && !path_climbs(url) ? url : NULL;
}

char *form_fill_all(struct arena *mem, const char *form, size_t count,
                    const char *const *values)
{
	return fill(mem, form, count, values);
}
