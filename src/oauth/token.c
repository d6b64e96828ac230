#include "oauth/token.h"

#include "core/text.h"
#include "db/db.h"
#include "oauth/client.h"
#include "oauth/id_jag.h"
#include "oauth/pkce.h"
#include "oauth/refusal.h"
#include "oauth/resource.h"
#include "oauth/scope.h"
#include "vault/vault.h"
#include "web/form.h"
#include "web/request.h"
#include "web/response.h"

enum {
	RANDOM_BYTES = 32,
	ACCESS_SECONDS = 900, /* OA-9 */
	GRACE_SECONDS = 30,   /* OA-6: clients ask twice, or lose the answer */
};

/* One request for tokens. */
struct exchange {
	struct oauth_server server;
	struct oauth_client client;
	const char *access;  /* what is given, if all is well */
	const char *refresh; /* the same; NULL: none */
};

/* A token of a kind: 256 random bits behind a prefix that tells scanners of
 * leaked secrets whose it is. */
static const char *new_token(struct request *req, const char *prefix)
{
	return text_format(req->mem, "%s%s", prefix,
	                   random_token(req->mem, RANDOM_BYTES));
}

static const char *digest_of(struct request *req, const char *token)
{
	return token ? digest_hex(req->mem, token) : NULL;
}

static CAN_FAIL need(struct request *req, const char *name, const char **value)
{
	*value = form_text(req->json, name);
	if (*value)
		return NULL;
	return fault_told(req->mem, FAULT_BAD_REQUEST, "%s is missing.", name);
}

static CAN_FAIL redeem_code(struct request *req,
                            const struct exchange *exchange, struct rows **rows)
{
	const char *code, *verifier, *challenge;

	TRY(need(req, "code", &code));
	TRY(need(req, "code_verifier", &verifier));
	challenge = pkce_challenge(req->mem, verifier);
	if (!challenge)
		return fault(req->mem, FAULT_BAD_GRANT, "no verifier");
	return db_run(&req->db, SQL_CODE_REDEEM, rows, exchange->server.id,
	              oauth_public(req), digest_of(req, code),
	              exchange->client.id, form_text(req->json, "redirect_uri"),
	              challenge, random_uuid(req->mem), random_uuid(req->mem),
	              digest_of(req, exchange->access),
	              digest_of(req, exchange->refresh),
	              text_format(req->mem, "%d", ACCESS_SECONDS));
}

/* Without a scope the grant's own; else all that are asked must be in it. */
static const char *scopes_asked(struct request *req)
{
	const char *text = form_text(req->json, "scope");
	size_t count = 0, kept = 0;
	char **names = text ? text_split(req->mem, text, ' ', &count) : NULL;

	for (size_t i = 0; i < count; i++)
		if (!text_same(names[i], "offline_access"))
			names[kept++] = names[i];
	return kept ? db_array(req->mem, (const char *const *)names, kept)
	            : NULL;
}

static CAN_FAIL refresh(struct request *req, const struct exchange *exchange,
                        struct rows **rows)
{
	const char *token;

	TRY(need(req, "refresh_token", &token));
	return db_run(&req->db, SQL_TOKEN_REFRESH, rows, exchange->server.id,
	              oauth_public(req), digest_of(req, token),
	              exchange->client.id, scopes_asked(req),
	              text_format(req->mem, "%d", GRACE_SECONDS),
	              random_uuid(req->mem), digest_of(req, exchange->access),
	              digest_of(req, exchange->refresh),
	              text_format(req->mem, "%d", ACCESS_SECONDS));
}

/* A machine for itself: it proved who it is, and gets no refresh token. */
static CAN_FAIL serve_machine(struct request *req,
                              const struct exchange *exchange,
                              struct rows **rows)
{
	if (text_same(exchange->client.auth_method, "none"))
		return fault(req->mem, FAULT_CLIENT_MAY_NOT, "not proved");
	return db_run(&req->db, SQL_CLIENT_TOKEN, rows, exchange->server.id,
	              exchange->client.id, scopes_asked(req),
	              random_uuid(req->mem), random_uuid(req->mem),
	              digest_of(req, exchange->access),
	              text_format(req->mem, "%d", ACCESS_SECONDS));
}

