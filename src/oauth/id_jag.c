#include "oauth/id_jag.h"

#include <string.h>
#include <time.h>

#include "auth/email.h"
#include "auth/jws.h"
#include "core/text.h"
#include "db/db.h"
#include "oauth/assertion.h"
#include "oauth/client.h"
#include "oauth/resource.h"
#include "oauth/scope.h"
#include "vault/vault.h"
#include "web/form.h"
#include "web/request.h"

enum { GOOD_MOST = 3600, SUBJECT_MOST = 255 };

/* What an assertion says, once it is believed. */
struct word {
	const char *issuer;
	const char *subject;
	const char *email_key; /* of an address it vouches for, or NULL */
	const char *scopes;    /* those it is for, as a text; NULL: all */
};

static struct fault *refused(struct request *req, const char *why)
{
	return fault(req->mem, FAULT_BAD_GRANT, "ID-JAG: %s", why);
}

/* Whose keys, and by them. */
static CAN_FAIL believe(struct request *req, const struct oauth_server *server,
                        const struct jws *jag)
{
	const char *const audiences[] = {
		server->issuer,
		text_format(req->mem, "%s/", server->issuer),
		NULL,
	};
	const struct jws_wanted wanted = {
		.issuer = js_text(js_get(jag->claims, "iss")),
		.audiences = audiences,
		.now = time(NULL),
		.most = GOOD_MOST,
	};
	struct rows *rows;

	if (!text_same(jag->type, "oauth-id-jag+jwt"))
		return refused(req, "another typ");
	TRY(db_run(&req->db, SQL_ISSUER_KEYS, &rows, server->id,
	           wanted.issuer ? wanted.issuer : ""));
	if (!rows_text(rows, 0, 0))
		return refused(req, "another issuer");
	TRY(jws_check(req->mem, jag, &wanted));
	return verify_by_published(req, jag, rows_text(rows, 0, 0));
}

/* What of it is not the same for every token. */
static CAN_FAIL read_word(struct request *req,
                          const struct oauth_server *server,
                          const struct oauth_client *client,
                          const struct jws *jag, struct word *word)
{
	json_object *claims = jag->claims;
	const char *resource = js_text(js_get(claims, "resource"));
	const char *email = js_text(js_get(claims, "email"));
	struct email address;

	*word = (struct word){
		.issuer = js_text(js_get(claims, "iss")),
		.subject = js_text(js_get(claims, "sub")),
		.scopes = js_text(js_get(claims, "scope")),
	};
	if (!text_same(js_text(js_get(claims, "client_id")), client->id))
		return refused(req, "for another client");
	if (!resource || resource_check(req, resource, server))
		return refused(req, "for another resource");
	if (!word->subject || !*word->subject ||
	    strlen(word->subject) > SUBJECT_MOST)
		return refused(req, "no subject");
	if (!js_is_text(js_get(claims, "jti")) ||
	    !js_is_integer(js_get(claims, "iat")))
		return refused(req, "jti or iat");
	if (email && js_true(js_get(claims, "email_verified")) &&
	    !email_read(req->mem, email, &address))
		word->email_key = address.key;
	return NULL;
}

/* Those that are asked, as far as the word goes; as Postgres has them. */
static const char *scopes_of(struct request *req,
                             const struct oauth_server *server,
                             const struct word *word)
{
	json_object *said = js_array(req->mem);
	size_t count;
	const char **scopes =
		scope_wanted(req->mem, server->scopes, word->scopes, &count);

	for (size_t i = 0; i < count; i++)
		js_add_text(said, scopes[i]);
	scopes = scope_wanted(req->mem, said, form_text(req->json, "scope"),
	                      &count);
	return db_array(req->mem, scopes, count);
}

/* Of others' tokens nothing is told but that they do not do. */
static struct fault *as_grant(struct request *req, struct fault *wrong)
{
	if (wrong->kind == FAULT_BAD_TOKEN ||
	    wrong->kind == FAULT_NOT_PUBLISHED)
		return refused(req, *wrong->note ? wrong->note : wrong->told);
	return wrong;
}

CAN_FAIL id_jag_take(struct request *req, const struct oauth_server *server,
                     const struct oauth_client *client, const char *access,
                     int seconds, struct rows **rows)
{
	const char *assertion = form_text(req->json, "assertion");
	struct fault *wrong;
	struct word word;
	struct jws jag;

	if (!assertion)
		return fault_told(req->mem, FAULT_BAD_REQUEST,
		                  "assertion is missing.");
	wrong = jws_read(req->mem, assertion, &jag);
	if (!wrong)
		wrong = believe(req, server, &jag);
	if (!wrong)
		wrong = read_word(req, server, client, &jag, &word);
	if (!wrong)
		wrong = use_once(req, word.issuer, &jag);
	if (wrong)
		return as_grant(req, wrong);
	return db_run(&req->db, SQL_ISSUER_TOKEN, rows, server->id,
	              oauth_public(req), word.issuer, word.subject,
	              word.email_key, client->id, client->name,
	              scopes_of(req, server, &word), random_uuid(req->mem),
	              random_uuid(req->mem), access,
	              text_format(req->mem, "%d", seconds));
}
