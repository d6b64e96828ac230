#include "check.h"

#include <sodium.h>

#include "auth/jwt.h"
#include "core/arena.h"
#include "core/text.h"
#include "vault/base64url.h"

#define SECRET "0123456789abcdefghijklmnopqrstuvwxyzABCD"
#define USER "5f0c2b1e-1111-4000-8000-000000000001"
#define SESSION "5f0c2b1e-2222-4000-8000-000000000002"
#define OTHER_SECRET "zyxwvutsrqponmlkjihgfedcba9876543210ZYXW"

/* What kid says of each; worked out by other code (b2sum). */
#define ID "d90294b50a55b9ae"
#define ANOTHER "1ce8c0ee0c426a2b"
#define KID "\"kid\":\"" ID "\""
#define OTHER_KID "\"kid\":\"" ANOTHER "\""
#define HEADER "{\"alg\":\"HS256\"," KID ",\"typ\":\"JWT\"}"
#define OTHER_HEADER "{\"alg\":\"HS256\"," OTHER_KID ",\"typ\":\"JWT\"}"

enum { NOW = 1800000000, DAY = 86400 };

static struct arena *mem;
static const struct jwt_keys *keys; /* SECRET alone */

/* Signed by other code than the library under test. */
static const char *hs256(const char *header, const char *payload,
                         const char *secret)
{
	const char *text = text_format(
		mem, "%s.%s", base64url(mem, header, strlen(header)),
		base64url(mem, payload, strlen(payload)));
	unsigned char sum[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret,
	                            strlen(secret));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)text,
	                              strlen(text));
	crypto_auth_hmacsha256_final(&state, sum);
	return text_format(mem, "%s.%s", text,
	                   base64url(mem, sum, sizeof(sum)));
}

static const char *hs512(const char *header, const char *payload,
                         const char *secret)
{
	const char *text = text_format(
		mem, "%s.%s", base64url(mem, header, strlen(header)),
		base64url(mem, payload, strlen(payload)));
	unsigned char sum[crypto_auth_hmacsha512_BYTES];
	crypto_auth_hmacsha512_state state;

	crypto_auth_hmacsha512_init(&state, (const unsigned char *)secret,
	                            strlen(secret));
	crypto_auth_hmacsha512_update(&state, (const unsigned char *)text,
	                              strlen(text));
	crypto_auth_hmacsha512_final(&state, sum);
	return text_format(mem, "%s.%s", text,
	                   base64url(mem, sum, sizeof(sum)));
}

/* A good payload in which one claim has another value, as JSON text; an empty
 * one leaves it out. */
static const char *payload_with(const char *claim, const char *value)
{
	const struct {
		const char *name, *value;
	} all[] = {
		{ "sub", "\"" USER "\"" },
		{ "jti", "\"" SESSION "\"" },
		{ "email", "\"ann@example.com\"" },
		{ "iss", "\"gatehouse\"" },
		{ "aud", "\"gatehouse-api\"" },
		{ "purpose", "\"session\"" },
		{ "timestamp", "1800000000000" },
		{ "iat", "1800000000" },
		{ "nbf", "1800000000" },
		{ "exp", "1800086400" },
	};
	struct buffer text = { .mem = mem };

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		bool other = text_same(all[i].name, claim);
		const char *said = other ? value : all[i].value;

		if (*said)
			buffer_format(&text, "%s\"%s\":%s",
			              text.size ? "," : "{", all[i].name, said);
	}
	buffer_add(&text, "}");
	return buffer_text(&text);
}

static const struct jwt_keys *keys_of(const char *newest, const char *previous)
{
	const struct jwt_keys *made;

	CHECK_FINE(jwt_keys_make(mem, newest, previous, &made));
	return made;
}

static struct fault *read_at(const char *token, int64_t now)
{
	struct session_claims claims;

	return jwt_read(mem, keys, token, now, DAY, &claims);
}

static bool refused(const char *token)
{
	struct fault *wrong = read_at(token, NOW);

	return wrong && wrong->kind == FAULT_BAD_TOKEN;
}

