/* What lives as long as the process: settings, pool, keys, tables. Const after
 * start-up, so that request threads share it without a lock. */
#ifndef GATEHOUSE_WEB_APP_H
#define GATEHOUSE_WEB_APP_H

#include <stddef.h>
#include <stdint.h>

#include "core/config.h"
#include "core/fault.h"

struct arena;
struct breaker;
struct jwt_keys;
struct offer;
struct outbound;
struct passwords;
struct pool;
struct request;
struct response;
struct route;
struct slots;
struct source_kind;
struct vault;
struct worker;

struct app {
	const char *name; /* "api" or "mcp" */
	struct arena *mem;
	struct config config;
	struct pool *pool;
	struct vault *vault;       /* vault/vault.h: seals, or opens */
	struct passwords *passwords; /* auth/password.h; api only */
	const struct jwt_keys *session_keys; /* auth/jwt.h; api only */
	struct outbound *outbound; /* NULL where no thread runs */
	struct slots *waits; /* one for each request that waits for vendors;
	                        NULL: no bound */
	struct breaker *rerank; /* of the service that re-ranks */
	const struct source_kind *const *kinds; /* sources/registry.h */
	const struct offer *const *offers; /* mcp/offer.h; mcp only */
	const struct route *routes;
	struct worker *worker; /* web/worker.h; set while it runs */
	long threads;
	size_t body_most; /* bytes of a body, where a route says nothing else */
	int64_t started; /* clock_ms() */

	/* Makes one answer; never fails: a fault becomes an answer inside. */
	void (*answer)(struct request *req, struct response *out);
};

#endif
