#include "auth/jwt.h"

#include <stdlib.h>
#include <string.h>

#include <jwt.h>

#include "core/arena.h"
#include "core/json.h"
#include "core/text.h"
#include "vault/base64url.h"

#define ISSUER "gatehouse"
#define AUDIENCE "gatehouse-api"
#define PURPOSE "session"

enum {
	TOKEN_MOST = 4096, /* the library copies segments to the stack (JW-6) */
	SKEW = 60,         /* seconds (JW-9) */
};

static struct fault *refused(struct arena *mem, const char *why)
{
	return fault(mem, FAULT_BAD_TOKEN, "JWT: %s", why);
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

CAN_FAIL jwt_sign(struct arena *mem, const char *secret,
                  const struct session_claims *claims, const char **token)
{
	jwt_t *jwt = NULL;
	char *made = NULL;

	*token = NULL;
	if (!*secret) /* length 0 makes anything verify (JW-1) */
		return fault(mem, FAULT_INTERNAL, "no JWT_SECRET");
	if (jwt_new(&jwt) == 0 && add_claims(jwt, claims) == 0 &&
	    jwt_set_alg(jwt, JWT_ALG_HS256, (const unsigned char *)secret,
	                (int)strlen(secret)) == 0)
		made = jwt_encode_str(jwt);
	*token = text_copy(mem, made);
	free(made);
	jwt_free(jwt);
	return *token ? NULL : fault(mem, FAULT_INTERNAL, "no JWT was made");
}

/* ---- reading ---- */

struct segments {
	const char *start[3];
	size_t size[3];
};

/* Three segments of base64url, none empty, and nothing else. */
static CAN_FAIL split(struct arena *mem, const char *token,
                      struct segments *segments)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz"
				       "0123456789-_";

	if (strnlen(token, TOKEN_MOST + 1) > TOKEN_MOST)
		return refused(mem, "too long");
	for (size_t i = 0; i < 3; i++) {
		size_t size = strspn(token, alphabet);

		if (size == 0 || token[size] != (i < 2 ? '.' : '\0'))
			return refused(mem, "not three segments");
		segments->start[i] = token;
		segments->size[i] = size;
		token += size + 1;
	}
	return NULL;
}

/* A segment as a JSON object, read by our own strict reader: the library keeps
 * the last of two members with one name (JW-6). */
static CAN_FAIL read_segment(struct arena *mem, const struct segments *from,
                             size_t i, json_object **tree)
{
	size_t size;
	char *bytes = unbase64url(mem, from->start[i], from->size[i], &size);

	if (!bytes || js_parse(mem, bytes, size, tree))
		return refused(mem, "a segment is no strict JSON");
	if (!js_is_object(*tree))
		return refused(mem, "a segment is no object");
	return NULL;
}

/* alg and typ, and nothing that could choose a key (JW-2, JW-5). */
static CAN_FAIL check_header(struct arena *mem, json_object *header)
{
	if (!text_same(js_text(js_get(header, "alg")), "HS256"))
		return refused(mem, "not HS256");
	if (js_has(header, "typ") &&
	    !text_same(js_text(js_get(header, "typ")), "JWT"))
		return refused(mem, "another typ");
	if (js_count(header) != (js_has(header, "typ") ? 2 : 1))
		return refused(mem, "an unknown header member");
	return NULL;
}

static CAN_FAIL check_signature(struct arena *mem, const char *secret,
                                const char *token)
{
	jwt_t *jwt = NULL;
	bool fine;

	if (!*secret) /* length 0 makes anything verify (JW-1) */
		return fault(mem, FAULT_INTERNAL, "no JWT_SECRET");
	/* libjwt 1.10.2 takes the algorithm from the token: what it took is
	 * looked at again, though the header was read before. */
	fine = jwt_decode(&jwt, token, (const unsigned char *)secret,
	                  (int)strlen(secret)) == 0 &&
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

CAN_FAIL jwt_read(struct arena *mem, const char *secret, const char *token,
                  int64_t now, int64_t most_seconds,
                  struct session_claims *claims)
{
	struct segments segments;
	json_object *header, *payload;

	*claims = (struct session_claims){ 0 };
	TRY(split(mem, token, &segments));
	TRY(read_segment(mem, &segments, 0, &header));
	TRY(read_segment(mem, &segments, 1, &payload));
	TRY(check_header(mem, header));
	TRY(check_signature(mem, secret, token));
	TRY(check_fixed(mem, payload));
	TRY(read_times(mem, payload, now, most_seconds, claims));
	return read_names(mem, payload, claims);
}
