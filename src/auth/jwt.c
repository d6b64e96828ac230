#include "auth/jwt.h"

#include <stdlib.h>
#include <string.h>

#include <jwt.h>

#include "auth/compact.h"
#include "auth/key_pair.h"
#include "core/arena.h"
#include "core/json.h"
#include "core/text.h"
#include "vault/vault.h"

#define ISSUER "gatehouse"
#define AUDIENCE "gatehouse-api"
#define PURPOSE "session"

enum {
	TOKEN_MOST = 4096, /* the library copies segments to the stack (JW-6) */
	SKEW = 60,         /* seconds (JW-9) */
	KEYS_MOST = 2,
	ID_SIZE = 16, /* hex digits of a digest */
};

struct jwt_key {
	const char *id;
	const char *secret;
};

struct jwt_keys {
	struct jwt_key keys[KEYS_MOST]; /* the newest first */
	size_t count;
};

static struct fault *refused(struct arena *mem, const char *why)
{
	return fault(mem, FAULT_BAD_TOKEN, "JWT: %s", why);
}

/* ---- keys ---- */

static CAN_FAIL add_key(struct arena *mem, struct jwt_keys *keys,
                        const char *secret)
{
	if (!secret || !*secret) /* length 0 makes anything verify (JW-1) */
		return fault(mem, FAULT_INTERNAL, "an empty session key");
	/* With a name of its use, so that no digest made of the same secret
	 * elsewhere is ever this one. */
	const char *digest = digest_hex(
		mem, text_format(mem, "gatehouse session key: %s", secret));
	keys->keys[keys->count++] = (struct jwt_key){
		.id = text_copy_n(mem, digest, ID_SIZE),
		.secret = text_copy(mem, secret),
	};
	return NULL;
}

CAN_FAIL jwt_keys_make(struct arena *mem, const char *newest,
                       const char *previous, const struct jwt_keys **keys)
{
	struct jwt_keys *made = arena_alloc(mem, sizeof(*made));

	*keys = NULL;
	TRY(add_key(mem, made, newest));
	if (previous)
		TRY(add_key(mem, made, previous));
	*keys = made;
	return NULL;
}

static const struct jwt_key *find_key(const struct jwt_keys *keys,
                                      const char *id)
{
	for (size_t i = 0; i < keys->count; i++)
		if (text_same(keys->keys[i].id, id))
			return &keys->keys[i];
	return NULL;
}

/* ---- signing ---- */

static int add_claims(jwt_t *jwt, const struct session_claims *claims)
{
	const struct {
		const char *name, *text;
		long number;
	} all[] = {
		{ "sub", claims->user_id, 0 },
		{ "jti", claims->session_id, 0 },
		{ "email", claims->email, 0 },
		{ "iss", ISSUER, 0 },
		{ "aud", AUDIENCE, 0 },
		{ "purpose", PURPOSE, 0 },
		{ "timestamp", NULL, claims->issued * 1000 },
		{ "iat", NULL, claims->issued },
		{ "nbf", NULL, claims->issued },
		{ "exp", NULL, claims->expires },
		{ NULL, NULL, 0 },
	};
	int failed = 0;

	for (size_t i = 0; all[i].name && !failed; i++)
		failed = all[i].text
		                 ? jwt_add_grant(jwt, all[i].name, all[i].text)
		                 : jwt_add_grant_int(jwt, all[i].name,
		                                     all[i].number);
	return failed;
}

CAN_FAIL jwt_sign(struct arena *mem, const struct jwt_keys *keys,
                  const struct session_claims *claims, const char **token)
{
	const struct jwt_key *key = &keys->keys[0];
	jwt_t *jwt = NULL;
	char *made = NULL;

	if (jwt_new(&jwt) == 0 && add_claims(jwt, claims) == 0 &&
	    jwt_add_header(jwt, "kid", key->id) == 0 &&
	    jwt_set_alg(jwt, JWT_ALG_HS256, (const unsigned char *)key->secret,
	                (int)strlen(key->secret)) == 0)
		made = jwt_encode_str(jwt);
	*token = text_copy(mem, made);
	free(made);
	jwt_free(jwt);
	return *token ? NULL : fault(mem, FAULT_INTERNAL, "no JWT was made");
}

/* ---- signing for others ---- */

CAN_FAIL key_pair_sign(struct arena *mem, const struct key_pair *pair,
                       const struct key_claims *claims, const char **token)
{
	jwt_t *jwt = NULL;
	char *made = NULL;

	if (jwt_new(&jwt) == 0 &&
	    jwt_add_grant(jwt, "iss", claims->issuer) == 0 &&
	    jwt_add_grant(jwt, "sub", claims->subject) == 0 &&
	    jwt_add_grant_int(jwt, "iat", claims->issued) == 0 &&
	    jwt_add_grant_int(jwt, "exp", claims->expires) == 0 &&
	    jwt_set_alg(jwt, JWT_ALG_RS256, (const unsigned char *)pair->pem,
	                (int)strlen(pair->pem)) == 0)
		made = jwt_encode_str(jwt);
	*token = text_copy(mem, made);
	free(made);
	jwt_free(jwt);
	return *token ? NULL : fault(mem, FAULT_INTERNAL, "no JWT was made");
}

