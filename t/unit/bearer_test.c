#include "check.h"

#include "auth/bearer.h"
#include "auth/principal.h"
#include "auth/session.h"
#include "auth/sign.h"
#include "auth/throttle.h"
#include "auth_request.h"
#include "core/deadline.h"
#include "core/text.h"
#include "db/db.h"

#define TOKEN "ght_0123456789abcdefghijklmnopqrstuvwxyzABCDEF-"
#define AUTH(text) "HTTP_AUTHORIZATION=" text

static struct arena *mem;

static const struct {
	const char *header, *token;
	bool fine;
} headers[] = {
	{ AUTH("Bearer " TOKEN), TOKEN, true },
	{ AUTH("bearer " TOKEN), TOKEN, true },
	{ AUTH("BEARER " TOKEN), TOKEN, true },
	{ AUTH("Bearer   " TOKEN), TOKEN, true },
	{ AUTH("Bearer abc.def-ghi_jkl~mno+pqr/stu=="),
	  "abc.def-ghi_jkl~mno+pqr/stu==", true },
	{ AUTH("Basic YWxhZGRpbjpvcGVu"), NULL, true },
	{ AUTH("Bearerabc"), NULL, true },
	{ AUTH(""), NULL, true },
	{ AUTH("Bearer"), NULL, false },
	{ AUTH("Bearer "), NULL, false },
	{ AUTH("Bearer =="), NULL, false },
	{ AUTH("Bearer a=b"), NULL, false },
	{ AUTH("Bearer a b"), NULL, false },
	{ AUTH("Bearer a,b"), NULL, false },
	{ AUTH("Bearer a, Bearer b"), NULL, false },
	{ AUTH("Bearer a\tb"), NULL, false },
	{ AUTH("Bearer \"a\""), NULL, false },
	{ AUTH("Bearer a\x01"), NULL, false },
	{ AUTH("Bearer \xC3\xA9"), NULL, false },
	{ AUTH("Bearer " TOKEN " "), NULL, false },
};

static void header_table(void)
{
	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++) {
		struct request req = request_of(
			mem, "POST", PARAMS(headers[i].header));
		const char *token = "?";
		struct fault *wrong = bearer_token(&req, &token);

		CHECK_ROW(headers[i].fine ? !wrong
		                          : wrong && wrong->kind ==
		                                             FAULT_BAD_TOKEN,
		          headers[i].header);
		CHECK_TEXT(token, headers[i].token);
	}
}

static void shapes(void)
{
	struct request req = request_of(
		mem, "POST", PARAMS(AUTH("Bearer a"), AUTH("Bearer b")));
	char *most = arena_alloc(mem, 5000);
	const char *token;

	CHECK_FAULT(bearer_token(&req, &token), BAD_TOKEN);
	CHECK(!token);
	memset(most, 'a', 4096);
	req.params = PARAMS(text_format(mem, AUTH("Bearer %s"), most));
	CHECK_FINE(bearer_token(&req, &token));
	memset(most, 'a', 4097);
	req.params = PARAMS(text_format(mem, AUTH("Bearer %s"), most));
	CHECK_FAULT(bearer_token(&req, &token), BAD_TOKEN);
	/* MC-5: a token in the query is no token */
	req.params = NO_PARAMS;
	req.query = "access_token=" TOKEN;
	CHECK_FINE(bearer_token(&req, &token));
	CHECK(!token);

	CHECK(gateway_token_form(TOKEN));
	CHECK(!gateway_token_form(""));
	CHECK(!gateway_token_form("ght"));
	CHECK(!gateway_token_form("ght_"));
	CHECK(!gateway_token_form(TOKEN "x"));
	CHECK(!gateway_token_form("GHT_0123456789abcdefghijklmnopqrstuvwxyzABCDEF-"));
	CHECK(!gateway_token_form("ght_0123456789abcdefghijklmnopqrstuvwxyzABCDE+-"));
	CHECK(!gateway_token_form("0123456789abcdefghijklmnopqrstuvwxyzABCDEF-ght_"));
	CHECK(gateway_token_form(
		text_format(mem, "ght_%s", random_token(mem, 32))));
}

