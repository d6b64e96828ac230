#include "oauth/identity.h"

#include <string.h>
#include <time.h>

#include "auth/jws.h"
#include "core/text.h"
#include "oauth/assertion.h"
#include "oauth/client_document.h"
#include "oauth/provider.h"
#include "outbound/outbound.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/request.h"

enum {
	EXCHANGE_MS = 6000,
	REPLY_MOST = 65536,
	GOOD_MOST = 86400, /* seconds that an ID token may be good for */
	SUBJECT_MOST = 255,
};

struct sign_in_proof sign_in_proof(struct request *req, const char *browser,
                                   const char *state)
{
	return (struct sign_in_proof){
		.verifier = digest_hex(req->mem,
		                       text_format(req->mem, "verifier %s %s",
		                                   browser, state)),
		.nonce = digest_hex(
			req->mem,
			text_format(req->mem, "nonce %s %s", browser, state)),
	};
}

static struct fault *refused(struct request *req, const char *why)
{
	return fault(req->mem, FAULT_PROVIDER_REFUSED, "%s", why);
}

/* ---- the code ---- */

static struct call *token_call(struct request *req,
                               const struct provider *provider,
                               const struct provider_place *place,
                               const char *code, const char *verifier)
{
	static const char *const anywhere[] = { "*", NULL };
	struct deadline until =
		deadline_sooner(req->deadline, deadline_in(EXCHANGE_MS));
	struct call *call =
		call_new(req->mem, "POST", place->token, anywhere, until);
	const char *form = form_fill(
		req->mem,
		"grant_type=authorization_code&code={}&redirect_uri={}"
		"&code_verifier={}",
		code, provider_redirect(req, provider), verifier);

	if (place->basic)
		call_basic(call, provider->client_id, provider->client_secret);
	else
		form = text_format(req->mem, "%s&%s", form,
		                   form_fill(req->mem,
		                             "client_id={}&client_secret={}",
		                             provider->client_id,
		                             provider->client_secret));
	call->alone = true;
	call->body_most = REPLY_MOST;
	call_header(call, "Accept", "application/json");
	call_body(call, "application/x-www-form-urlencoded", form);
	return call;
}

static CAN_FAIL exchange(struct request *req, const struct provider *provider,
                         const struct provider_place *place, const char *code,
                         const char *verifier, const char **token)
{
	struct call *call = token_call(req, provider, place, code, verifier);

	outbound_send(req->app->outbound, call);
	outbound_wait(req->app->outbound, (struct call *const[]){ call }, 1,
	              call->deadline, req->db.watched);
	if (call->end != CALL_ANSWERED || call->reply.status >= 500)
		return fault_told(req->mem, FAULT_BUSY,
		                  "%s cannot be reached: try again soon.",
		                  provider->title);
	if (call->reply.status != 200 || call_json(call))
		return refused(req, "the code was not taken");
	*token = js_text(js_get(call->reply.json, "id_token"));
	return *token ? NULL : refused(req, "no id_token");
}

/* ---- the token ---- */

/* 3.1.3.7, but for what jws_check() looks at. */
static CAN_FAIL check_claims(struct request *req, json_object *claims,
                             const struct provider *provider, const char *nonce)
{
	const char *subject = js_text(js_get(claims, "sub"));
	json_object *party = js_get(claims, "azp");

	if (!text_same(js_text(js_get(claims, "nonce")), nonce))
		return refused(req, "another nonce");
	if ((js_count(js_get(claims, "aud")) > 1 || !js_is_null(party)) &&
	    !text_same(js_text(party), provider->client_id))
		return refused(req, "another azp");
	if (!subject || !*subject || strlen(subject) > SUBJECT_MOST)
		return refused(req, "no subject");
	return NULL;
}

/* Whether an address is vouched for: by the claim for it, by Entra ID's (the
 * domain's owner is known), or as the operator says. */
static bool vouched(json_object *claims, const struct provider *provider)
{
	json_object *edov = js_get(claims, "xms_edov");

	return provider->vouches || js_true(js_get(claims, "email_verified")) ||
	       js_true(edov) || js_integer(edov) == 1 ||
	       text_same(js_text(edov), "1");
}

CAN_FAIL identity_redeem(struct request *req, const struct provider *provider,
                         const char *code, const struct sign_in_proof *proof,
                         struct identity *identity)
{
	const struct jws_wanted wanted = {
		.issuer = provider->issuer,
		.audiences = (const char *const[]){ provider->client_id, NULL },
		.now = time(NULL),
		.most = GOOD_MOST,
	};
	struct provider_place place;
	struct fault *wrong;
	const char *token, *name;
	struct jws jws;

	TRY(provider_place(req, provider, &place));
	TRY(exchange(req, provider, &place, code, proof->verifier, &token));
	wrong = jws_read(req->mem, token, &jws);
	if (!wrong)
		wrong = jws_check(req->mem, &jws, &wanted);
	if (!wrong)
		wrong = verify_by_published(req, &jws, place.keys);
	if (wrong && fault_row(wrong->kind)->http < 429)
		return refused(req, wrong->note);
	TRY(wrong);
	TRY(check_claims(req, jws.claims, provider, proof->nonce));
	name = js_text(js_get(jws.claims, "name"));
	*identity = (struct identity){
		.issuer = provider->issuer,
		.subject = js_text(js_get(jws.claims, "sub")),
		.email = vouched(jws.claims, provider)
		                 ? js_text(js_get(jws.claims, "email"))
		                 : NULL,
		.name = client_name_shown(req, name ? name : ""),
	};
	return NULL;
}
