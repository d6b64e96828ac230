/* Which web pages may call: one fixed list, compared exactly (AC-11, AC-12). */
#ifndef GATEHOUSE_AUTH_ORIGIN_H
#define GATEHOUSE_AUTH_ORIGIN_H

#include <stdbool.h>

#include "core/fault.h"

struct request;
struct response;

/* Whether an origin is the app host's, a contract origin (localhost and
 * 127.0.0.1 at 3000, 5173, 8080), or in GATEHOUSE_ORIGINS. "null" never is. */
bool origin_allowed(const struct request *req, const char *origin);

/* Whether an origin may call a gateway domain (MC-1): the gateway's own, http
 * or https on localhost, 127.0.0.1 or [::1] with any port (local clients), or
 * one of GATEHOUSE_ORIGINS. "null" never is. */
bool origin_allowed_at_gateway(const struct request *req, const char *origin);

/* The gateway the request came to, as an origin: the configured scheme, the
 * host nginx routed on, and the port unless it is the scheme's own. Of
 * req->mem. */
const char *gateway_origin(const struct request *req);

/* Whether a request came to the app host, as configured. */
bool at_app_host(const struct request *req);

/* For unsafe methods authenticated by cookie, and for sign-in and sign-up: an
 * Origin must be allowed; without one, Sec-Fetch-Site must be absent,
 * same-origin or none. Faults: BAD_ORIGIN; BAD_REQUEST for two Origin headers
 * (TV-11). */
CAN_FAIL origin_check(const struct request *req);

/* The contract's CORS headers for an allowed Origin, and Vary: Origin always. */
void origin_headers(const struct request *req, struct response *out);

#endif
