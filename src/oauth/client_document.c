#include "oauth/client_document.h"

#include "auth/jws.h"
#include "core/text.h"
#include "oauth/client.h"
#include "oauth/id_jag.h"
#include "oauth/published.h"
#include "oauth/redirect.h"
#include "web/request.h"

enum { NAME_MOST = 100 };

bool client_id_is_url(const char *id)
{
	return text_starts(id, "https://");
}

const char *client_name_shown(struct request *req, const char *name)
{
	return text_cut(req->mem,
	                text_fold(req->mem, text_visible(req->mem, name)),
	                NAME_MOST);
}

const char *client_keys_wrong(struct request *req, json_object *metadata)
{
	json_object *keys = js_get(metadata, "jwks");
	const char *url = js_text(js_get(metadata, "jwks_uri"));

	if (js_has(metadata, "jwks") == js_has(metadata, "jwks_uri"))
		return "With private_key_jwt, one of jwks and jwks_uri has to "
		       "be there.";
	if (js_has(metadata, "jwks_uri") && (!url || !published_url_fine(url)))
		return "jwks_uri must be an https address.";
	if (!url && !jwk_set_fine(req->mem, keys))
		return "jwks must be a set of public keys, RSA or P-256.";
	return NULL;
}

static struct fault *unfit(struct request *req, const char *id,
                           const char *wrong)
{
	return fault_told(req->mem, FAULT_BAD_CLIENT,
	                  "The metadata at %s do not describe a client that "
	                  "could be let in: %s",
	                  text_cut(req->mem, id, 200), wrong);
}

/* Those that anybody may register. */
static json_object *fit_redirects(struct request *req, json_object *listed)
{
	json_object *fit = js_array(req->mem);

	for (size_t i = 0; i < js_count(listed); i++) {
		const char *uri = js_text(js_item(listed, i));

		if (uri && !redirect_wrong(uri, false))
			js_add_text(fit, uri);
	}
	return fit;
}

/* What it may use of what is offered to clients that nobody entered; without a
 * list, all of it. Others' extensions are passed over. */
static json_object *fit_grants(struct request *req, json_object *listed)
{
	static const char *const offered[] = { "authorization_code",
		                               "refresh_token", JWT_BEARER };
	json_object *fit = js_array(req->mem);
	bool all = js_is_null(listed);

	for (size_t i = 0; i < sizeof(offered) / sizeof(*offered); i++) {
		bool named = all;

		for (size_t j = 0; j < js_count(listed) && !named; j++)
			named = text_same(js_text(js_item(listed, j)),
			                  offered[i]);
		if (named)
			js_add_text(fit, offered[i]);
	}
	return fit;
}

static CAN_FAIL read_metadata(struct request *req, const char *id,
                              json_object *tree, struct oauth_client *client)
{
	static const char *const secrets[] = { "client_secret",
		                               "client_secret_expires_at" };
	const char *name = js_text(js_get(tree, "client_name"));
	json_object *method = js_get(tree, "token_endpoint_auth_method");
	const char *wrong = NULL;

	if (!text_same(js_text(js_get(tree, "client_id")), id))
		return unfit(req, id, "client_id is another.");
	for (size_t i = 0; i < 2; i++)
		if (js_has(tree, secrets[i]))
			return unfit(req, id, "it has a secret in it.");
	*client = (struct oauth_client){
		.id = id,
		.name = client_name_shown(req, name ? name : ""),
		.redirect_uris =
			fit_redirects(req, js_get(tree, "redirect_uris")),
		.grant_types = fit_grants(req, js_get(tree, "grant_types")),
		.auth_method = js_is_null(method) ? "none" : js_text(method),
		.keys = js_get(tree, "jwks"),
		.keys_url = js_text(js_get(tree, "jwks_uri")),
	};
	if (!*client->name)
		return unfit(req, id, "client_name is missing.");
	if (js_count(client->redirect_uris) == 0)
		return unfit(req, id,
		             "redirect_uris must hold an https or loopback "
		             "URI.");
	if (text_same(client->auth_method, "private_key_jwt"))
		wrong = client_keys_wrong(req, tree);
	else if (!text_same(client->auth_method, "none"))
		wrong = "token_endpoint_auth_method must be none or "
			"private_key_jwt.";
	return wrong ? unfit(req, id, wrong) : NULL;
}

CAN_FAIL client_document(struct request *req, const char *id,
                         struct oauth_client *client)
{
	json_object *tree;
	struct fault *wrong =
		published_get(req, id, PUBLISHED_CLIENT_MOST, false, &tree);

	if (wrong && wrong->kind == FAULT_NOT_PUBLISHED)
		return fault_told(req->mem, FAULT_BAD_CLIENT,
		                  "The client's metadata could not be read: %s",
		                  wrong->told);
	TRY(wrong);
	return read_metadata(req, id, tree, client);
}