static void made(void)
{
	struct session_claims claims = { USER, SESSION, "ann@example.com", NOW,
		                         NOW + DAY };
	struct session_claims back;
	const char *token;

	CHECK_FINE(jwt_sign(mem, keys, &claims, &token));
	CHECK_FINE(jwt_read(mem, keys, token, NOW, DAY, &back));
	CHECK_TEXT(back.user_id, USER);
	CHECK_TEXT(back.session_id, SESSION);
	CHECK_TEXT(back.email, "ann@example.com");
	CHECK_INT(back.issued, NOW);
	CHECK_INT(back.expires, NOW + DAY);
	CHECK_FAULT(jwt_read(mem, keys_of(SECRET "x", NULL), token, NOW, DAY,
	                     &back),
	            BAD_TOKEN);
	CHECK(!back.user_id);
	/* the whole of what the other code signs is as good */
	CHECK_FINE(read_at(hs256(HEADER, payload_with("", ""), SECRET), NOW));
	CHECK_FINE(read_at(hs256("{\"alg\":\"HS256\"," KID "}",
	                         payload_with("", ""), SECRET),
	                   NOW));
}

/* JW-1: with an empty key the library would let anything in. */
static void no_keys(void)
{
	const struct jwt_keys *made;

	CHECK_FAULT(jwt_keys_make(mem, "", NULL, &made), INTERNAL);
	CHECK(!made);
	CHECK_FAULT(jwt_keys_make(mem, NULL, SECRET, &made), INTERNAL);
	CHECK_FAULT(jwt_keys_make(mem, SECRET, "", &made), INTERNAL);
	CHECK(!made);
}

/* JW-7: who has which keys, and whose token they are shown. */
static const struct {
	const char *note, *newest, *previous;
	const char *header, *secret;
	const char *wrong; /* "" where the token lives */
} rotation[] = {
	{ "before a change", SECRET, NULL, HEADER, SECRET, "" },
	{ "the old key's token lives on", OTHER_SECRET, SECRET, HEADER, SECRET, "" },
	{ "the new key's token", OTHER_SECRET, SECRET, OTHER_HEADER, OTHER_SECRET, "" },
	{ "a coming key's token, where another machine signs already", SECRET, OTHER_SECRET, OTHER_HEADER, OTHER_SECRET, "" },
	{ "the old key's token, once the key is gone", OTHER_SECRET, NULL, HEADER, SECRET, "JWT: kid names no key of ours" },
	{ "the new key's token, where that is not known", SECRET, NULL, OTHER_HEADER, OTHER_SECRET, "JWT: kid names no key of ours" },
	{ "kid names the new key, the old one signed", OTHER_SECRET, SECRET, OTHER_HEADER, SECRET, "JWT: the signature is wrong" },
	{ "kid names the old key, the new one signed", OTHER_SECRET, SECRET, HEADER, OTHER_SECRET, "JWT: the signature is wrong" },
	{ "a stranger's key under our id", OTHER_SECRET, SECRET, HEADER, "a stranger's key of 32 bytes or so", "JWT: the signature is wrong" },
};

static void rotation_table(void)
{
	struct session_claims claims = { USER, SESSION, "ann@example.com", NOW,
		                         NOW + DAY };
	struct session_claims back;
	const char *token;

	for (size_t i = 0; i < sizeof(rotation) / sizeof(*rotation); i++) {
		struct fault *wrong = jwt_read(
			mem,
			keys_of(rotation[i].newest, rotation[i].previous),
			hs256(rotation[i].header, payload_with("", ""),
		              rotation[i].secret),
			NOW, DAY, &back);

		CHECK_ROW(text_same(wrong ? wrong->note : "",
		                    rotation[i].wrong),
		          text_format(mem, "JW-7: %s", rotation[i].note));
	}
	/* the newest signs, and says so */
	CHECK_FINE(jwt_sign(mem, keys_of(OTHER_SECRET, SECRET), &claims,
	                    &token));
	CHECK_FINE(jwt_read(mem, keys_of(OTHER_SECRET, NULL), token, NOW, DAY,
	                    &back));
	CHECK_FAULT(read_at(token, NOW), BAD_TOKEN);
	CHECK(strstr(unbase64url(mem, token, strcspn(token, "."),
	                         &(size_t){ 0 }),
	             OTHER_KID));
}

