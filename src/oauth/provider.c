#include "oauth/provider.h"

#include "core/arena.h"
#include "core/json.h"
#include "core/text.h"
#include "oauth/published.h"
#include "web/app.h"
#include "web/request.h"

/* ---- which ---- */

static size_t list(struct arena *mem, const struct config *config,
                   struct provider *all)
{
	size_t count = 0;

	if (config->azure_client_id)
		all[count++] = (struct provider){
			.name = "azure",
			.title = "Microsoft",
			.issuer = text_format(
				mem,
				"https://login.microsoftonline.com/%s/v2.0",
				config->azure_tenant_id),
			.client_id = config->azure_client_id,
			.client_secret = config->azure_client_secret,
			.vouches = config->oidc_vouches,
		};
	if (config->oidc_client_id)
		all[count++] = (struct provider){
			.name = "oidc",
			.title = config->oidc_title,
			.issuer = config->oidc_issuer,
			.client_id = config->oidc_client_id,
			.client_secret = config->oidc_client_secret,
			.vouches = config->oidc_vouches,
		};
	return count;
}

size_t providers(struct request *req, struct provider *all)
{
	return list(req->mem, &req->app->config, all);
}

/* All of a group of settings, or none. */
static CAN_FAIL whole(struct arena *mem, const char *told, const char *a,
                      const char *b, const char *c)
{
	if (!a == !b && !b == !c)
		return NULL;
	return fault_told(mem, FAULT_BAD_SETTING,
	                  "%s: set all three of them, or none", told);
}

CAN_FAIL providers_check(struct app *app)
{
	const struct config *config = &app->config;

	TRY(whole(app->mem,
	          "AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET",
	          config->azure_tenant_id, config->azure_client_id,
	          config->azure_client_secret));
	return whole(app->mem,
	             "GATEHOUSE_OIDC_ISSUER, GATEHOUSE_OIDC_CLIENT_ID, "
	             "GATEHOUSE_OIDC_CLIENT_SECRET",
	             config->oidc_issuer, config->oidc_client_id,
	             config->oidc_client_secret);
}

CAN_FAIL provider_find(struct request *req, const char *name,
                       struct provider *provider)
{
	struct provider all[PROVIDERS_MOST];
	size_t count = providers(req, all);

	for (size_t i = 0; i < count; i++) {
		if (!text_same(all[i].name, name))
			continue;
		*provider = all[i];
		return NULL;
	}
	return fault_told(req->mem, FAULT_NO_ROUTE,
	                  "Sign-in by this provider is not set up here.");
}

const char *provider_redirect(struct request *req,
                              const struct provider *provider)
{
	return text_format(req->mem, "%s/api/v1/auth/%s/callback",
	                   req->app->config.app_url, provider->name);
}

/* ---- what it says of itself ---- */

static bool lists(json_object *list, const char *word)
{
	for (size_t i = 0; i < js_count(list); i++)
		if (text_same(js_text(js_item(list, i)), word))
			return true;
	return false;
}

static struct fault *unusable(struct request *req, const char *what)
{
	return fault(req->mem, FAULT_PROVIDER, "discovery: %s", what);
}

CAN_FAIL provider_place(struct request *req, const struct provider *provider,
                        struct provider_place *place)
{
	static const char ways[] = "token_endpoint_auth_methods_supported";
	const char *url = text_format(
		req->mem, "%s%s.well-known/openid-configuration",
		provider->issuer, text_ends(provider->issuer, "/") ? "" : "/");
	json_object *tree;
	struct fault *wrong =
		published_get(req, url, PUBLISHED_SERVER_MOST, false, &tree);

	if (wrong && wrong->kind == FAULT_NOT_PUBLISHED)
		return unusable(req, wrong->told);
	TRY(wrong);
	*place = (struct provider_place){
		.authorize = js_text(js_get(tree, "authorization_endpoint")),
		.token = js_text(js_get(tree, "token_endpoint")),
		.keys = js_text(js_get(tree, "jwks_uri")),
		.basic = !lists(js_get(tree, ways), "client_secret_post"),
	};
	if (!text_same(js_text(js_get(tree, "issuer")), provider->issuer))
		return unusable(req, "another issuer");
	if (!place->authorize || !published_url_fine(place->authorize) ||
	    !place->token || !published_url_fine(place->token) ||
	    !place->keys || !published_url_fine(place->keys))
		return unusable(req, "an address is missing, or not https");
	return NULL;
}
