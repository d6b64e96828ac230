#include "auth/jws.h"

#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "core/arena.h"
#include "core/text.h"
#include "vault/base64url.h"

enum {
	TOKEN_MOST = 16384, /* those of Entra ID carry groups */
	KEYS_MOST = 100,
	SKEW = 60,                /* seconds (JW-9) */
	MODULUS_LEAST = 2048 / 8, /* bytes */
	MODULUS_MOST = 8192 / 8,
	EXPONENT_MOST = 8,
	COORDINATE = 32, /* of P-256 */
};

struct jws_algorithm {
	const char *name;
	const char *key_type; /* kty */
	EVP_PKEY *(*key)(struct arena *mem, json_object *key);
	/* A signature as libcrypto has it; NULL: it is none. */
	const unsigned char *(*signature)(struct arena *mem,
	                                  const unsigned char *bytes,
	                                  size_t *size);
};

static struct fault *refused(struct arena *mem, const char *why)
{
	return fault(mem, FAULT_BAD_TOKEN, "JWS: %s", why);
}

/* ---- keys ---- */

/* A member's bytes; NULL when it is not there, or no base64url. */
static const unsigned char *member(struct arena *mem, json_object *key,
                                   const char *name, size_t *size)
{
	const char *text = js_text(js_get(key, name));

	return text ? (unsigned char *)unbase64url(mem, text, strlen(text),
	                                           size)
	            : NULL;
}

static EVP_PKEY *make_key(const char *type, OSSL_PARAM_BLD *numbers)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(numbers);
	EVP_PKEY *key = NULL;

	if (!context || !parameters || EVP_PKEY_fromdata_init(context) <= 0 ||
	    EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) <=
	            0)
		key = NULL;
	OSSL_PARAM_free(parameters);
	EVP_PKEY_CTX_free(context);
	return key;
}

/* RFC 7518 6.3.1. */
static EVP_PKEY *rsa_key(struct arena *mem, json_object *tree)
{
	size_t n_size = 0, e_size = 0;
	const unsigned char *n = member(mem, tree, "n", &n_size);
	const unsigned char *e = member(mem, tree, "e", &e_size);
	OSSL_PARAM_BLD *numbers;
	BIGNUM *modulus, *exponent;
	EVP_PKEY *key = NULL;

	if (!n || !e || n_size < MODULUS_LEAST || n_size > MODULUS_MOST ||
	    n[0] == 0 || (n_size == MODULUS_LEAST && n[0] < 0x80) ||
	    e_size == 0 || e_size > EXPONENT_MOST || !(e[e_size - 1] & 1) ||
	    (e_size == 1 && e[0] == 1))
		return NULL;
	numbers = OSSL_PARAM_BLD_new();
	modulus = BN_bin2bn(n, (int)n_size, NULL);
	exponent = BN_bin2bn(e, (int)e_size, NULL);
	if (numbers && modulus && exponent &&
	    OSSL_PARAM_BLD_push_BN(numbers, OSSL_PKEY_PARAM_RSA_N, modulus) &&
	    OSSL_PARAM_BLD_push_BN(numbers, OSSL_PKEY_PARAM_RSA_E, exponent))
		key = make_key("RSA", numbers);
	BN_free(modulus);
	BN_free(exponent);
	OSSL_PARAM_BLD_free(numbers);
	return key;
}

/* RFC 7518 6.2.1; that the point is on the curve, libcrypto sees. */
static EVP_PKEY *ec_key(struct arena *mem, json_object *tree)
{
	size_t x_size = 0, y_size = 0;
	const unsigned char *x = member(mem, tree, "x", &x_size);
	const unsigned char *y = member(mem, tree, "y", &y_size);
	unsigned char point[1 + 2 * COORDINATE] = { 0x04 };
	OSSL_PARAM_BLD *numbers;
	EVP_PKEY *key = NULL;

	if (!text_same(js_text(js_get(tree, "crv")), "P-256") || !x || !y ||
	    x_size != COORDINATE || y_size != COORDINATE)
		return NULL;
	memcpy(point + 1, x, COORDINATE);
	memcpy(point + 1 + COORDINATE, y, COORDINATE);
	numbers = OSSL_PARAM_BLD_new();
	if (numbers &&
	    OSSL_PARAM_BLD_push_utf8_string(numbers, OSSL_PKEY_PARAM_GROUP_NAME,
	                                    "P-256", 0) &&
	    OSSL_PARAM_BLD_push_octet_string(numbers, OSSL_PKEY_PARAM_PUB_KEY,
	                                     point, sizeof(point)))
		key = make_key("EC", numbers);
	OSSL_PARAM_BLD_free(numbers);
	return key;
}

