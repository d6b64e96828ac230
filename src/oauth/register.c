#include "oauth/register.h"

#include <string.h>

#include "auth/throttle.h"
#include "core/arena.h"
#include "core/text.h"
#include "db/db.h"
#include "oauth/client.h"
#include "oauth/client_document.h"
#include "oauth/redirect.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/request.h"
#include "web/response.h"

enum {
	SECRET_BYTES = 32,
	REDIRECTS_MOST = 20,
	FREE = 100, /* by one address, which hosted clients share */
	WAIT_MOST = 60,
};

/* What was asked for, as far as it is kept. */
struct wanted {
	const char *name;
	const char **redirects;
	size_t redirect_count;
	const char *method;
	bool has_secret;
	const char *keys; /* JSON, or NULL */
	const char *keys_url;
};

static CAN_FAIL wrong_data(struct request *req, const char *told)
{
	return fault_told(req->mem, FAULT_BAD_CLIENT_DATA, "%s", told);
}

static CAN_FAIL read_redirects(struct request *req, struct wanted *wanted)
{
	json_object *list = js_get(req->json, "redirect_uris");
	size_t count = js_count(list);

	if (!js_is_array(list) || count == 0 || count > REDIRECTS_MOST)
		return fault_told(req->mem, FAULT_BAD_REDIRECT,
		                  "redirect_uris must hold 1 to %d URIs.",
		                  REDIRECTS_MOST);
	wanted->redirects =
		arena_array(req->mem, count, sizeof(*wanted->redirects));
	for (size_t i = 0; i < count; i++) {
		const char *uri = js_text(js_item(list, i));
		const char *wrong = uri ? redirect_wrong(uri, false)
		                        : "A redirect URI is no text.";

		if (wrong)
			return fault_told(req->mem, FAULT_BAD_REDIRECT, "%s",
			                  wrong);
		wanted->redirects[wanted->redirect_count++] = uri;
	}
	return NULL;
}

/* RFC 7591 2: without one it is Basic; what is kept is told. */
static CAN_FAIL read_method(struct request *req, struct wanted *wanted)
{
	static const char *const methods[] = { "none", "private_key_jwt",
		                               "client_secret_basic",
		                               "client_secret_post" };
	json_object *given = js_get(req->json, "token_endpoint_auth_method");

	wanted->method = given ? js_text(given) : "client_secret_basic";
	wanted->has_secret = text_starts(wanted->method ? wanted->method : "",
	                                 "client_secret_");
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
		if (text_same(wanted->method, methods[i]))
			return NULL;
	return wrong_data(req, "token_endpoint_auth_method must be none, "
	                       "private_key_jwt, client_secret_basic or "
	                       "client_secret_post.");
}

/* By which it proves itself. */
static CAN_FAIL read_keys(struct request *req, struct wanted *wanted)
{
	const char *wrong;

	if (!text_same(wanted->method, "private_key_jwt"))
		return NULL;
	wrong = client_keys_wrong(req, req->json);
	if (wrong)
		return wrong_data(req, wrong);
	wanted->keys_url = js_text(js_get(req->json, "jwks_uri"));
	if (!wanted->keys_url)
		wanted->keys = js_print(req->mem, js_get(req->json, "jwks"));
	return NULL;
}

/* A list that is given must have the one that is offered. */
static CAN_FAIL must_hold(struct request *req, const char *name,
                          const char *value)
{
	json_object *list = js_get(req->json, name);

	if (js_is_null(list))
		return NULL;
	for (size_t i = 0; i < js_count(list); i++)
		if (text_same(js_text(js_item(list, i)), value))
			return NULL;
	return fault_told(req->mem, FAULT_BAD_CLIENT_DATA, "%s must hold %s.",
	                  name, value);
}

static CAN_FAIL read_wanted(struct request *req, struct wanted *wanted)
{
	json_object *name = js_get(req->json, "client_name");

	if (!js_is_object(req->json))
		return wrong_data(req, "The body must be an object.");
	if (!js_is_null(name) && !js_is_text(name))
		return wrong_data(req, "client_name must be a text.");
	wanted->name =
		client_name_shown(req, js_text(name) ? js_text(name) : "");
	if (!*wanted->name)
		wanted->name = "An application without a name";
	TRY(read_redirects(req, wanted));
	TRY(read_method(req, wanted));
	TRY(read_keys(req, wanted));
	TRY(must_hold(req, "grant_types", "authorization_code"));
	return must_hold(req, "response_types", "code");
}

static void put_list(json_object *body, const char *name, size_t count,
                     const char *const *values)
{
	json_object *list = js_put_array(body, name);

	for (size_t i = 0; i < count; i++)
		js_add_text(list, values[i]);
}

static const char *const grants[] = { "authorization_code", "refresh_token" };

/* RFC 7591 3.2.1: what is kept. secret: NULL when it has none. */
static json_object *registered(struct request *req, const struct wanted *wanted,
                               const char *id, const char *secret)
{
	static const char *const responses[] = { "code" };
	json_object *body = js_object(req->mem);

	js_put_text(body, "client_id", id);
	if (secret) {
		js_put_text(body, "client_secret", secret);
		js_put_integer(body, "client_secret_expires_at", 0);
	}
	js_put_text(body, "client_name", wanted->name);
	put_list(body, "redirect_uris", wanted->redirect_count,
	         wanted->redirects);
	js_put_text(body, "token_endpoint_auth_method", wanted->method);
	put_list(body, "grant_types", 2, grants);
	put_list(body, "response_types", 1, responses);
	if (wanted->keys)
		js_put_json(body, "jwks", wanted->keys);
	if (wanted->keys_url)
		js_put_text(body, "jwks_uri", wanted->keys_url);
	return body;
}

CAN_FAIL client_register(struct request *req, struct response *out)
{
	const struct config *config = &req->app->config;
	struct throttle throttle =
		throttle_of(req, "register", NULL, FREE, WAIT_MOST);
	struct wanted wanted = { 0 };
	json_object *body;
	struct oauth_server server;
	const char *secret = NULL;
	const char *id = text_format(req->mem, "ghi_%s", random_uuid(req->mem));
	struct rows *rows;

	TRY(oauth_server_find(req, &server));
	TRY(read_wanted(req, &wanted));
	TRY(throttle_pass(req, &throttle));
	TRY(throttle_failed(req, &throttle));
	if (wanted.has_secret)
		secret = text_format(req->mem, "ghs_%s",
		                     random_token(req->mem, SECRET_BYTES));
	TRY(db_run(&req->db, SQL_CLIENT_REGISTER, &rows, server.id, id,
	           wanted.name,
	           db_array(req->mem, wanted.redirects, wanted.redirect_count),
	           wanted.method, secret ? digest_hex(req->mem, secret) : NULL,
	           wanted.keys, wanted.keys_url, db_array(req->mem, grants, 2),
	           text_format(req->mem, "%ld", config->oauth_client_days),
	           text_format(req->mem, "%ld",
	                       config->oauth_clients_per_server)));
	body = registered(req, &wanted, id, secret);
	js_put_integer(body, "client_id_issued_at", rows_integer(rows, 0, 0));
	response_json(out, 201, body);
	return NULL;
}
