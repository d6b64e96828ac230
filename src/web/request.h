/* One HTTP request, as nginx passed it on, and all that its work needs. */
#ifndef GATEHOUSE_WEB_REQUEST_H
#define GATEHOUSE_WEB_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "core/deadline.h"
#include "core/fault.h"
#include "core/json.h"
#include "db/db.h"

struct app;       /* web/app.h */
struct principal; /* auth/principal.h */

enum { REQUEST_PARTS = 3 };

struct request {
	struct arena *mem;
	const struct app *app;
	struct db db;
	int64_t came;             /* clock_ms() when nginx passed it on */
	struct deadline deadline; /* db has the same */

	const char *id;      /* 32 hex digits, in the log and in X-Request-Id */
	const char *method;
	const char *scheme;  /* http or https, as the client came */
	const char *host;    /* nginx's normalised host, without port */
	const char *port;    /* the port it came to */
	const char *path;    /* decoded and merged by nginx; routing and rules
	                      * look at this same string (security RP-12) */
	const char *query;   /* raw, without '?'; "" when none */
	const char *address; /* of the client */

	const char *parts[REQUEST_PARTS + 1]; /* what {} in the route stood for */
	const char *body;                     /* NULL until read_body() */
	size_t body_size;
	json_object *json;                    /* a JSON body, parsed */

	const struct principal *principal; /* who asks; NULL until known */
	json_object *unconnected; /* [{id, name, url}]: personal sources that who
	                           * asks has to connect first; NULL: none */
	json_object *offered; /* scopes that a token for the gateway asked may
	                       * have, where there was none; or NULL */
	const char *const *params;         /* FastCGI parameters */
	void *wire;                        /* the worker's own */
};

/* A header by its name as sent ("Mcp-Method"); NULL when absent or empty. */
const char *request_header(const struct request *req, const char *name);

/* Whether a header came more than once: nginx 1.22 forwards duplicates as
 * separate parameters, and a look-up would answer the first (TV-11). */
bool request_header_twice(const struct request *req, const char *name);

/* A query parameter, percent-decoded; NULL when absent. value: set, of mem.
 * Fault: BAD_FIELD when it is repeated or has a broken escape. */
CAN_FAIL request_query(struct request *req, const char *name,
                       const char **value);

/* A cookie's raw value; NULL when absent. Fault: BAD_TOKEN when the name comes
 * twice, in one header or two (security AC-13). */
CAN_FAIL request_cookie(struct request *req, const char *name,
                        const char **value);

/* Whether it has not waited too long for a thread (GATEHOUSE_WAIT_MS): it would
 * end late and make the next wait, where who is refused soon can still turn
 * elsewhere (RL-3). Fault: BUSY. */
CAN_FAIL request_in_time(const struct request *req);

/* Lets a request take that long from when it came, where that is longer than it
 * may anyway; several times in one request is no longer than once. At most
 * DEADLINE_MS_MOST. */
void request_take_longer(struct request *req, long ms);

/* limit and offset of a list, from the query; a wrong number is BAD_FIELD. */
struct page {
	long limit;
	long offset;
};
CAN_FAIL request_page(struct request *req, long most, struct page *page);

#endif