/* JW-7, JW-5: a kid that names no key is refused before any key is tried, even
 * when all else is right. */
static const char *const kids[] = {
	"",
	",\"kid\":\"\"",
	",\"kid\":\"0\"",
	",\"kid\":\"" ANOTHER "\"",
	",\"kid\":null",
	",\"kid\":true",
	",\"kid\":0",
	",\"kid\":[\"" ID "\"]",
	",\"kid\":{\"" ID "\":1}",
	",\"kid\":\"" ID "0\"",
	",\"kid\":\"" ID " \"",
	",\"kid\":\" " ID "\"",
	",\"KID\":\"" ID "\"",
	",\"kid\":\"" ID "\",\"kid\":\"" ID "\"",
	",\"kid\":\"" ID "\\u0000\"",
	",\"kid\":\"../../dev/null\"",
	",\"kid\":\"' OR '1'='1\"",
	",\"kid\":\"" SECRET "\"",
};

static void kid_table(void)
{
	for (size_t i = 0; i < sizeof(kids) / sizeof(*kids); i++) {
		const char *header =
			text_format(mem, "{\"alg\":\"HS256\"%s}", kids[i]);
		struct fault *wrong = read_at(
			hs256(header, payload_with("", ""), SECRET), NOW);

		CHECK_ROW(wrong && wrong->kind == FAULT_BAD_TOKEN &&
		                  !strstr(wrong->note, "signature"),
		          text_format(mem, "JW-7: %s", header));
	}
}

/* JW-2, JW-5: headers that must not pass, each rightly signed with HS256. */
static const struct {
	const char *id, *header;
} headers[] = {
	{ "JW-2", "{" KID ",\"alg\":\"none\",\"typ\":\"JWT\"}" },
	{ "JW-2", "{" KID ",\"alg\":\"NONE\"}" },
	{ "JW-2", "{" KID ",\"alg\":\"hs256\",\"typ\":\"JWT\"}" },
	{ "JW-2", "{" KID ",\"alg\":\"Hs256\",\"typ\":\"JWT\"}" },
	{ "JW-2", "{" KID ",\"alg\":\"HS384\",\"typ\":\"JWT\"}" },
	{ "JW-2", "{" KID ",\"alg\":\"HS512\",\"typ\":\"JWT\"}" },
	{ "JW-2", "{" KID ",\"alg\":\"RS256\",\"typ\":\"JWT\"}" },
	{ "JW-2", "{" KID ",\"alg\":\"ES256\",\"typ\":\"JWT\"}" },
	{ "JW-2", "{" KID ",\"alg\":\"\",\"typ\":\"JWT\"}" },
	{ "JW-2", "{" KID ",\"alg\":\"HS256 \",\"typ\":\"JWT\"}" },
	{ "JW-2", "{" KID ",\"alg\":[\"HS256\"],\"typ\":\"JWT\"}" },
	{ "JW-2", "{" KID ",\"alg\":null,\"typ\":\"JWT\"}" },
	{ "JW-2", "{" KID ",\"typ\":\"JWT\"}" },
	{ "JW-2", "{" KID "}" },
	{ "JW-2", "{" KID ",\"alg\":\"none\",\"alg\":\"HS256\"}" },
	{ "JW-4", "{" KID ",\"alg\":\"HS256\",\"typ\":\"at+jwt\"}" },
	{ "JW-4", "{" KID ",\"alg\":\"HS256\",\"typ\":\"jwt\"}" },
	{ "JW-4", "{" KID ",\"alg\":\"HS256\",\"typ\":1}" },
	{ "JW-5", "{\"alg\":\"HS256\",\"kid\":\"1\"}" },
	{ "JW-5", "{\"alg\":\"HS256\",\"kid\":\"../../etc/passwd\"}" },
	{ "JW-5", "{" KID ",\"alg\":\"HS256\",\"jku\":\"https://evil.example\"}" },
	{ "JW-5", "{" KID ",\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AA\"}}" },
	{ "JW-5", "{" KID ",\"alg\":\"HS256\",\"x5u\":\"https://evil.example\"}" },
	{ "JW-5", "{" KID ",\"alg\":\"HS256\",\"x5c\":[\"AA\"]}" },
	{ "JW-5", "{" KID ",\"alg\":\"HS256\",\"crit\":[\"exp\"]}" },
	{ "JW-5", "{" KID ",\"alg\":\"HS256\",\"b64\":false}" },
	{ "JW-6", "[]" },
	{ "JW-6", "\"HS256\"" },
	{ "JW-6", "{\"alg\":\"HS256\"," KID },
	{ "JW-6", "{\"alg\":\"HS256\"," KID "} x" },
};

