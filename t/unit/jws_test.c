#include "check.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include "auth/jws.h"
#include "core/arena.h"
#include "core/text.h"
#include "vault/base64url.h"

enum { NOW = 1800000000, HOUR = 3600 };

static struct arena *mem;
static EVP_PKEY *rsa, *ec;
static const char *rsa_jwk, *ec_jwk; /* their members, but for kid and alg */

/* ---- keys and tokens of other code than that under test ---- */

static const char *number(EVP_PKEY *key, const char *name)
{
	BIGNUM *value = NULL;
	unsigned char bytes[1024];
	int size;

	EVP_PKEY_get_bn_param(key, name, &value);
	size = BN_num_bytes(value);
	/* A coordinate keeps its leading zeros. */
	if (key == ec)
		BN_bn2binpad(value, bytes, size = 32);
	else
		BN_bn2bin(value, bytes);
	BN_free(value);
	return base64url(mem, bytes, (size_t)size);
}

static void make_keys(void)
{
	rsa = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
	ec = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	rsa_jwk = text_format(mem, "\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"",
	                      number(rsa, OSSL_PKEY_PARAM_RSA_N),
	                      number(rsa, OSSL_PKEY_PARAM_RSA_E));
	ec_jwk = text_format(mem,
	                     "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\","
	                     "\"y\":\"%s\"",
	                     number(ec, OSSL_PKEY_PARAM_EC_PUB_X),
	                     number(ec, OSSL_PKEY_PARAM_EC_PUB_Y));
}

static const char *signature(EVP_PKEY *key, const char *text)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char bytes[512], pair[64];
	const unsigned char *der = bytes;
	size_t size = sizeof(bytes);
	ECDSA_SIG *both;

	EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key);
	EVP_DigestSign(context, bytes, &size, (const unsigned char *)text,
	               strlen(text));
	EVP_MD_CTX_free(context);
	if (key != ec)
		return base64url(mem, bytes, size);
	both = d2i_ECDSA_SIG(NULL, &der, (long)size);
	BN_bn2binpad(ECDSA_SIG_get0_r(both), pair, 32);
	BN_bn2binpad(ECDSA_SIG_get0_s(both), pair + 32, 32);
	ECDSA_SIG_free(both);
	return base64url(mem, pair, sizeof(pair));
}

static const char *token_of(EVP_PKEY *key, const char *header,
                            const char *payload)
{
	const char *text = text_format(
		mem, "%s.%s", base64url(mem, header, strlen(header)),
		base64url(mem, payload, strlen(payload)));

	return text_format(mem, "%s.%s", text, signature(key, text));
}

static json_object *parsed(const char *text)
{
	json_object *tree = NULL;

	CHECK(!js_parse(mem, text, strlen(text), &tree));
	return tree;
}

static json_object *key_set(const char *keys)
{
	return parsed(text_format(mem, "{\"keys\":[%s]}", keys));
}

static const char *key_with(const char *jwk, const char *more)
{
	return text_format(mem, "{%s%s}", jwk, more);
}

/* Whether a token is read, and verified by a set. */
static bool verified(const char *token, json_object *keys)
{
	struct jws jws;

	return !jws_read(mem, token, &jws) && !jws_verify(mem, &jws, keys);
}

/* ---- RFC 7515, A.2 and A.3: made by neither of us ---- */

static void examples(void)
{
	static const char payload[] = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkz"
	                              "ODAsDQogImh0dHA6Ly9leGFt"
				      "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
	const char *token =
		text_format(mem, "eyJhbGciOiJFUzI1NiJ9.%s.%s", payload,
	                    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-"
	                    "F4GawxaepmXFCgfTjDxw5djxLa8ISlSA"
	                    "pmWQxfKTUJqPP3-Kg6NU1Q");
	json_object *keys = key_set("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":"
	                            "\"f83OJ3D2xF1Bg8vub9tLe1"
	                            "gHMzV76e8Tus9uPHvRVEU\",\"y\":\"x_"
	                            "FEzRu9m36HLN_tue659LNpXW6pCyS"
	                            "tikYjKIWI5a0\"}");
	struct jws jws;

	CHECK(verified(token, keys));
	CHECK(!jws_read(mem, token, &jws));
	CHECK_TEXT(js_text(js_get(jws.claims, "iss")), "joe");
	token = text_format(mem, "%.*sA", (int)strlen(token) - 1, token);
	CHECK(!verified(token, keys));
}

