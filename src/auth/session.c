#include "auth/session.h"

#include <string.h>
#include <time.h>

#include "auth/bearer.h"
#include "auth/sign.h"
#include "core/text.h"
#include "web/app.h"
#include "web/request.h"

#define COOKIE "access_token"

CAN_FAIL session_keys_open(struct app *app)
{
	return jwt_keys_make(app->mem, app->config.jwt_secret,
	                     app->config.jwt_secret_previous,
	                     &app->session_keys);
}

CAN_FAIL session_token(struct request *req, const char **token, bool *by_cookie)
{
	TRY(request_cookie(req, COOKIE, token));
	*by_cookie = *token && **token;
	return *by_cookie ? NULL : bearer_token(req, token);
}

CAN_FAIL session_claims_of(struct request *req, const char *token,
                           struct session_claims *claims)
{
	const struct config *config = &req->app->config;

	return jwt_read(req->mem, req->app->session_keys, token, time(NULL),
	                config->session_hours * 3600, claims);
}

bool method_unsafe(const char *method)
{
	return !text_same(method, "GET") && !text_same(method, "HEAD") &&
	       !text_same(method, "OPTIONS");
}

/* Secure is left out only where the app host is plain http on loopback, where
 * some browsers would not send the cookie back (AC-8). */
static bool plain_loopback(const char *url)
{
	static const char *const starts[] = { "http://localhost",
		                              "http://127.0.0.1",
		                              "http://[::1]", NULL };

	for (size_t i = 0; starts[i]; i++) {
		const char *rest = url + strlen(starts[i]);

		if (text_starts(url, starts[i]) &&
		    (!*rest || *rest == ':' || *rest == '/'))
			return true;
	}
	return false;
}

const char *session_cookie(const struct request *req, const char *token)
{
	const struct config *config = &req->app->config;

	return text_format(req->mem,
	                   COOKIE "=%s; HttpOnly; Max-Age=%ld; Path=/; "
	                          "SameSite=Lax%s",
	                   token ? token : "",
	                   token ? config->session_hours * 3600 : 0,
	                   plain_loopback(config->app_url) ? "" : "; Secure");
}