static void header_table(void)
{
	const char *payload = payload_with("", "");

	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++)
		CHECK_ROW(refused(hs256(headers[i].header, payload, SECRET)),
		          text_format(mem, "%s: %s", headers[i].id,
		                      headers[i].header));
	CHECK_ROW(refused(hs512("{\"alg\":\"HS512\"," KID "}", payload,
	                        SECRET)),
	          "JW-2: rightly signed by HS512 with the same key");
	CHECK_ROW(refused(hs512(HEADER, payload, SECRET)),
	          "JW-2: HS512 under the name of HS256");
}

/* JW-3, JW-4: claims by type and value, each in a rightly signed token. */
static const struct {
	const char *claim, *value;
} claims_refused[] = {
	{ "sub", "" }, { "sub", "null" }, { "sub", "1" }, { "sub", "\"\"" },
	{ "sub", "[\"" USER "\"]" }, { "sub", "\"ann@example.com\"" },
	{ "sub", "\"5F0C2B1E-1111-4000-8000-000000000001\"" },
	{ "jti", "" }, { "jti", "null" }, { "jti", "7" }, { "jti", "\"x\"" },
	{ "email", "" }, { "email", "null" }, { "email", "1" },
	{ "email", "\"\"" },
	{ "iss", "" }, { "iss", "\"Gatehouse\"" }, { "iss", "\"other\"" },
	{ "iss", "[\"gatehouse\"]" }, { "iss", "null" },
	{ "aud", "" }, { "aud", "\"gatehouse-mcp\"" }, { "aud", "null" },
	{ "aud", "[\"gatehouse-api\"]" }, { "aud", "\"gatehouse-api \"" },
	{ "purpose", "" }, { "purpose", "\"access\"" },
	{ "purpose", "\"consent\"" }, { "purpose", "true" },
	{ "timestamp", "" }, { "timestamp", "\"1800000000000\"" },
	{ "timestamp", "-1" },
	{ "iat", "" }, { "iat", "\"1800000000\"" }, { "iat", "1800000000.5" },
	{ "iat", "null" }, { "iat", "true" }, { "iat", "-1" }, { "iat", "0" },
	{ "nbf", "" }, { "nbf", "\"1800000000\"" }, { "nbf", "{}" },
	{ "exp", "" }, { "exp", "\"1800086400\"" }, { "exp", "1800086400.0" },
	{ "exp", "1e300" }, { "exp", "null" }, { "exp", "true" },
	{ "exp", "[1800086400]" }, { "exp", "9007199254740991" },
	{ "exp", "9223372036854775807" }, { "exp", "99999999999999999999" },
	{ "exp", "1800086401" }, /* a second more than is ever given */
	{ "exp", "1800000000" }, /* no life at all */
	{ "exp", "0" },
};