/* ---- signatures ---- */

static void signatures(void)
{
	static const char payload[] = "{\"iss\":\"x\"}";
	const char *rs =
		token_of(rsa, "{\"alg\":\"RS256\",\"kid\":\"r\"}", payload);
	const char *es =
		token_of(ec, "{\"alg\":\"ES256\",\"kid\":\"e\"}", payload);
	const char *both = text_format(
		mem, "%s,%s", key_with(rsa_jwk, ",\"kid\":\"r\""),
		key_with(ec_jwk, ",\"kid\":\"e\",\"alg\":\"ES256\""));
	EVP_PKEY *stranger = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
	char *changed;

	CHECK(verified(rs, key_set(both)));
	CHECK(verified(es, key_set(both)));
	CHECK(!verified(token_of(stranger, "{\"alg\":\"RS256\",\"kid\":\"r\"}",
	                         payload),
	                key_set(both)));
	EVP_PKEY_free(stranger);
	/* One bit of each segment. */
	for (size_t i = 0; rs[i]; i += 7) {
		if (rs[i] == '.')
			continue;
		changed = text_copy(mem, rs);
		changed[i] = changed[i] == 'A' ? 'B' : 'A';
		CHECK(!verified(changed, key_set(both)));
	}
	/* Another's signature, and DER where two numbers have to be. */
	CHECK(!verified(text_format(mem, "%.*s%s", (int)(strrchr(es, '.') - es),
	                            es, strrchr(rs, '.')),
	                key_set(both)));
}

/* ---- JW-2, JW-5: by which algorithm, and which key ---- */

static void headers(void)
{
	static const struct {
		const char *header;
		bool fine;
	} rows[] = {
		{ "{\"alg\":\"RS256\",\"kid\":\"r\"}", true },
		{ "{\"alg\":\"RS256\",\"kid\":\"r\",\"typ\":\"JWT\"}", true },
		{ "{\"alg\":\"RS256\",\"kid\":\"r\",\"x5t\":\"abc\"}", true },
		{ "{\"alg\":\"RS256\"}", true }, /* the only one */
		{ "{\"alg\":\"RS256\",\"kid\":\"other\"}", false },
		{ "{\"alg\":\"RS256\",\"kid\":\"e\"}", false },
		{ "{\"alg\":\"RS256\",\"kid\":7}", false },
		{ "{\"alg\":\"RS256\",\"kid\":\"r\",\"typ\":null}", false },
		{ "{\"alg\":\"rs256\",\"kid\":\"r\"}", false },
		{ "{\"alg\":\"RS512\",\"kid\":\"r\"}", false },
		{ "{\"alg\":\"PS256\",\"kid\":\"r\"}", false },
		{ "{\"alg\":\"ES256\",\"kid\":\"r\"}", false },
		{ "{\"alg\":\"HS256\",\"kid\":\"r\"}", false },
		{ "{\"alg\":\"none\",\"kid\":\"r\"}", false },
		{ "{\"alg\":[\"RS256\"],\"kid\":\"r\"}", false },
		{ "{\"kid\":\"r\"}", false },
		{ "{}", false },
		{ "[]", false },
		{ "{\"alg\":\"RS256\",\"alg\":\"RS256\"}", false },
		{ "{\"alg\":\"RS256\",\"kid\":\"r\",\"jku\":\"https://a/\"}",
		  false },
		{ "{\"alg\":\"RS256\",\"kid\":\"r\",\"jwk\":{}}", false },
		{ "{\"alg\":\"RS256\",\"kid\":\"r\",\"x5u\":\"https://a/\"}",
		  false },
		{ "{\"alg\":\"RS256\",\"kid\":\"r\",\"x5c\":[]}", false },
		{ "{\"alg\":\"RS256\",\"kid\":\"r\",\"crit\":[\"exp\"]}",
		  false },
		{ "{\"alg\":\"RS256\",\"kid\":\"r\",\"b64\":false}", false },
	};
	json_object *keys = key_set(
		text_format(mem, "%s,%s", key_with(rsa_jwk, ",\"kid\":\"r\""),
	                    key_with(ec_jwk, ",\"kid\":\"e\"")));

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_ROW(verified(token_of(rsa, rows[i].header,
		                            "{\"iss\":\"x\"}"),
		                   keys) == rows[i].fine,
		          rows[i].header);
}

