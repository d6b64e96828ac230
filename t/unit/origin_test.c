#include "check.h"

#include "auth/challenge.h"
#include "auth/origin.h"
#include "auth/principal.h"
#include "auth_request.h"
#include "core/text.h"

static struct arena *mem;

/* AC-12: the fixed list, compared exactly. */
static const struct {
	const char *origin;
	bool at_app, at_gateway;
} origins[] = {
	{ "https://app.example.com", true, false },
	{ "https://front.example.org", true, true },
	{ "https://b.example.net:8443", true, true },
	{ "http://localhost:3000", true, true },
	{ "http://localhost:5173", true, true },
	{ "http://localhost:8080", true, true },
	{ "http://127.0.0.1:3000", true, true },
	{ "http://127.0.0.1:5173", true, true },
	{ "http://127.0.0.1:8080", true, true },
	/* MC-1: a gateway takes its own origin and any local client's */
	{ "https://gate1.example.com", false, true },
	{ "http://localhost", false, true },
	{ "http://localhost:6274", false, true },
	{ "https://localhost:1", false, true },
	{ "http://127.0.0.1:65535", false, true },
	{ "http://[::1]:6274", false, true },
	{ "https://[::1]", false, true },
	/* neither takes what only looks like one */
	{ "null", false, false },
	{ "", false, false },
	{ "*", false, false },
	{ "http://app.example.com", false, false },
	{ "https://app.example.com:443", false, false },
	{ "https://app.example.com:8443", false, false },
	{ "https://app.example.com/", false, false },
	{ "https://app.example.com.evil.example", false, false },
	{ "https://evil-app.example.com", false, false },
	{ "https://app.example.co", false, false },
	{ "HTTPS://APP.EXAMPLE.COM", false, false },
	{ " https://app.example.com", false, false },
	{ "https://app.example.com https://evil.example", false, false },
	{ "https://user@app.example.com", false, false },
	{ "https://b.example.net", false, false },
	{ "http://gate1.example.com", false, false },
	{ "https://gate1.example.com:443", false, false },
	{ "https://gate1.example.com:8443", false, false },
	{ "https://gate2.example.com", false, false },
	{ "https://gate1.example.com.evil.example", false, false },
	{ "http://localhost.evil.example", false, false },
	{ "http://localhost:", false, false },
	{ "http://localhost:0", false, false },
	{ "http://localhost:65536", false, false },
	{ "http://localhost:80x", false, false },
	{ "http://localhost:80@evil.example", false, false },
	{ "http://localhost@evil.example", false, false },
	{ "http://localhost/", false, false },
	{ "http://127.0.0.1.evil.example", false, false },
	{ "http://127.0.0.10", false, false },
	{ "http://127.0.0.2:3000", false, false },
	{ "http://[::1].evil.example", false, false },
	{ "http://[::2]:80", false, false },
	{ "ftp://localhost", false, false },
	{ "file://", false, false },
};

static void lists(void)
{
	struct request req = request_of(mem, "POST", NO_PARAMS);

	for (size_t i = 0; i < sizeof(origins) / sizeof(*origins); i++) {
		const char *origin = origins[i].origin;

		CHECK_ROW(origin_allowed(&req, origin) == origins[i].at_app,
		          text_format(mem, "AC-12: %s at the app", origin));
		CHECK_ROW(origin_allowed_at_gateway(&req, origin) ==
		                  origins[i].at_gateway,
		          text_format(mem, "MC-1: %s at a gateway", origin));
	}
	test_app.config.origins = "null, https://x.example";
	CHECK_ROW(!origin_allowed(&req, "null"), "AC-12: a listed null");
	CHECK_ROW(!origin_allowed_at_gateway(&req, "null"),
	          "MC-1: a listed null");
	test_app.config.origins = "";
	CHECK(!origin_allowed(&req, ""));
	test_app.config.origins =
		"https://front.example.org, https://b.example.net:8443";
}

