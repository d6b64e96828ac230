#include "oauth/metadata.h"

#include "auth/cors.h"
#include "core/text.h"
#include "oauth/client.h"
#include "oauth/id_jag.h"
#include "web/request.h"
#include "web/response.h"

static void put_texts(json_object *tree, const char *name,
                      const char *const *texts)
{
	json_object *list = js_put_array(tree, name);

	for (; *texts; texts++)
		js_add_text(list, *texts);
}

static void put_address(struct request *req, json_object *tree,
                        const char *name, const struct oauth_server *server,
                        const char *path)
{
	js_put_text(tree, name,
	            text_format(req->mem, "%s%s", server->issuer, path));
}

CAN_FAIL resource_metadata(struct request *req, struct response *out)
{
	static const char *const header[] = { "header", NULL };
	json_object *tree = js_object(req->mem);
	struct oauth_server server;

	TRY(oauth_server_find(req, &server));
	js_put_text(tree, "resource", server.issuer);
	js_add_text(js_put_array(tree, "authorization_servers"), server.issuer);
	js_put(tree, "scopes_supported", server.scopes);
	put_texts(tree, "bearer_methods_supported", header);
	js_put_text(tree, "resource_name", "Gatehouse");
	response_json(out, 200, tree);
	return NULL;
}

CAN_FAIL server_metadata(struct request *req, struct response *out)
{
	static const char *const code[] = { "code", NULL };
	static const char *const query[] = { "query", NULL };
	static const char *const grants[] = { "authorization_code",
		                              "refresh_token",
		                              "client_credentials", JWT_BEARER,
		                              NULL };
	static const char *const profiles[] = {
		"urn:ietf:params:oauth:grant-profile:id-jag", NULL
	};
	static const char *const methods[] = { "none", "private_key_jwt",
		                               "client_secret_basic",
		                               "client_secret_post", NULL };
	static const char *const algorithms[] = { "RS256", "ES256", NULL };
	static const char *const challenges[] = { "S256", NULL };
	json_object *tree = js_object(req->mem), *scopes;
	struct oauth_server server;

	TRY(oauth_server_find(req, &server));
	js_put_text(tree, "issuer", server.issuer);
	put_address(req, tree, "authorization_endpoint", &server, "/authorize");
	put_address(req, tree, "token_endpoint", &server, "/token");
	put_address(req, tree, "registration_endpoint", &server, "/register");
	put_address(req, tree, "revocation_endpoint", &server, "/revoke");
	put_texts(tree, "response_types_supported", code);
	put_texts(tree, "response_modes_supported", query);
	put_texts(tree, "grant_types_supported", grants);
	put_texts(tree, "authorization_grant_profiles_supported", profiles);
	put_texts(tree, "code_challenge_methods_supported", challenges);
	put_texts(tree, "token_endpoint_auth_methods_supported", methods);
	put_texts(tree, "token_endpoint_auth_signing_alg_values_supported",
	          algorithms);
	put_texts(tree, "revocation_endpoint_auth_methods_supported", methods);
	put_texts(tree, "revocation_endpoint_auth_signing_alg_values_supported",
	          algorithms);
	scopes = js_put_array(tree, "scopes_supported");
	for (size_t i = 0; i < js_count(server.scopes); i++)
		js_add_text(scopes, js_text(js_item(server.scopes, i)));
	js_add_text(scopes, "offline_access");
	js_put_boolean(tree, "client_id_metadata_document_supported", true);
	js_put_boolean(tree, "authorization_response_iss_parameter_supported",
	               true);
	response_json(out, 200, tree);
	return NULL;
}

CAN_FAIL oauth_preflight(struct request *req, struct response *out)
{
	cors_preflight(req, out);
	return NULL;
}