/* ---- reading ---- */

/* alg, typ and kid, which picks a key of ours, and nothing else that could
 * choose one (JW-2, JW-5). */
static CAN_FAIL check_header(struct arena *mem, const struct jwt_keys *keys,
                             json_object *header, const struct jwt_key **key)
{
	if (!text_same(js_text(js_get(header, "alg")), "HS256"))
		return refused(mem, "not HS256");
	if (js_has(header, "typ") &&
	    !text_same(js_text(js_get(header, "typ")), "JWT"))
		return refused(mem, "another typ");
	if (!js_has(header, "kid"))
		return refused(mem, "no kid");
	if (js_count(header) != (js_has(header, "typ") ? 3 : 2))
		return refused(mem, "an unknown header member");
	*key = find_key(keys, js_text(js_get(header, "kid")));
	return *key ? NULL : refused(mem, "kid names no key of ours");
}

static CAN_FAIL check_signature(struct arena *mem, const struct jwt_key *key,
                                const char *token)
{
	jwt_t *jwt = NULL;
	bool fine;

	/* libjwt 1.10.2 takes the algorithm from the token: what it took is
	 * looked at again, though the header was read before. */
	fine = jwt_decode(&jwt, token, (const unsigned char *)key->secret,
	                  (int)strlen(key->secret)) == 0 &&
	       jwt_get_alg(jwt) == JWT_ALG_HS256;
	jwt_free(jwt);
	return fine ? NULL : refused(mem, "the signature is wrong");
}

/* Claims whose value is fixed (JW-3, JW-4). */
static CAN_FAIL check_fixed(struct arena *mem, json_object *claims)
{
	static const struct {
		const char *name, *value;
	} fixed[] = {
		{ "iss", ISSUER },
		{ "aud", AUDIENCE },
		{ "purpose", PURPOSE },
		{ NULL, NULL },
	};

	for (size_t i = 0; fixed[i].name; i++)
		if (!text_same(js_text(js_get(claims, fixed[i].name)),
		               fixed[i].value))
			return refused(mem, fixed[i].name);
	return NULL;
}

static CAN_FAIL read_names(struct arena *mem, json_object *tree,
                           struct session_claims *claims)
{
	const char *user = js_text(js_get(tree, "sub"));
	const char *session = js_text(js_get(tree, "jti"));

	claims->user_id = user ? text_uuid(mem, user) : NULL;
	claims->session_id = session ? text_uuid(mem, session) : NULL;
	claims->email = text_copy(mem, js_text(js_get(tree, "email")));
	if (!text_same(claims->user_id, user))
		return refused(mem, "sub");
	if (!text_same(claims->session_id, session))
		return refused(mem, "jti");
	if (!claims->email || !*claims->email)
		return fault_told(mem, FAULT_BAD_TOKEN,
		                  "Invalid token payload");
	return NULL;
}

static CAN_FAIL read_times(struct arena *mem, json_object *tree, int64_t now,
                           int64_t most_seconds, struct session_claims *claims)
{
	static const char *const names[] = { "iat", "exp", "nbf", "timestamp",
		                             NULL };
	int64_t not_before = js_integer(js_get(tree, "nbf"));

	for (size_t i = 0; names[i]; i++)
		if (!js_is_integer(js_get(tree, names[i])) ||
		    js_integer(js_get(tree, names[i])) < 0)
			return refused(mem, names[i]);
	claims->issued = js_integer(js_get(tree, "iat"));
	claims->expires = js_integer(js_get(tree, "exp"));
	if (claims->expires <= claims->issued ||
	    claims->expires - claims->issued > most_seconds)
		return refused(mem, "a life longer than any given");
	if (now >= claims->expires + SKEW)
		return refused(mem, "over");
	if (now + SKEW < not_before || now + SKEW < claims->issued)
		return refused(mem, "not yet");
	return NULL;
}

CAN_FAIL jwt_read(struct arena *mem, const struct jwt_keys *keys,
                  const char *token, int64_t now, int64_t most_seconds,
                  struct session_claims *claims)
{
	const struct jwt_key *key;
	struct compact compact;
	json_object *header, *payload;

	*claims = (struct session_claims){ 0 };
	TRY(compact_read(mem, token, TOKEN_MOST, &compact));
	TRY(compact_json(mem, &compact.header, &header));
	TRY(compact_json(mem, &compact.payload, &payload));
	TRY(check_header(mem, keys, header, &key));
	TRY(check_signature(mem, key, token));
	TRY(check_fixed(mem, payload));
	TRY(read_times(mem, payload, now, most_seconds, claims));
	return read_names(mem, payload, claims);
}
