#include "check.h"

#include <stdint.h>

#include "core/arena.h"
#include "core/json.h"
#include "outbound/call.h"

static struct arena *mem;

static void check_url_fill(void)
{
	CHECK_TEXT(url_fill(mem, "https://h/{}", "../a"), "https://h/..%2Fa");
	CHECK_TEXT(url_fill(mem, "https://h/a/b?c=d"), "https://h/a/b?c=d");
	CHECK_TEXT(url_fill(mem, "https://h/{}/x?q={}&r={}", "a b", "&=", ""),
	           "https://h/a%20b/x?q=%26%3D&r=");
	CHECK_TEXT(url_fill(mem, "https://h/{}", "a?b#c"),
	           "https://h/a%3Fb%23c");
	CHECK_TEXT(url_fill(mem, "https://h/{}", "gr\xC3\xBC\xC3\x9F"),
	           "https://h/gr%C3%BC%C3%9F");
	CHECK_TEXT(url_fill(mem, "https://h/{}", "{}"), "https://h/%7B%7D");
	CHECK_TEXT(url_fill(mem, "https://h/{}", "%2e%2e"),
	           "https://h/%252e%252e");
	CHECK_TEXT(url_fill(mem, "https://h/?p={}", ".."), "https://h/?p=..");
	CHECK_TEXT(url_fill(mem, "https://h/{}", "a\r\nb"),
	           "https://h/a%0D%0Ab");
	CHECK_TEXT(url_fill(mem, "https://{}.h.com/", "evil.com/"),
	           "https://evil.com%2F.h.com/");
	CHECK_TEXT(url_fill(mem, "https://h/x{}", ".."), "https://h/x..");

	/* a value must not climb, nor leave a hole */
	CHECK_TEXT(url_fill(mem, "https://h/{}", ".."), NULL);
	CHECK_TEXT(url_fill(mem, "https://h/{}/text", "."), NULL);
	CHECK_TEXT(url_fill(mem, "https://h/files/{}", ""), NULL);
	CHECK_TEXT(url_fill(mem, "https://h/files/{}/text?x={}", "", "1"),
	           NULL);
	CHECK_TEXT(url_fill(mem, "https://h/{}", (const char *)NULL), NULL);
	CHECK_TEXT(url_fill(mem, "https://h/?q={}", (const char *)NULL), NULL);

	CHECK_TEXT(form_fill(mem, "grant_type=x&id={}&word={}", "a&b", ""),
	           "grant_type=x&id=a%26b&word=");
	CHECK_TEXT(form_fill(mem, "id={}", (const char *)NULL), NULL);
}

/* OH-9: libcurl sends what it is given, so nothing that breaks a line may
 * reach it. */
static const struct {
	const char *name, *value;
	bool fine;
} headers[] = {
	{ "Accept", "application/json", true },
	{ "Prefer", "IdType=\"ImmutableId\"", true },
	{ "X-Note", "tab\tis fine", true },
	{ "X-Note", "a\r\nX-Evil: 1", false },
	{ "X-Note", "a\nX-Evil: 1", false },
	{ "X-Note", "a\rb", false },
	{ "X-Note", "\n", false },
	{ "X-Note", "a\x01", false },
	{ "X-Note", "a\x7F", false },
	{ "X-Note", "", false },
	{ "X-Note", NULL, false },
	{ "X-Note: a\r\nX-Evil", "1", false },
	{ "X Note", "1", false },
	{ "X-Note;", "1", false },
	{ "", "1", false },
	{ "Host", "evil.com", false },
	{ "content-length", "0", false },
	{ "Transfer-Encoding", "chunked", false },
	{ "Cookie", "a=b", false },
	{ 0 },
};

static struct call *plain_call(void)
{
	return call_new(mem, "GET", "https://h.com/", NULL, deadline_in(1000));
}

static void check_headers(void)
{
	for (size_t i = 0; headers[i].name; i++) {
		struct call *call = plain_call();

		call_header(call, headers[i].name, headers[i].value);
		CHECK_ROW((call_wrong(call) == NULL) == headers[i].fine,
		          headers[i].value ? headers[i].value : "(null)");
		call = plain_call();
		call_header(call, "Accept", "text/plain");
		call_header(call, headers[i].name, headers[i].value);
		CHECK_ROW((call_wrong(call) == NULL) == headers[i].fine,
		          "the same as a second header");
	}
}

static const struct {
	const char *bearer;
	bool fine;
} tokens[] = {
	{ "eyJ0.eyJh._-~+/=", true },
	{ "", false },
	{ "a b", false },
	{ "a\r\nX-Evil: 1", false },
	{ "a\n", false },
	{ "t\xC3\xB6ken", false },
	{ 0 },
};

static void check_question(void)
{
	struct call *call = plain_call();

	for (size_t i = 0; tokens[i].bearer; i++) {
		call->bearer = tokens[i].bearer; /* OH-9 */
		CHECK_ROW((call_wrong(call) == NULL) == tokens[i].fine,
		          tokens[i].bearer);
	}
	call->bearer = NULL;
	call->method = "CONNECT";
	CHECK(call_wrong(call));
	call->method = "GET\r\n";
	CHECK(call_wrong(call));
	call->method = "GET";
	call_body(call, "text/plain", "hello");
	CHECK(call_wrong(call));
	call->method = "POST";
	CHECK(!call_wrong(call));
	CHECK_INT(call->body_size, 5);
	CHECK_TEXT(call->headers->name, "Content-Type");
}

/* OH-12: a vendor's JSON is held to the bounds of anybody's. */
static void check_json(void)
{
	struct call *call = plain_call();
	char deep[100];

	call->reply.body = "{\"value\": [1]}";
	call->reply.size = strlen(call->reply.body);
	CHECK_FINE(call_json(call));
	CHECK_INT(js_count(js_get(call->reply.json, "value")), 1);
	call->reply.size--;
	CHECK_FAULT(call_json(call), BAD_JSON);
	call->reply.body = "{\"a\": 1, \"a\": 2}";
	call->reply.size = strlen(call->reply.body);
	CHECK_FAULT(call_json(call), BAD_JSON);
	memset(deep, '[', sizeof(deep));
	call->reply.body = deep;
	call->reply.size = sizeof(deep);
	CHECK_FAULT(call_json(call), BAD_JSON);
	call->reply.body = "";
	call->reply.size = 0;
	CHECK_FAULT(call_json(call), BAD_JSON);
}

int main(void)
{
	mem = arena_new(SIZE_MAX);
	check_url_fill();
	check_headers();
	check_question();
	check_json();
	for (enum call_end end = CALL_OPEN; end <= CALL_CANCELLED; end++)
		CHECK(call_end_text(end)); /* no hole in the table */
	arena_free(mem);
	return check_end();
}