static void claim_table(void)
{
	for (size_t i = 0; i < sizeof(claims_refused) / sizeof(*claims_refused);
	     i++) {
		const char *claim = claims_refused[i].claim;
		const char *value = claims_refused[i].value;

		CHECK_ROW(refused(hs256(HEADER, payload_with(claim, value),
		                        SECRET)),
		          text_format(mem, "JW-3: %s %s", claim,
		                      *value ? value : "absent"));
	}
	CHECK_TEXT(read_at(hs256(HEADER, payload_with("email", ""), SECRET),
	                   NOW)
	                   ->told,
	           "Invalid token payload");
	/* the older system's own tokens */
	CHECK(refused(hs256(HEADER,
	                    "{\"email\":\"ann@example.com\",\"timestamp\":"
	                    "1800000000000,\"iat\":1800000000,"
	                    "\"exp\":1800086400}",
	                    SECRET)));
}

/* JW-9: a minute either way, and no more. */
static void skew(void)
{
	const char *good = hs256(HEADER, payload_with("", ""), SECRET);
	const char *later = hs256(
		HEADER, payload_with("nbf", "1800000100"), SECRET);

	CHECK_FINE(read_at(good, NOW + DAY - 61));
	CHECK_FINE(read_at(good, NOW + DAY - 59));
	CHECK_FINE(read_at(good, NOW + DAY + 59));
	CHECK_FAULT(read_at(good, NOW + DAY + 60), BAD_TOKEN);
	CHECK_FAULT(read_at(good, NOW + DAY + 61), BAD_TOKEN);
	CHECK_FAULT(read_at(good, NOW - 61), BAD_TOKEN);
	CHECK_FINE(read_at(good, NOW - 59));
	CHECK_FINE(read_at(good, NOW + 59));
	CHECK_FAULT(read_at(later, NOW + 100 - 61), BAD_TOKEN);
	CHECK_FINE(read_at(later, NOW + 100 - 59));
	CHECK_FINE(read_at(later, NOW + 100 + 61));
}

static const char *filled(size_t count)
{
	char *text = arena_alloc(mem, count + 1);

	memset(text, 'A', count);
	return text;
}

/* JW-6: size, alphabet, segments and duplicates, before the library looks. */
static void shapes(void)
{
	const char *good = hs256(HEADER, payload_with("", ""), SECRET);
	const char *twice = text_format(
		mem, "{\"sub\":\"5f0c2b1e-9999-4000-8000-000000000009\",%s",
		payload_with("", "") + 1);
	const char *hidden = text_format(
		mem,
		"{\"\\u0073ub\":\"5f0c2b1e-9999-4000-8000-000000000009\",%s",
		payload_with("", "") + 1);
	const char *const bad[] = {
		"", ".", "..", "...", "a.b", "a.b.c", "a.b.c.d",
		text_format(mem, "%s.", good), text_format(mem, ".%s", good),
		text_format(mem, "%s.x", good), text_format(mem, "%s=", good),
		text_format(mem, " %s", good), text_format(mem, "%s ", good),
		text_format(mem, "%s\n", good),
		text_copy_n(mem, good, strlen(good) - 1),
		text_copy_n(mem, good, (size_t)(strrchr(good, '.') - good)),
		text_copy_n(mem, good, (size_t)(strrchr(good, '.') - good) + 1),
		hs256(HEADER, twice, SECRET), hs256(HEADER, hidden, SECRET),
		hs256(HEADER, "[]", SECRET), hs256(HEADER, "null", SECRET),
		hs256(HEADER, "{\"sub\":\"\xFF\"}", SECRET),
		filled(5000), filled(1 << 20),
		text_format(mem, "%s.e30.AAAA", filled(1 << 20)),
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		CHECK_ROW(refused(bad[i]),
		          text_format(mem, "JW-6: %.40s", bad[i]));
	for (size_t i = 0; good[i]; i++) {
		char *changed = text_copy(mem, good);

		changed[i] = changed[i] == 'A' ? 'B' : 'A';
		if (!refused(changed))
			CHECK_ROW(false, changed);
	}
}

int main(void)
{
	mem = arena_new(16 << 20);
	keys = keys_of(SECRET, NULL);
	made();
	no_keys();
	rotation_table();
	kid_table();
	header_table();
	claim_table();
	skew();
	shapes();
	arena_free(mem);
	return check_end();
}
