/* Pieces of the authorization server that need no database: redirect URIs,
 * proof keys, scopes, forms, pages. */
#include <string.h>

#include "check.h"
#include "core/arena.h"
#include "core/text.h"
#include "oauth/pkce.h"
#include "oauth/redirect.h"
#include "oauth/scope.h"
#include "web/form.h"
#include "web/page.h"
#include "web/response.h"

static struct arena *mem;

/* OA-1: what may be registered, by a client itself and by somebody for it. */
static void registering(void)
{
	static const struct {
		const char *uri;
		bool fine, registered;
	} rows[] = {
		{ "https://a.example/cb", true, true },
		{ "https://a.example", true, true },
		{ "https://a.example:8443/cb?x=1", true, true },
		{ "https://a-b.c1.example/", true, true },
		{ "http://127.0.0.1/cb", true, true },
		{ "http://127.0.0.1:33418/", true, true },
		{ "http://localhost:1/cb", true, true },
		{ "http://[::1]:1/cb", true, true },
		{ "cursor://anysphere.cursor-mcp/oauth/callback", true, true },
		{ "vscode://x/y", true, true },
		{ "com.example.app:/cb", false, true },
		{ "my-app://cb", false, true },
		{ "", false, false },
		{ "https", false, false },
		{ "https:", false, false },
		{ "https:/a.example/cb", false, false },
		{ "https://", false, false },
		{ "https:///cb", false, false },
		{ "https://?x", false, false },
		{ "https://:443/", false, false },
		{ "//a.example/cb", false, false },
		{ "/cb", false, false },
		{ "a.example/cb", false, false },
		{ "HTTPS://a.example/cb", false, false },
		{ "https://A.example/cb", false, false },
		{ "https://a.example/cb#", false, false },
		{ "https://a.example/cb#x", false, false },
		{ "https://u@a.example/cb", false, false },
		{ "https://u:p@a.example/cb", false, false },
		{ "cursor://u@x/cb", false, false },
		{ "my-app://u:p@x/cb", false, false },
		{ "https://a.example:65535/cb", true, true },
		{ "https://a.example:65536/cb", false, false },
		{ "https://a.example:0/cb", false, false },
		{ "http://127.0.0.1:080/cb", false, false },
		{ "https://a.example/cb?codes=1&x=code", true, true },
		{ "https://a.example/cb?x=1&&error", false, false },
		{ "https://a.example/cb?code=1", false, false },
		{ "https://a.example/cb?x=1&state", false, false },
		{ "https://a.example/cb?is%73=https://b.example", false,
		  false },
		{ "https://a.example?iss=https://b.example", false, false },
		{ "http://localhost/cb?error_description=x", false, false },
		{ "https://a.example:0x50/cb", false, false },
		{ "https://a.example:/cb", false, false },
		{ "https://a.example:123456/cb", false, false },
		{ "https://a.example/../cb", false, false },
		{ "https://a.example/x/./cb", false, false },
		{ "https://a.example/..", false, false },
		{ "https://a..example/", false, false },
		{ "https://.a.example/", false, false },
		{ "https://a.example./", false, false },
		{ "https://a.example\\@b.example/", false, false },
		{ "https://a.example/a b", false, false },
		{ "https://a.example/\t", false, false },
		{ "https://a.example/\r\nX: y", false, false },
		{ "https://a.example/\xc3\xa9", false, false },
		{ "https://\xd0\xb0.example/", false, false },
		{ "https://a.example/<x>", false, false },
		{ "https://a.example/\"x", false, false },
		{ "https://[::1]/cb", false, false },
		{ "http://a.example/cb", false, false },
		{ "http://127.0.0.1.evil.example/", false, false },
		{ "http://127.0.0.2/cb", false, false },
		{ "http://localhost.evil.example/", false, false },
		{ "http://0.0.0.0/", false, false },
		{ "javascript:alert(1)", false, false },
		{ "data:text/html,x", false, false },
		{ "file:///etc/passwd", false, false },
		{ "about:blank", false, false },
		{ "vbscript:x", false, false },
		{ "blob:https://a.example/x", false, false },
		{ "cursor:", false, false },
		{ "1app://x", false, false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		CHECK_ROW(!redirect_wrong(rows[i].uri, false) == rows[i].fine,
		          rows[i].uri);
		CHECK_ROW(!redirect_wrong(rows[i].uri, true) ==
		                  rows[i].registered,
		          rows[i].uri);
	}
}

/* OA-1: byte for byte, but for the port of a loopback address. */
static void meaning(void)
{
	json_object *known = js_literal(
		mem,
		"[\"https://a.example/cb\", \"http://127.0.0.1:80/cb?x=1\", "
		"\"http://localhost/cb\", \"cursor://x/cb\"]");
	static const struct {
		const char *uri;
		bool known;
	} rows[] = {
		{ "https://a.example/cb", true },
		{ "http://127.0.0.1:80/cb?x=1", true },
		{ "http://127.0.0.1/cb?x=1", true },
		{ "http://127.0.0.1:65535/cb?x=1", true },
		{ "http://localhost:1234/cb", true },
		{ "cursor://x/cb", true },
		{ "https://a.example/cb/", false },
		{ "https://a.example/cb?", false },
		{ "https://a.example/cb?x=1", false },
		{ "https://a.example/Cb", false },
		{ "https://a.example/c%62", false },
		{ "https://a.example//cb", false },
		{ "https://a.example:443/cb", false },
		{ "https://b.a.example/cb", false },
		{ "https://a.example.evil/cb", false },
		{ "http://a.example/cb", false },
		{ "http://127.0.0.1/cb", false },
		{ "http://127.0.0.1:80/cb?x=2", false },
		{ "http://127.0.0.1:80/cb?x=1&y=2", false },
		{ "http://[::1]:80/cb?x=1", false },
		{ "http://localhost:80/cb?x=1", false },
		{ "http://localhost:80@evil.example/cb", false },
		{ "https://localhost/cb", false },
		{ "cursor://x:1/cb", false },
		{ "", false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_ROW(redirect_known(known, rows[i].uri) == rows[i].known,
		          rows[i].uri);
	CHECK_TEXT(redirect_place(mem, "https://a.example:1/x"), "a.example");
	CHECK_TEXT(redirect_place(mem, "cursor://x/cb"), "cursor://");
	CHECK_TEXT(redirect_source(mem, "https://a.example:1/x?y"),
	           "https://a.example:1");
	CHECK_TEXT(redirect_source(mem, "http://localhost:5/x"),
	           "http://localhost:5");
	CHECK_TEXT(redirect_source(mem, "cursor://x/cb"), "cursor:");
	CHECK(redirect_is_local("http://127.0.0.1/"));
	CHECK(redirect_is_local("cursor://x"));
	CHECK(!redirect_is_local("https://a.example/"));
}

/* OA-7: what is sent back is encoded, whatever it is. */
static void sending_back(void)
{
	static const char *const names[] = { "code", "error", "state" };
	const char *const values[] = { "c", NULL, "a&b=c #\"<\xc3\xa9" };

	CHECK_TEXT(redirect_with(mem, "https://a.example/cb", 3, names, values),
	           "https://a.example/"
	           "cb?code=c&state=a%26b%3Dc%20%23%22%3C%C3%A9");
	CHECK_TEXT(
		redirect_with(mem, "https://a.example/cb?x", 1, names, values),
		"https://a.example/cb?x&code=c");
}

/* OA-4: the example of RFC 7636, appendix B */
static void proof_keys(void)
{
	static const char verifier[] =
		"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

	CHECK_TEXT(pkce_challenge(mem, verifier),
	           "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
	CHECK_TEXT(pkce_challenge(mem, NULL), NULL);
	CHECK_TEXT(pkce_challenge(mem, ""), NULL);
	CHECK_TEXT(pkce_challenge(mem, verifier + 1), NULL);
	CHECK_TEXT(
		pkce_challenge(mem, text_format(mem, "%s%129d", verifier, 0)),
		NULL);
	CHECK_TEXT(pkce_challenge(mem, text_format(mem, "%s+", verifier)),
	           NULL);
	CHECK(pkce_challenge_fine(
		"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
	CHECK(!pkce_challenge_fine(
		"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c"));
	CHECK(!pkce_challenge_fine(
		"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"));
	CHECK(!pkce_challenge_fine(NULL));
}

static void scopes(void)
{
	json_object *offered =
		js_literal(mem, "[\"search\", \"fetch\", \"box\"]");
	static const struct {
		const char *asked, *wanted;
	} rows[] = {
		{ NULL, "search fetch box" },
		{ "search", "search" },
		{ "box  search", "search box" },
		{ "offline_access fetch openid", "fetch" },
		{ "SEARCH", "" },
		{ "", "search fetch box" },
		{ " ", "search fetch box" },
		{ "offline_access", "search fetch box" },
		{ "openid", "" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t count;
		const char **wanted =
			scope_wanted(mem, offered, rows[i].asked, &count);
		json_object *list = js_array(mem);

		for (size_t n = 0; n < count; n++)
			js_add_text(list, wanted[n]);
		CHECK_TEXT(scope_text(mem, list), rows[i].wanted);
	}
	CHECK(scope_in(offered, "box"));
	CHECK(!scope_in(offered, "bo"));
}

/* RP-10 */
static void forms(void)
{
	static const struct {
		const char *text, *json; /* NULL: refused */
	} rows[] = {
		{ "", "{}" },
		{ "a=1&b=2", "{\"a\":\"1\",\"b\":\"2\"}" },
		{ "a=x+y%20z%26", "{\"a\":\"x y z&\"}" },
		{ "a", "{\"a\":\"\"}" },
		{ "a=b=c&&", "{\"a\":\"b=c\"}" },
		{ "a%3D=1", "{\"a=\":\"1\"}" },
		{ "a=%2541", "{\"a\":\"%41\"}" },
		{ "a=1&a=2", NULL },
		{ "a=1&%61=2", NULL },
		{ "a=%", NULL },
		{ "a=%0", NULL },
		{ "a=%00", NULL },
		{ "a=%ff", NULL },
		{ "%zz=1", NULL },
	};
	struct buffer many = { .mem = mem };
	json_object *form;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fault *wrong = form_read(mem, rows[i].text,
		                                strlen(rows[i].text), &form);

		CHECK_ROW(!wrong == !!rows[i].json, rows[i].text);
		if (!wrong)
			CHECK_TEXT(js_print(mem, form), rows[i].json);
	}
	CHECK_FAULT(form_read(mem, "a=\0b", 4, &form), BAD_FIELD);
	for (int i = 0; i < 65; i++)
		buffer_format(&many, "n%d=&", i);
	CHECK_FAULT(form_read(mem, many.text, many.size, &form), BAD_REQUEST);
}

/* OA-12: markup, characters nobody sees, and 10 kB names */
static void pages(void)
{
	struct response out = { .mem = mem };
	struct html_page page = page_new(mem, "Title");
	char *name = arena_alloc(mem, 10241);

	memset(name, 'n', 10240);
	page.sent_to = "https://a.example";
	page_add(&page, "<p title=\"{}\">{}</p>", "\"'><b>&",
	         "a\xe2\x80\xae"
	         "b");
	page_add(&page, "<i>{}</i>", name);
	page_send(&page, 200, &out);
	CHECK(strstr(out.text,
	             "<p title=\"&quot;&#39;&gt;&lt;b&gt;&amp;\">ab</p>"));
	CHECK(strlen(out.text) < 4000);
	CHECK(strstr(out.text, "n\xe2\x80\xa6</i>"));
	CHECK_TEXT(out.type, "text/html; charset=utf-8");
	CHECK_INT(out.status, 200);
}

int main(void)
{
	mem = arena_new(1 << 20);
	registering();
	meaning();
	sending_back();
	proof_keys();
	scopes();
	forms();
	pages();
	arena_free(mem);
	return check_end();
}