#define APP "HTTP_ORIGIN=https://app.example.com"
#define EVIL "HTTP_ORIGIN=https://evil.example"
#define SITE(site) "HTTP_SEC_FETCH_SITE=" site

/* AC-11: the matrix of Origin and Sec-Fetch-Site. */
static const struct {
	const char *note;
	const char *params[4];
	enum fault_kind kind; /* FAULT_KINDS: passes */
} checks[] = {
	{ "neither", { NULL }, FAULT_KINDS },
	{ "same origin", { APP, NULL }, FAULT_KINDS },
	{ "same origin, same site",
	  { APP, SITE("same-origin"), NULL },
	  FAULT_KINDS },
	{ "allowed origin of another site",
	  { APP, SITE("cross-site"), NULL },
	  FAULT_KINDS },
	{ "foreign origin", { EVIL, NULL }, FAULT_BAD_ORIGIN },
	{ "foreign origin that says same-origin",
	  { EVIL, SITE("same-origin"), NULL },
	  FAULT_BAD_ORIGIN },
	{ "null", { "HTTP_ORIGIN=null", NULL }, FAULT_BAD_ORIGIN },
	{ "no origin, same-origin",
	  { SITE("same-origin"), NULL },
	  FAULT_KINDS },
	{ "no origin, none", { SITE("none"), NULL }, FAULT_KINDS },
	{ "no origin, same-site",
	  { SITE("same-site"), NULL },
	  FAULT_BAD_ORIGIN },
	{ "no origin, cross-site",
	  { SITE("cross-site"), NULL },
	  FAULT_BAD_ORIGIN },
	{ "no origin, something else",
	  { SITE("Same-Origin"), NULL },
	  FAULT_BAD_ORIGIN },
	{ "no origin, the site twice",
	  { SITE("none"), SITE("cross-site"), NULL },
	  FAULT_BAD_ORIGIN },
	{ "TV-11: two origins, good first",
	  { APP, EVIL, NULL },
	  FAULT_BAD_REQUEST },
	{ "TV-11: two origins, bad first",
	  { EVIL, APP, NULL },
	  FAULT_BAD_REQUEST },
};

static void matrix(void)
{
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++) {
		struct request req = request_of(mem, "POST", checks[i].params);
		struct fault *wrong = origin_check(&req);

		CHECK_ROW((wrong ? wrong->kind : FAULT_KINDS) == checks[i].kind,
		          text_format(mem, "AC-11: %s", checks[i].note));
	}
}

static const char *header_of(const struct response *out, const char *name)
{
	for (const struct header *h = out->headers; h; h = h->next)
		if (text_same_ascii(h->name, name))
			return h->value;
	return NULL;
}

/* AC-12: allowed origins get themselves, others nothing; caches know. */
static void headers(void)
{
	struct response good = { .mem = mem }, bad = { .mem = mem },
			two = { .mem = mem };
	struct request req = request_of(mem, "GET", PARAMS(APP));

	origin_headers(&req, &good);
	CHECK_TEXT(header_of(&good, "Access-Control-Allow-Origin"),
	           "https://app.example.com");
	CHECK_TEXT(header_of(&good, "Access-Control-Allow-Credentials"),
	           "true");
	CHECK_TEXT(header_of(&good, "Vary"), "Origin");
	req = request_of(mem, "GET", PARAMS(EVIL));
	origin_headers(&req, &bad);
	CHECK_TEXT(header_of(&bad, "Access-Control-Allow-Origin"), NULL);
	CHECK_TEXT(header_of(&bad, "Access-Control-Allow-Credentials"), NULL);
	CHECK_TEXT(header_of(&bad, "Vary"), "Origin");
	req = request_of(mem, "GET", PARAMS(APP, EVIL));
	origin_headers(&req, &two);
	CHECK_TEXT(header_of(&two, "Access-Control-Allow-Origin"), NULL);
}