static void sets(void)
{
	static const struct {
		const char *more;
		bool fine;
	} rows[] = {
		{ ",\"kid\":\"r\"", true },
		{ ",\"kid\":\"r\",\"use\":\"sig\",\"alg\":\"RS256\"", true },
		{ ",\"kid\":\"r\",\"use\":\"enc\"", false },
		{ ",\"kid\":\"r\",\"alg\":\"RS512\"", false },
		{ ",\"kid\":\"r\",\"alg\":\"PS256\"", false },
		{ ",\"kid\":\"R\"", false },
		{ "", false },
	};
	const char *named =
		token_of(rsa, "{\"alg\":\"RS256\",\"kid\":\"r\"}", "{}");
	const char *nameless = token_of(rsa, "{\"alg\":\"RS256\"}", "{}");
	struct jws jws;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		json_object *keys = key_set(key_with(rsa_jwk, rows[i].more));

		CHECK_ROW(verified(named, keys) == rows[i].fine, rows[i].more);
		CHECK(!jws_read(mem, named, &jws));
		CHECK(jws_key_there(&jws, keys) == rows[i].fine);
	}
	/* Without a kid there must be no choice. */
	CHECK(verified(nameless, key_set(key_with(rsa_jwk, ""))));
	CHECK(!verified(nameless,
	                key_set(text_format(mem, "%s,%s", key_with(rsa_jwk, ""),
	                                    key_with(rsa_jwk, "")))));
	CHECK(!verified(named, key_set("")));
	CHECK(!verified(named, parsed("[]")));
	CHECK(!verified(named, parsed("{\"keys\":{}}")));
	CHECK(!verified(named, NULL));
}

/* ---- keys that are none ---- */

static void odd_keys(void)
{
	static const char *const odd[] = {
		"{}",
		"7",
		"{\"kty\":\"RSA\"}",
		"{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}",
		"{\"kty\":\"RSA\",\"n\":7,\"e\":\"AQAB\"}",
		"{\"kty\":\"RSA\",\"n\":\"+/==\",\"e\":\"AQAB\"}",
		"{\"kty\":\"oct\",\"k\":\"AQAB\"}",
		"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQAB\",\"y\":"
		"\"AQAB\"}",
	};
	const char *n = number(rsa, OSSL_PKEY_PARAM_RSA_N);
	const char *x = number(ec, OSSL_PKEY_PARAM_EC_PUB_X);

	CHECK(jwk_set_fine(mem, key_set(key_with(rsa_jwk, ""))));
	CHECK(jwk_set_fine(mem, key_set(key_with(ec_jwk, ""))));
	CHECK(jwk_set_fine(mem, key_set(text_format(mem, "%s,{\"kty\":\"OKP\"}",
	                                            key_with(ec_jwk, "")))));
	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++)
		CHECK_ROW(!jwk_set_fine(mem, key_set(odd[i])), odd[i]);
	/* A private key that somebody publishes. */
	CHECK(!jwk_set_fine(mem, key_set(key_with(ec_jwk, ",\"d\":\"AQAB\""))));
	/* An exponent that keeps a message as it is; a point off the curve. */
	CHECK(!jwk_set_fine(
		mem, key_set(text_format(
			     mem, "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"AQ\"}",
			     n))));
	CHECK(!jwk_set_fine(
		mem, key_set(text_format(
			     mem, "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"Ag\"}",
			     n))));
	CHECK(!jwk_set_fine(
		mem, key_set(text_format(mem,
	                                 "{\"kty\":\"EC\",\"crv\":\"P-256\","
	                                 "\"x\":\"%s\",\"y\":\"%s\"}",
	                                 x, x))));
	CHECK(!jwk_set_fine(mem, parsed("{}")));
	CHECK(!jwk_set_fine(mem, NULL));
}

/* ---- JW-3, JW-9: claims ---- */