/* ---- signatures ---- */

static const unsigned char *as_it_is(struct arena *mem,
                                     const unsigned char *bytes, size_t *size)
{
	(void)mem;
	(void)size;
	return bytes;
}

/* Two numbers side by side (RFC 7518 3.4), which libcrypto wants as DER. */
static const unsigned char *two_numbers(struct arena *mem,
                                        const unsigned char *bytes,
                                        size_t *size)
{
	ECDSA_SIG *pair = ECDSA_SIG_new();
	BIGNUM *r, *s;
	unsigned char *der = NULL, *end;
	int length;

	if (!pair || *size != 2 * COORDINATE)
		goto out;
	r = BN_bin2bn(bytes, COORDINATE, NULL);
	s = BN_bin2bn(bytes + COORDINATE, COORDINATE, NULL);
	if (!r || !s || !ECDSA_SIG_set0(pair, r, s)) {
		BN_free(r);
		BN_free(s);
		goto out;
	}
	length = i2d_ECDSA_SIG(pair, NULL);
	if (length <= 0)
		goto out;
	end = der = arena_alloc(mem, (size_t)length);
	*size = (size_t)i2d_ECDSA_SIG(pair, &end);
out:
	ECDSA_SIG_free(pair);
	return der;
}

static const struct jws_algorithm algorithms[] = {
	{ "RS256", "RSA", rsa_key, as_it_is },
	{ "ES256", "EC", ec_key, two_numbers },
};

enum { ALGORITHMS = sizeof(algorithms) / sizeof(*algorithms) };

/* ---- which key ---- */

/* Whether a key is for signatures by an algorithm, as far as it says. */
static bool key_fits(json_object *key, const struct jws_algorithm *algorithm)
{
	const char *use = js_text(js_get(key, "use"));
	const char *name = js_text(js_get(key, "alg"));

	return text_same(js_text(js_get(key, "kty")), algorithm->key_type) &&
	       (!use || text_same(use, "sig")) &&
	       (!name || text_same(name, algorithm->name));
}

static json_object *find_key(const struct jws *jws, json_object *keys)
{
	json_object *list = js_get(keys, "keys"), *found = NULL;

	for (size_t i = 0; i < js_count(list) && i < KEYS_MOST; i++) {
		json_object *key = js_item(list, i);

		if (!key_fits(key, jws->algorithm))
			continue;
		if (jws->key_id) {
			if (text_same(js_text(js_get(key, "kid")), jws->key_id))
				return key;
		} else if (found) {
			return NULL;
		} else {
			found = key;
		}
	}
	return found;
}

bool jws_key_there(const struct jws *jws, json_object *keys)
{
	return find_key(jws, keys);
}

bool jwk_set_fine(struct arena *mem, json_object *keys)
{
	static const char *const private[] = { "d", "p", "q", "k" };
	json_object *list = js_get(keys, "keys");
	size_t fine = 0;

	if (!js_is_array(list) || js_count(list) > KEYS_MOST)
		return false;
	for (size_t i = 0; i < js_count(list); i++) {
		json_object *tree = js_item(list, i);

		for (size_t j = 0; j < sizeof(private) / sizeof(*private); j++)
			if (js_has(tree, private[j]))
				return false;
		for (size_t j = 0; j < ALGORITHMS; j++) {
			EVP_PKEY *key = key_fits(tree, &algorithms[j])
			                        ? algorithms[j].key(mem, tree)
			                        : NULL;

			fine += key != NULL;
			EVP_PKEY_free(key);
		}
	}
	ERR_clear_error();
	return fine > 0;
}

/* ---- reading ---- */

