#include "api/clients.h"

#include "api/list.h"
#include "api/row.h"
#include "core/arena.h"
#include "core/json.h"
#include "core/text.h"
#include "db/db.h"
#include "oauth/client_document.h"
#include "oauth/id_jag.h"
#include "oauth/redirect.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/request.h"
#include "web/response.h"

enum { NAME_MOST = 255, TEXTS_MOST = 20, SECRET_BYTES = 32, URL_MOST = 2000 };

CAN_FAIL clients_list(struct request *req, struct response *out)
{
	struct list list;
	struct rows *rows;

	TRY(list_read(req, &list));
	TRY(db_run(&req->db, SQL_CLIENT_LIST, &rows, req->parts[0], list.limit,
	           list.offset));
	list_answer(req, &list, rows,
	            text_format(req->mem, "/api/v1/mcp-servers/%s/clients",
	                        req->parts[0]),
	            out);
	return NULL;
}

/* What a client is to be. */
struct wanted {
	const char *name;
	const char *method;
	const char *redirects; /* as Postgres has them, the next two too */
	const char *grants;
	const char *scopes; /* NULL: all */
	const char *keys;   /* JSON, or NULL */
	const char *keys_url;
	bool asks_people;
};

/* A list of texts that each stand in words; NULL when there is none. */
static const char *read_texts(struct fields *body, const char *name,
                              const char *const *words, size_t count,
                              json_object **list)
{
	const char *texts[TEXTS_MOST];
	size_t n;

	*list = field_array_maybe(body, name);
	n = js_count(*list);
	if (!*list)
		return NULL;
	if (n == 0 || n > TEXTS_MOST)
		field_wrong(body, "%s must hold 1 to %d texts.", name,
		            TEXTS_MOST);
	for (size_t i = 0; i < n && !body->fault; i++) {
		size_t known = 0;

		texts[i] = js_text(js_item(*list, i));
		while (known < count && !text_same(words[known], texts[i]))
			known++;
		if (!texts[i] || (count > 0 && known == count))
			field_wrong(body,
			            "%s holds something that is not "
			            "known.",
			            name);
	}
	return body->fault ? NULL : db_array(body->mem, texts, n);
}

static void check_redirects(struct fields *body, json_object *list)
{
	for (size_t i = 0; i < js_count(list) && !body->fault; i++) {
		const char *wrong =
			redirect_wrong(js_text(js_item(list, i)), true);

		if (wrong)
			field_wrong(body, "%s", wrong);
	}
}

/* By which it proves itself, with private_key_jwt. */
static void read_keys(struct request *req, struct fields *body,
                      struct wanted *wanted)
{
	json_object *keys = field_object_maybe(body, "jwks");
	const char *url = field_text_maybe(body, "jwks_uri", 1, URL_MOST);
	const char *wrong;

	if (body->fault || !text_same(wanted->method, "private_key_jwt"))
		return;
	wrong = client_keys_wrong(req, req->json);
	if (wrong)
		field_wrong(body, "%s", wrong);
	wanted->keys = keys ? js_print(req->mem, keys) : NULL;
	wanted->keys_url = url;
}

static CAN_FAIL read_wanted(struct request *req, struct wanted *wanted)
{
	static const char *const methods[] = { "client_secret_basic",
		                               "client_secret_post",
		                               "private_key_jwt", "none" };
	static const char *const types[] = { "authorization_code",
		                             "refresh_token",
		                             "client_credentials", JWT_BEARER };
	static const char *const scopes[] = { "search", "fetch", "outlook",
		                              "snowflake", "box" };
	struct fields body = fields_of(req->mem, req->json);
	json_object *list;

	wanted->name = field_text(&body, "name", 1, NAME_MOST);
	wanted->method = field_choice_maybe(&body, "token_endpoint_auth_method",
	                                    methods, 4);
	read_keys(req, &body, wanted);
	wanted->redirects = read_texts(&body, "redirect_uris", NULL, 0, &list);
	check_redirects(&body, list);
	wanted->scopes = read_texts(&body, "scopes", scopes, 5, &list);
	wanted->grants = read_texts(&body, "grant_types", types, 4, &list);
	if (!wanted->method)
		wanted->method = methods[0];
	if (!wanted->grants)
		wanted->grants = db_array(req->mem, types, 2);
	wanted->asks_people = !list;
	for (size_t i = 0; i < js_count(list); i++)
		if (text_same(js_text(js_item(list, i)), types[0]))
			wanted->asks_people = true;
	if (wanted->asks_people && !wanted->redirects)
		field_wrong(&body, "redirect_uris is missing: where the answer "
		                   "of a person goes to.");
	if (!wanted->redirects)
		wanted->redirects = db_array(req->mem, NULL, 0);
	return body.fault;
}

CAN_FAIL client_add(struct request *req, struct response *out)
{
	struct wanted wanted = { 0 };
	const char *secret = NULL;
	json_object *body;
	struct rows *rows;

	TRY(read_wanted(req, &wanted));
	if (text_starts(wanted.method, "client_secret_"))
		secret = text_format(req->mem, "ghs_%s",
		                     random_token(req->mem, SECRET_BYTES));
	TRY(db_run(&req->db, SQL_CLIENT_ADD, &rows,
	           text_format(req->mem, "ghi_%s", random_uuid(req->mem)),
	           req->parts[0], wanted.name, wanted.redirects, wanted.method,
	           secret ? digest_hex(req->mem, secret) : NULL, wanted.keys,
	           wanted.keys_url, wanted.grants, wanted.scopes,
	           text_format(req->mem, "%ld",
	                       req->app->config.tokens_per_server)));
	body = js_literal(req->mem, rows_text(rows, 0, 0));
	if (secret)
		js_put_text(body, "client_secret", secret);
	response_json(out, 201, body);
	return NULL;
}

CAN_FAIL client_end(struct request *req, struct response *out)
{
	struct rows *rows;

	TRY(db_run(&req->db, SQL_CLIENT_END, &rows, req->parts[0],
	           req->parts[1]));
	return row_deleted(req, rows, "Client ended successfully",
	                   FAULT_NO_CLIENT, out);
}