static void claims(void)
{
	static const struct {
		const char *claims;
		bool fine;
	} rows[] = {
		{ "\"iss\":\"I\",\"aud\":\"A\",\"exp\":1800000300", true },
		{ "\"iss\":\"I\",\"aud\":\"B\",\"exp\":1800000300", true },
		{ "\"iss\":\"I\",\"aud\":[\"x\",\"B\"],\"exp\":1800000300",
		  true },
		{ "\"iss\":\"I\",\"aud\":\"A\",\"exp\":1800000300,"
		  "\"iat\":1800000000,\"nbf\":1800000000",
		  true },
		{ "\"iss\":\"i\",\"aud\":\"A\",\"exp\":1800000300", false },
		{ "\"aud\":\"A\",\"exp\":1800000300", false },
		{ "\"iss\":[\"I\"],\"aud\":\"A\",\"exp\":1800000300", false },
		{ "\"iss\":\"I\",\"exp\":1800000300", false },
		{ "\"iss\":\"I\",\"aud\":\"a\",\"exp\":1800000300", false },
		{ "\"iss\":\"I\",\"aud\":[],\"exp\":1800000300", false },
		{ "\"iss\":\"I\",\"aud\":[[\"A\"]],\"exp\":1800000300", false },
		{ "\"iss\":\"I\",\"aud\":{\"A\":1},\"exp\":1800000300", false },
		{ "\"iss\":\"I\",\"aud\":\"A\"", false },
		{ "\"iss\":\"I\",\"aud\":\"A\",\"exp\":\"1800000300\"", false },
		{ "\"iss\":\"I\",\"aud\":\"A\",\"exp\":1800000300.5", false },
		{ "\"iss\":\"I\",\"aud\":\"A\",\"exp\":-1", false },
		{ "\"iss\":\"I\",\"aud\":\"A\",\"exp\":1799999941", true },
		{ "\"iss\":\"I\",\"aud\":\"A\",\"exp\":1799999940", false },
		{ "\"iss\":\"I\",\"aud\":\"A\",\"exp\":1800003660", true },
		{ "\"iss\":\"I\",\"aud\":\"A\",\"exp\":1800003661", false },
		{ "\"iss\":\"I\",\"aud\":\"A\",\"exp\":9007199254740991",
		  false },
		{ "\"iss\":\"I\",\"aud\":\"A\",\"exp\":1800000300,"
		  "\"nbf\":1800000060",
		  true },
		{ "\"iss\":\"I\",\"aud\":\"A\",\"exp\":1800000300,"
		  "\"nbf\":1800000061",
		  false },
		{ "\"iss\":\"I\",\"aud\":\"A\",\"exp\":1800000300,"
		  "\"iat\":1800000061",
		  false },
		{ "\"iss\":\"I\",\"aud\":\"A\",\"exp\":1800000300,"
		  "\"iat\":null",
		  false },
		{ "\"iss\":\"I\",\"aud\":\"A\",\"exp\":1800000300,"
		  "\"nbf\":\"0\"",
		  false },
	};
	const struct jws_wanted wanted = {
		.issuer = "I",
		.audiences = (const char *const[]){ "A", "B", NULL },
		.now = NOW,
		.most = HOUR,
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct jws jws;

		CHECK(!jws_read(
			mem,
			token_of(ec, "{\"alg\":\"ES256\"}",
		                 text_format(mem, "{%s}", rows[i].claims)),
			&jws));
		CHECK_ROW(!jws_check(mem, &jws, &wanted) == rows[i].fine,
		          rows[i].claims);
	}
}

/* ---- JW-6: what is no token ---- */

static void no_tokens(void)
{
	static const char *const odd[] = {
		"",        ".",        "..",          "a.b",
		"a.b.c.d", "e30.e30.", "e30.e30.A A", "e30.e30.A="
	};
	char *long_one = arena_alloc(mem, 20001);
	struct jws jws;

	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++)
		CHECK_ROW(jws_read(mem, odd[i], &jws), odd[i]);
	memset(long_one, 'A', 20000);
	long_one[3] = long_one[9] = '.';
	CHECK(jws_read(mem, long_one, &jws));
}

int main(void)
{
	mem = arena_new(16 << 20);
	make_keys();
	examples();
	signatures();
	headers();
	sets();
	odd_keys();
	claims();
	no_tokens();
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(ec);
	arena_free(mem);
	return check_end();
}