static const char *header_of_challenge(struct request *req,
                                       const struct fault *wrong)
{
	struct response out = { .mem = mem };

	challenge(req, wrong, &out);
	return header_of(&out, "WWW-Authenticate");
}

static const char *challenge_for(struct request *req, enum fault_kind kind)
{
	return header_of_challenge(req, fault(mem, kind, "test"));
}

#define METADATA(origin)                     \
	"Bearer resource_metadata=\"" origin \
	"/.well-known/oauth-protected-resource\", scope=\"search fetch\""

/* MC-5, OA-10 */
static void challenges(void)
{
	struct request req =
		request_of(mem, "POST",
	                   PARAMS("HTTP_HOST=evil.example",
	                          "HTTP_X_FORWARDED_HOST=evil.example"));
	static const char *const held[] = { "[\"search\"]", "[]" };
	struct principal who = { 0 };
	const char *said;

	req.offered = js_literal(mem, "[\"search\", \"fetch\"]");
	CHECK_TEXT(challenge_for(&req, FAULT_NO_TOKEN),
	           METADATA("https://gate1.example.com"));
	said = challenge_for(&req, FAULT_BAD_TOKEN);
	CHECK(text_starts(
		said,
		METADATA("https://gate1.example.com") ", "
	                                              "error=\"invalid_token\","
	                                              " error_description=\""));
	CHECK(text_ends(said, "\""));
	CHECK_TEXT(challenge_for(&req, FAULT_BAD_ORIGIN), NULL);
	CHECK_TEXT(challenge_for(&req, FAULT_WRONG_HOST), NULL);
	CHECK_TEXT(challenge_for(&req, FAULT_NO_DATABASE), NULL);
	/* OA-9: what it has and what is missing; who has no list has all. */
	req.principal = &who;
	CHECK_FINE(scope_check(&req, "fetch"));
	for (size_t i = 0; i < 2; i++) {
		struct fault *wrong;

		who.scopes = js_literal(mem, held[i]);
		wrong = scope_check(&req, "fetch");
		CHECK_FAULT(wrong, NO_SCOPE);
		said = header_of_challenge(&req, wrong);
		CHECK(strstr(said,
		             i ? "scope=\"fetch\", error=\"insufficient"
		               : "scope=\"search fetch\", error=\"insuff"));
	}
	req.host = "localhost";
	req.port = "8081";
	test_app.config.gateway_scheme = "http";
	CHECK_TEXT(challenge_for(&req, FAULT_NO_TOKEN),
	           METADATA("http://localhost:8081"));
	req.port = "80";
	CHECK_TEXT(gateway_origin(&req), "http://localhost");
	req.port = "443";
	CHECK_TEXT(gateway_origin(&req), "http://localhost:443");
	test_app.config.gateway_scheme = "https";
}

/* The app host's origin, from its URL in any spelling. */
static void app_urls(void)
{
	static const struct {
		const char *url, *origin;
	} all[] = {
		{ "https://app.example.com", "https://app.example.com" },
		{ "https://App.Example.com:443/x", "https://app.example.com" },
		{ "https://app.example.com:8443/",
		  "https://app.example.com:8443" },
		{ "http://localhost:9090", "http://localhost:9090" },
		{ "http://[::1]:9090/", "http://[::1]:9090" },
		{ "http://[::1]", "http://[::1]" },
		{ "http://127.0.0.1:80", "http://127.0.0.1" },
	};
	struct request req = request_of(mem, "GET", NO_PARAMS);

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		test_app.config.app_url = all[i].url;
		CHECK_ROW(origin_allowed(&req, all[i].origin), all[i].url);
	}
	test_app.config.app_url = "https://app.example.com";
}

int main(void)
{
	mem = arena_new(1 << 20);
	lists();
	matrix();
	headers();
	challenges();
	app_urls();
	arena_free(mem);
	return check_end();
}
