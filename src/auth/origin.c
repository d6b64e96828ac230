#include "auth/origin.h"

#include <string.h>

#include "core/text.h"
#include "web/app.h"
#include "web/request.h"
#include "web/response.h"

/* The front ends the original let in, its author's own site left out. */
static const char *const contract[] = {
	"http://localhost:3000",
	"http://127.0.0.1:3000",
	"http://localhost:5173",
	"http://127.0.0.1:5173",
	"http://localhost:8080",
	"http://127.0.0.1:8080",
	NULL,
};

static const struct {
	const char *scheme, *port;
} usual_ports[] = {
	{ "http", "80" },
	{ "https", "443" },
	{ NULL, NULL },
};

static bool usual_port(const char *scheme, const char *port)
{
	for (size_t i = 0; usual_ports[i].scheme; i++)
		if (text_same(usual_ports[i].scheme, scheme) &&
		    text_same(usual_ports[i].port, port))
			return true;
	return false;
}

/* Browsers leave a scheme's own port out of an origin. */
static const char *origin_of(struct arena *mem, const char *scheme,
                             const char *host, const char *port)
{
	if (!port || !*port || usual_port(scheme, port))
		return text_format(mem, "%s://%s", scheme, host);
	return text_format(mem, "%s://%s:%s", scheme, host, port);
}

const char *gateway_origin(const struct request *req)
{
	return origin_of(req->mem, req->app->config.gateway_scheme, req->host,
	                 req->port);
}

/* The origin of the app host, from its configured URL. */
static const char *app_origin(const struct request *req)
{
	const char *url = text_lower(req->mem, req->app->config.app_url);
	size_t scheme = strcspn(url, ":");
	const char *start = url + scheme + strspn(url + scheme, ":/");
	const char *authority =
		text_copy_n(req->mem, start, strcspn(start, "/?#"));
	const char *port = strrchr(authority, ':');

	if (!port || strchr(port, ']'))
		port = authority + strlen(authority);
	return origin_of(
		req->mem, text_copy_n(req->mem, url, scheme),
		text_copy_n(req->mem, authority, (size_t)(port - authority)),
		*port ? port + 1 : port);
}

bool at_app_host(const struct request *req)
{
	return text_same(origin_of(req->mem, req->scheme, req->host, req->port),
	                 app_origin(req));
}

static bool configured(const struct request *req, const char *origin)
{
	size_t count;
	char **origins =
		text_split(req->mem, req->app->config.origins, ',', &count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(origins[i], origin) == 0)
			return !text_same(origin, "null");
	return false;
}

bool origin_allowed(const struct request *req, const char *origin)
{
	for (size_t i = 0; contract[i]; i++)
		if (strcmp(contract[i], origin) == 0)
			return true;
	return strcmp(app_origin(req), origin) == 0 || configured(req, origin);
}

/* http or https, a loopback name, and a port or none. */
static bool loopback(const char *origin)
{
	static const char *const starts[] = {
		"http://localhost",
		"https://localhost",
		"http://127.0.0.1",
		"https://127.0.0.1",
		"http://[::1]",
		"https://[::1]",
		NULL,
	};
	long port;

	for (size_t i = 0; starts[i]; i++) {
		const char *rest = origin + strlen(starts[i]);

		if (!text_starts(origin, starts[i]))
			continue;
		return !*rest ||
		       (*rest == ':' && text_number(rest + 1, 1, 65535, &port));
	}
	return false;
}

bool origin_allowed_at_gateway(const struct request *req, const char *origin)
{
	return strcmp(gateway_origin(req), origin) == 0 || loopback(origin) ||
	       configured(req, origin);
}

/* Older browsers send no Origin with same-origin requests; Sec-Fetch-Site,
 * which no page can set, then tells. */
static bool site_allowed(const struct request *req)
{
	const char *site = request_header(req, "Sec-Fetch-Site");

	return !request_header_twice(req, "Sec-Fetch-Site") &&
	       (!site || text_same(site, "same-origin") ||
	        text_same(site, "none"));
}

CAN_FAIL origin_check(const struct request *req)
{
	const char *origin = request_header(req, "Origin");

	if (request_header_twice(req, "Origin"))
		return fault(req->mem, FAULT_BAD_REQUEST, "two origins");
	if (origin ? origin_allowed(req, origin) : site_allowed(req))
		return NULL;
	return fault(req->mem, FAULT_BAD_ORIGIN, "%s",
	             origin ? "a foreign origin" : "a foreign site");
}

void origin_headers(const struct request *req, struct response *out)
{
	const char *origin = request_header(req, "Origin");

	response_header(out, "Vary", "Origin");
	if (!origin || request_header_twice(req, "Origin") ||
	    !origin_allowed(req, origin))
		return;
	response_header(out, "Access-Control-Allow-Origin", origin);
	response_header(out, "Access-Control-Allow-Methods",
	                "GET, POST, PUT, DELETE, OPTIONS");
	response_header(out, "Access-Control-Allow-Headers",
	                "Content-Type, Authorization, Cookie");
	response_header(out, "Access-Control-Allow-Credentials", "true");
}
