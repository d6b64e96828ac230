#include "oauth/assertion.h"

#include <time.h>

#include "auth/jws.h"
#include "core/text.h"
#include "db/db.h"
#include "oauth/client.h"
#include "oauth/published.h"
#include "vault/vault.h"
#include "web/request.h"

enum { GOOD_MOST = 3600 }; /* seconds; each is remembered as long */

CAN_FAIL verify_by_published(struct request *req, const struct jws *token,
                             const char *keys_url)
{
	json_object *keys;

	TRY(published_get(req, keys_url, PUBLISHED_KEYS_MOST, false, &keys));
	if (!jws_key_there(token, keys))
		TRY(published_get(req, keys_url, PUBLISHED_KEYS_MOST, true,
		                  &keys));
	return jws_verify(req->mem, token, keys);
}

CAN_FAIL use_once(struct request *req, const char *who, const struct jws *token)
{
	const char *id = js_text(js_get(token->claims, "jti"));
	struct rows *rows;

	/* One without a name is its own. */
	if (!id)
		id = text_copy_n(req->mem, token->compact.signature.text,
		                 token->compact.signature.size);
	TRY(db_run(
		&req->db, SQL_ASSERTION_USE, &rows,
		digest_hex(req->mem, text_format(req->mem, "%s %s", who, id)),
		text_format(
			req->mem, "%lld",
			(long long)js_integer(js_get(token->claims, "exp")))));
	return rows_true(rows, 0, 0)
	               ? NULL
	               : fault(req->mem, FAULT_BAD_TOKEN, "used before");
}

CAN_FAIL assertion_check(struct request *req, const struct oauth_server *server,
                         const struct oauth_client *client,
                         const struct jws *assertion)
{
	const char *const audiences[] = {
		server->issuer,
		text_format(req->mem, "%s/", server->issuer),
		text_format(req->mem, "%s/token", server->issuer),
		NULL,
	};
	const struct jws_wanted wanted = {
		.issuer = client->id,
		.audiences = audiences,
		.now = time(NULL),
		.most = GOOD_MOST,
	};

	TRY(jws_check(req->mem, assertion, &wanted));
	if (!text_same(js_text(js_get(assertion->claims, "sub")), client->id))
		return fault(req->mem, FAULT_BAD_TOKEN, "another subject");
	if (client->keys_url)
		TRY(verify_by_published(req, assertion, client->keys_url));
	else
		TRY(jws_verify(req->mem, assertion, client->keys));
	return use_once(req, client->id, assertion);
}
