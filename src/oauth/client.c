#include "oauth/client.h"

#include <string.h>

#include "auth/bearer.h"
#include "auth/host.h"
#include "auth/jws.h"
#include "auth/origin.h"
#include "core/text.h"
#include "db/db.h"
#include "oauth/assertion.h"
#include "oauth/client_document.h"
#include "oauth/refusal.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/form.h"
#include "web/request.h"

enum { ID_MOST = 2000, SECRET_MOST = 200 };

/* What oauth_open answers for a live server. */
enum { USER_ID, SERVER_ID, SERVER_NAME, SCOPES, CLIENT };

static CAN_FAIL open_server(struct request *req, const char *client_id,
                            struct oauth_server *server, struct rows **rows)
{
	json_object *row = js_object(req->mem);

	if (!host_fine(req->host))
		return fault(req->mem, FAULT_WRONG_HOST, "no host name");
	TRY(db_run(&req->db, SQL_OAUTH_OPEN, rows, req->host,
	           text_format(req->mem, "%s:%s", req->host,
	                       req->port ? req->port : ""),
	           client_id));
	if (rows_count(*rows) == 0)
		return fault(req->mem, FAULT_WRONG_HOST, "no server has it");
	js_put_json(row, "scopes", rows_text(*rows, 0, SCOPES));
	*server = (struct oauth_server){
		.owner = rows_text(*rows, 0, USER_ID),
		.id = rows_text(*rows, 0, SERVER_ID),
		.name = rows_text(*rows, 0, SERVER_NAME),
		.issuer = gateway_origin(req),
		.scopes = js_get(row, "scopes"),
	};
	return NULL;
}

CAN_FAIL oauth_server_find(struct request *req, struct oauth_server *server)
{
	struct rows *rows;

	return open_server(req, NULL, server, &rows);
}

static void read_client(json_object *tree, struct oauth_client *client)
{
	*client = (struct oauth_client){
		.id = js_text(js_get(tree, "id")),
		.name = js_text(js_get(tree, "name")),
		.redirect_uris = js_get(tree, "redirect_uris"),
		.grant_types = js_get(tree, "grant_types"),
		.auth_method = js_text(js_get(tree, "auth_method")),
		.secret_digest = js_text(js_get(tree, "secret_digest")),
		.keys = js_get(tree, "keys"),
		.keys_url = js_text(js_get(tree, "keys_url")),
		.registered = text_same(js_text(js_get(tree, "origin")),
		                        "registered"),
	};
}

CAN_FAIL oauth_client_find(struct request *req, const char *id,
                           struct oauth_server *server,
                           struct oauth_client *client)
{
	json_object *row = js_object(req->mem);
	struct rows *rows;

	if (id && strlen(id) > ID_MOST)
		id = NULL;
	TRY(open_server(req, id, server, &rows));
	if (id && client_id_is_url(id))
		return client_document(req, id, client);
	if (!id || !rows_text(rows, 0, CLIENT))
		return fault(req->mem, FAULT_BAD_CLIENT, "no such client");
	js_put_json(row, "client", rows_text(rows, 0, CLIENT));
	read_client(js_get(row, "client"), client);
	return NULL;
}

const char *oauth_public(const struct request *req)
{
	return req->app->config.public_servers ? "true" : "false";
}

bool oauth_client_may(const struct oauth_client *client, const char *type)
{
	for (size_t i = 0; i < js_count(client->grant_types); i++)
		if (text_same(js_text(js_item(client->grant_types, i)), type))
			return true;
	return false;
}

/* How a client says who it is. */
struct proof {
	const char *id;
	const char *secret;    /* NULL: none was sent */
	const char *assertion; /* likewise */
	struct jws signed_by;  /* the assertion, read */
};

/* RFC 7523 2.2: a token that it signed names it, and client_id may too. */
static CAN_FAIL read_assertion(struct request *req, struct proof *proof)
{
	const char *type = form_text(req->json, "client_assertion_type");

	if (!text_same(type, ASSERTION_TYPE))
		return fault_told(req->mem, FAULT_BAD_REQUEST,
		                  "client_assertion_type must be %s.",
		                  ASSERTION_TYPE);
	if (jws_read(req->mem, proof->assertion, &proof->signed_by))
		return fault(req->mem, FAULT_BAD_CLIENT, "no such assertion");
	if (!proof->id)
		proof->id = js_text(js_get(proof->signed_by.claims, "iss"));
	return NULL;
}

static CAN_FAIL read_proof(struct request *req, struct proof *proof)
{
	const char *id = form_text(req->json, "client_id");
	const char *secret = form_text(req->json, "client_secret");
	const char *assertion = form_text(req->json, "client_assertion");
	bool basic;

	*proof = (struct proof){ 0 };
	TRY(basic_credentials(req, &proof->id, &proof->secret));
	basic = proof->id;
	if (basic + (secret != NULL) + (assertion != NULL) > 1 ||
	    (basic && id && !text_same(id, proof->id)))
		return fault_told(req->mem, FAULT_BAD_REQUEST,
		                  "The client says in more than one way who it "
		                  "is.");
	if (basic)
		return NULL;
	*proof = (struct proof){ id, secret, assertion, { 0 } };
	return assertion ? read_assertion(req, proof) : NULL;
}

static bool proves_by_secret(struct request *req,
                             const struct oauth_client *client,
                             const struct proof *proof)
{
	return client->secret_digest && proof->secret &&
	       strlen(proof->secret) <= SECRET_MOST &&
	       secret_same(digest_hex(req->mem, proof->secret),
	                   client->secret_digest);
}

/* A public client has nothing to prove, and any other only what its method
 * says. */
static CAN_FAIL prove(struct request *req, const struct oauth_server *server,
                      const struct oauth_client *client,
                      const struct proof *proof)
{
	const char *method = client->auth_method;
	struct fault *wrong = NULL;
	bool fine = false;

	if (text_same(method, "none")) {
		fine = !proof->secret && !proof->assertion;
	} else if (!text_same(method, "private_key_jwt")) {
		fine = proves_by_secret(req, client, proof);
	} else if (proof->assertion) {
		wrong = assertion_check(req, server, client, &proof->signed_by);
		fine = !wrong;
	}
	if (wrong && fault_row(wrong->kind)->http >= 429)
		return wrong; /* nobody could tell */
	if (fine)
		return NULL;
	return fault(req->mem, FAULT_BAD_CLIENT, "not proved by %s: %s", method,
	             wrong ? wrong->note : "something else was sent");
}

static CAN_FAIL find_proved(struct request *req, struct oauth_server *server,
                            struct oauth_client *client)
{
	struct proof proof;

	TRY(read_proof(req, &proof));
	TRY(oauth_client_find(req, proof.id, server, client));
	return prove(req, server, client, &proof);
}

CAN_FAIL oauth_client_proved(struct request *req, struct oauth_server *server,
                             struct oauth_client *client)
{
	struct fault *wrong;

	*server = (struct oauth_server){ 0 };
	*client = (struct oauth_client){ 0 };
	wrong = find_proved(req, server, client);
	if (wrong)
		refusal_record(req, server, client, "client_proof", wrong);
	return wrong;
}