/* TV-3, MC-3: the host is looked up before anything is said of a token, and
 * where it cannot be, no token gets further. */
static void gates_before_a_dead_database(void)
{
	const char *const *const tokens[] = {
		NO_PARAMS,
		PARAMS(AUTH("Bearer not-one-of-ours")),
		PARAMS(AUTH("Bearer a b")),
		PARAMS(AUTH("Bearer a"), AUTH("Bearer " TOKEN)),
		PARAMS(AUTH("Bearer " TOKEN)),
	};
	struct request req = request_of(mem, "POST", NO_PARAMS);

	req.db = (struct db){
		.pool = pool_new("host=/nowhere/at/all", 1, 1000),
		.mem = mem,
		.deadline = deadline_in(60000),
		.watched = -1,
	};
	for (size_t i = 0; i < sizeof(tokens) / sizeof(*tokens); i++) {
		req.params = tokens[i];
		CHECK_FAULT(gateway_token(&req), NO_DATABASE);
		CHECK(!req.principal);
		CHECK(!req.db.tenant);
	}
	pool_free(req.db.pool);
}

/* TV-3, MC-3: refused before any look at the database, of which there is none
 * here: with no pool, a look would be the end of the test. */
static void gates_without_database(void)
{
	struct request req = request_of(mem, "POST", NO_PARAMS);

	req.host = "Gate1.example.com:8080";
	CHECK_FAULT(gateway_token(&req), WRONG_HOST);
	req.host = "";
	CHECK_FAULT(gateway_token(&req), WRONG_HOST);
	req.params = PARAMS(AUTH("Bearer not-one-of-ours"));
	CHECK_FAULT(gateway_token(&req), WRONG_HOST);
	CHECK(!req.principal);
	CHECK(!req.db.tenant);

	req.params = NO_PARAMS;
	CHECK_FAULT(signed_in(&req), NO_TOKEN);
	req.params = PARAMS(AUTH("Bearer " TOKEN));
	CHECK_FAULT(signed_in(&req), BAD_TOKEN);
	req.params = PARAMS("HTTP_COOKIE=access_token=x");
	CHECK_FAULT(signed_in(&req), BAD_TOKEN);
	/* AC-11: the cookie is not even read for a foreign page */
	req.params = PARAMS("HTTP_COOKIE=access_token=x",
	                    "HTTP_ORIGIN=https://evil.example");
	CHECK_FAULT(signed_in(&req), BAD_ORIGIN);
	req.method = "GET";
	CHECK_FAULT(signed_in(&req), BAD_TOKEN);
	CHECK(!req.principal);
	CHECK(!req.db.tenant);
	CHECK_FINE(anyone(&req));
	CHECK(!req.principal);
	/* signing out without a session of ours succeeds */
	req.method = "POST";
	req.params = NO_PARAMS;
	CHECK_FINE(sign_out(&req));
	req.params = PARAMS("HTTP_COOKIE=access_token=x");
	CHECK_FINE(sign_out(&req));
	req.params = PARAMS("HTTP_COOKIE=access_token=x",
	                    "HTTP_ORIGIN=https://evil.example");
	CHECK_FAULT(sign_out(&req), BAD_ORIGIN);
}