static CAN_FAIL take_word(struct request *req, const struct exchange *exchange,
                          struct rows **rows)
{
	return id_jag_take(req, &exchange->server, &exchange->client,
	                   digest_of(req, exchange->access), ACCESS_SECONDS,
	                   rows);
}

/* What can be had for what. */
static const struct grant_type {
	const char *name;
	bool once; /* no refresh token comes with it */
	CAN_FAIL(*take)
	(struct request *req, const struct exchange *exchange,
	 struct rows **rows);
} grant_types[] = {
	{ "authorization_code", false, redeem_code },
	{ "refresh_token", false, refresh },
	{ "client_credentials", true, serve_machine },
	{ JWT_BEARER, true, take_word },
	{ NULL, false, NULL },
};

static CAN_FAIL find_type(struct request *req, const struct grant_type **type)
{
	const char *name;

	TRY(need(req, "grant_type", &name));
	for (*type = grant_types; (*type)->name; (*type)++)
		if (text_same((*type)->name, name))
			return NULL;
	return fault(req->mem, FAULT_BAD_GRANT_TYPE, "%s",
	             text_cut(req->mem, name, 100));
}

static void answer(struct request *req, const struct exchange *exchange,
                   const struct rows *rows, struct response *out)
{
	enum { SCOPES, SECONDS };
	json_object *body = js_object(req->mem), *row = js_object(req->mem);

	js_put_json(row, "scopes", rows_text(rows, 0, SCOPES));
	js_put_text(body, "access_token", exchange->access);
	js_put_text(body, "token_type", "Bearer");
	js_put_integer(body, "expires_in", rows_integer(rows, 0, SECONDS));
	if (exchange->refresh)
		js_put_text(body, "refresh_token", exchange->refresh);
	js_put_text(body, "scope", scope_text(req->mem, js_get(row, "scopes")));
	response_header(out, "Pragma", "no-cache");
	response_json(out, 200, body);
}

static CAN_FAIL take(struct request *req, const struct grant_type *type,
                     const struct exchange *exchange, struct rows **rows)
{
	if (!oauth_client_may(&exchange->client, type->name))
		return fault(req->mem, FAULT_CLIENT_MAY_NOT, "%s", type->name);
	TRY(resource_check(req, form_text(req->json, "resource"),
	                   &exchange->server));
	TRY(type->take(req, exchange, rows));
	if (rows_count(*rows) == 0)
		return fault(req->mem, FAULT_BAD_GRANT, "%s", type->name);
	return NULL;
}

CAN_FAIL token_issue(struct request *req, struct response *out)
{
	struct exchange exchange = { .access = new_token(req, "gha_") };
	const struct grant_type *type;
	struct fault *wrong;
	struct rows *rows;

	TRY(find_type(req, &type));
	if (!type->once)
		exchange.refresh = new_token(req, "ghr_");
	TRY(oauth_client_proved(req, &exchange.server, &exchange.client));
	wrong = take(req, type, &exchange, &rows);
	if (wrong)
		refusal_record(req, &exchange.server, &exchange.client, "token",
		               wrong);
	else
		answer(req, &exchange, rows, out);
	return wrong;
}

CAN_FAIL token_revoke(struct request *req, struct response *out)
{
	struct oauth_server server;
	struct oauth_client client;
	const char *token;

	TRY(oauth_client_proved(req, &server, &client));
	TRY(need(req, "token", &token));
	TRY(db_run(&req->db, SQL_TOKEN_REVOKE, NULL, server.id,
	           digest_of(req, token), client.id));
	response_json(out, 200, js_object(req->mem));
	return NULL;
}
