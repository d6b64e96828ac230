#include "auth/challenge.h"

#include "auth/origin.h"
#include "core/fault.h"
#include "core/text.h"
#include "web/request.h"
#include "web/response.h"

void challenge(const struct request *req, const struct fault *fault,
               struct response *out)
{
	const char *error = "";

	if (fault->kind == FAULT_BAD_TOKEN)
		error = ", error=\"invalid_token\", error_description=\"The "
			"token is unknown, ended or not for this gateway.\"";
	else if (fault->kind != FAULT_NO_TOKEN)
		return;
	response_header(out, "WWW-Authenticate",
	                text_format(req->mem,
	                            "Bearer resource_metadata=\"%s/.well-known/"
	                            "oauth-protected-resource\", "
	                            "scope=\"search fetch\"%s",
	                            gateway_origin(req), error));
}
