#include "auth/challenge.h"

#include "auth/origin.h"
#include "auth/principal.h"
#include "core/text.h"
#include "web/request.h"
#include "web/response.h"

CAN_FAIL scope_check(const struct request *req, const char *scope)
{
	json_object *scopes = req->principal->scopes;

	if (!scopes)
		return NULL;
	for (size_t i = 0; i < js_count(scopes); i++)
		if (text_same(js_text(js_item(scopes, i)), scope))
			return NULL;
	return fault(req->mem, FAULT_NO_SCOPE, "%s", scope);
}

/* Scopes as the header has them; and one more, unless that is NULL. */
static const char *listed(struct arena *mem, json_object *scopes,
                          const char *more)
{
	struct buffer to = { .mem = mem };

	for (size_t i = 0; i < js_count(scopes); i++)
		buffer_format(&to, "%s%s", i ? " " : "",
		              js_text(js_item(scopes, i)));
	if (more)
		buffer_format(&to, "%s%s", to.size ? " " : "", more);
	return buffer_text(&to);
}

void challenge(const struct request *req, const struct fault *fault,
               struct response *out)
{
	const char *scope = listed(req->mem, req->offered, NULL);
	const char *error = "";

	if (fault->kind == FAULT_BAD_TOKEN) {
		error = ", error=\"invalid_token\", error_description=\"The "
			"token is unknown, ended or not for this gateway.\"";
	} else if (fault->kind == FAULT_NO_SCOPE) {
		scope = listed(req->mem, req->principal->scopes, fault->note);
		error = ", error=\"insufficient_scope\", "
			"error_description=\"The token is not good for this.\"";
	} else if (fault->kind != FAULT_NO_TOKEN) {
		return;
	}
	response_header(out, "WWW-Authenticate",
	                text_format(req->mem,
	                            "Bearer resource_metadata=\"%s/.well-known/"
	                            "oauth-protected-resource\", "
	                            "scope=\"%s\"%s",
	                            gateway_origin(req), scope, error));
}
