#include "oauth/browser.h"

#include "core/text.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/request.h"
#include "web/response.h"

#define BROWSER "gatehouse_browser"

enum { RANDOM_BYTES = 32 };

CAN_FAIL browser_of(struct request *req, const char **browser)
{
	TRY(request_cookie(req, BROWSER, browser));
	if (!*browser)
		*browser = "";
	return NULL;
}

CAN_FAIL browser_known(struct request *req, struct response *out,
                       const char **browser)
{
	bool tls = text_starts(req->app->config.app_url, "https:");

	TRY(browser_of(req, browser));
	if (**browser)
		return NULL;
	*browser = random_token(req->mem, RANDOM_BYTES);
	response_header(out, "Set-Cookie",
	                text_format(req->mem,
	                            BROWSER "=%s; HttpOnly; Path=/; "
	                                    "SameSite=Lax%s",
	                            *browser, tls ? "; Secure" : ""));
	return NULL;
}