/* AC-13: the same cookie twice, in one header or two, in both orders. */
static void cookies(void)
{
	static const char *const twice[][3] = {
		{ "HTTP_COOKIE=access_token=a; access_token=b", NULL },
		{ "HTTP_COOKIE=access_token=b; x=1; access_token=a", NULL },
		{ "HTTP_COOKIE=access_token=a", "HTTP_COOKIE=access_token=b",
		  NULL },
		{ "HTTP_COOKIE=access_token=b", "HTTP_COOKIE=access_token=a",
		  NULL },
	};
	struct request req = request_of(mem, "GET", NO_PARAMS);
	const char *token;
	bool by_cookie;

	for (size_t i = 0; i < sizeof(twice) / sizeof(*twice); i++) {
		req.params = twice[i];
		CHECK_FAULT(session_token(&req, &token, &by_cookie), BAD_TOKEN);
		CHECK_FAULT(signed_in(&req), BAD_TOKEN);
	}
	req.params = PARAMS("HTTP_COOKIE=x=1; access_token=a; y=2",
	                    AUTH("Bearer b"));
	CHECK_FINE(session_token(&req, &token, &by_cookie));
	CHECK_TEXT(token, "a");
	CHECK(by_cookie);
	req.params = PARAMS("HTTP_COOKIE=xaccess_token=a", AUTH("Bearer b"));
	CHECK_FINE(session_token(&req, &token, &by_cookie));
	CHECK_TEXT(token, "b");
	CHECK(!by_cookie);
	/* a cleared cookie is none */
	req.params = PARAMS("HTTP_COOKIE=access_token=", AUTH("Bearer b"));
	CHECK_FINE(session_token(&req, &token, &by_cookie));
	CHECK_TEXT(token, "b");
	req.params = PARAMS("HTTP_COOKIE=access_token=");
	CHECK_FAULT(signed_in(&req), NO_TOKEN);
}

/* AC-8 */
static void attributes(void)
{
	struct request req = request_of(mem, "GET", NO_PARAMS);

	CHECK_TEXT(session_cookie(&req, "a.b.c"),
	           "access_token=a.b.c; HttpOnly; Max-Age=86400; Path=/; "
	           "SameSite=Lax; Secure");
	CHECK_TEXT(session_cookie(&req, NULL),
	           "access_token=; HttpOnly; Max-Age=0; Path=/; SameSite=Lax; "
	           "Secure");
	test_app.config.app_url = "http://localhost:8080";
	CHECK_TEXT(session_cookie(&req, "a"),
	           "access_token=a; HttpOnly; Max-Age=86400; Path=/; "
	           "SameSite=Lax");
	CHECK_TEXT(session_cookie(&req, NULL),
	           "access_token=; HttpOnly; Max-Age=0; Path=/; SameSite=Lax");
	test_app.config.app_url = "http://localhost.example.com";
	CHECK(text_ends(session_cookie(&req, "a"), "; Secure"));
	test_app.config.app_url = "https://localhost";
	CHECK(text_ends(session_cookie(&req, "a"), "; Secure"));
	test_app.config.app_url = "https://app.example.com";
}

/* AC-7: what is counted together. */
static void throttles(void)
{
	struct request a = request_of(mem, "POST", NO_PARAMS), b = a;
	const char *here = throttle_of(&a, "signin", "ann", 1, 1).key;

	CHECK(!strstr(here, "ann"));
	CHECK_TEXT(throttle_of(&b, "signin", "ann", 1, 1).key, here);
	CHECK(strcmp(throttle_of(&b, "signin", "bob", 1, 1).key, here) != 0);
	CHECK(strcmp(throttle_of(&b, "signup", "ann", 1, 1).key, here) != 0);
	b.address = "192.0.2.2";
	CHECK(strcmp(throttle_of(&b, "signin", "ann", 1, 1).key, here) != 0);
	a.address = "2001:db8:1:2:3:4:5:6";
	b.address = "2001:db8:1:2::1";
	CHECK_TEXT(throttle_of(&a, "signin", NULL, 1, 1).key,
	           throttle_of(&b, "signin", NULL, 1, 1).key);
	b.address = "2001:db8:1:3::1";
	CHECK(strcmp(throttle_of(&a, "signin", NULL, 1, 1).key,
	             throttle_of(&b, "signin", NULL, 1, 1).key) != 0);
}

int main(void)
{
	mem = arena_new(1 << 20);
	CHECK_FINE(vault_start(mem));
	header_table();
	shapes();
	gates_before_a_dead_database();
	gates_without_database();
	cookies();
	attributes();
	throttles();
	arena_free(mem);
	return check_end();
}