CAN_FAIL jws_read(struct arena *mem, const char *token, struct jws *jws)
{
	static const char *const strange[] = { "jku", "jwk",  "x5u",
		                               "x5c", "crit", "b64" };
	json_object *header;
	const char *name;

	*jws = (struct jws){ 0 };
	TRY(compact_read(mem, token, TOKEN_MOST, &jws->compact));
	TRY(compact_json(mem, &jws->compact.header, &header));
	TRY(compact_json(mem, &jws->compact.payload, &jws->claims));
	for (size_t i = 0; i < sizeof(strange) / sizeof(*strange); i++)
		if (js_has(header, strange[i]))
			return refused(mem, strange[i]);
	name = js_text(js_get(header, "alg"));
	for (size_t i = 0; i < ALGORITHMS; i++)
		if (text_same(name, algorithms[i].name))
			jws->algorithm = &algorithms[i];
	if (!jws->algorithm)
		return refused(mem, "another algorithm");
	jws->type = js_text(js_get(header, "typ"));
	jws->key_id = js_text(js_get(header, "kid"));
	if ((js_has(header, "kid") && !jws->key_id) ||
	    (js_has(header, "typ") && !jws->type))
		return refused(mem, "kid or typ is no text");
	return NULL;
}

static bool signature_fine(struct arena *mem, const struct jws *jws,
                           EVP_PKEY *key)
{
	const struct segment *head = &jws->compact.header;
	const struct segment *last = &jws->compact.signature;
	size_t size, signed_size;
	const unsigned char *bytes = (unsigned char *)unbase64url(
		mem, last->text, last->size, &size);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool fine = false;

	/* Header, dot and payload stand together in the token. */
	signed_size = head->size + 1 + jws->compact.payload.size;
	if (bytes)
		bytes = jws->algorithm->signature(mem, bytes, &size);
	if (bytes && context &&
	    EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1)
		fine = EVP_DigestVerify(context, bytes, size,
		                        (const unsigned char *)head->text,
		                        signed_size) == 1;
	EVP_MD_CTX_free(context);
	return fine;
}

CAN_FAIL jws_verify(struct arena *mem, const struct jws *jws, json_object *keys)
{
	json_object *tree = find_key(jws, keys);
	EVP_PKEY *key = tree ? jws->algorithm->key(mem, tree) : NULL;
	bool fine = key && signature_fine(mem, jws, key);

	EVP_PKEY_free(key);
	ERR_clear_error();
	if (!tree)
		return refused(mem, "no such key");
	return fine ? NULL : refused(mem, "the signature is wrong");
}

/* ---- claims ---- */

static bool is_for(json_object *audience, const char *const *wanted)
{
	if (js_is_text(audience)) {
		for (; *wanted; wanted++)
			if (text_same(js_text(audience), *wanted))
				return true;
		return false;
	}
	for (size_t i = 0; i < js_count(audience); i++)
		if (js_is_text(js_item(audience, i)) &&
		    is_for(js_item(audience, i), wanted))
			return true;
	return false;
}

CAN_FAIL jws_check(struct arena *mem, const struct jws *jws,
                   const struct jws_wanted *wanted)
{
	static const char *const not_before[] = { "nbf", "iat" };
	json_object *over = js_get(jws->claims, "exp");
	int64_t left = js_integer(over) - wanted->now;

	if (!text_same(js_text(js_get(jws->claims, "iss")), wanted->issuer))
		return refused(mem, "another issuer");
	if (!is_for(js_get(jws->claims, "aud"), wanted->audiences))
		return refused(mem, "another audience");
	if (!js_is_integer(over) || js_integer(over) < 0)
		return refused(mem, "exp");
	if (left <= -SKEW)
		return refused(mem, "over");
	if (left > wanted->most + SKEW)
		return refused(mem, "good for too long");
	for (size_t i = 0; i < 2; i++) {
		json_object *time = js_get(jws->claims, not_before[i]);

		if (!js_has(jws->claims, not_before[i]))
			continue;
		if (!js_is_integer(time) || js_integer(time) < 0)
			return refused(mem, not_before[i]);
		if (js_integer(time) > wanted->now + SKEW)
			return refused(mem, "not yet");
	}
	return NULL;
}
