/* Who asks: the outcome of a gate, const for the rest of the request. */
#ifndef GATEHOUSE_AUTH_PRINCIPAL_H
#define GATEHOUSE_AUTH_PRINCIPAL_H

#include <stdbool.h>

#include "core/fault.h"
#include "core/json.h"

struct request;

struct principal {
	const char *user_id; /* the tenant: at a gateway, the server's owner */

	/* of a signed-in person (api program) */
	const char *session_id;
	const char *email;
	const char *created_at; /* ISO 8601, as the API shows it */
	const char *updated_at;

	/* of a bearer token at a gateway domain (mcp program) */
	const char *token_id;
	const char *grant_id; /* that the token is of; NULL: it is personal */
	bool vouched; /* on an issuer's word: what people connected for
	               * themselves is out of its reach */
	const char *server_id;
	const char *server_name;
	const char *endpoint;  /* the gateway domain as in the pool */
	json_object *sources;  /* [{id, type, name, source_metadata}], oldest first */
	json_object *rates;    /* {tool: microseconds}: mcp/rate.h */
	const char *subject_id; /* who uses it: the tenant, or somebody let
	                         * in; NULL: a machine for itself */
	json_object *scopes; /* what it is good for; NULL: everything */
};

/* Gates: each is a route's 'who'. One returns NULL and has set
 * req->principal and req->db.tenant, or a fault; none makes up a default
 * (security MC-3). */

/* Anyone, signed in or not. */
CAN_FAIL anyone(struct request *req);

/* A live session: the cookie access_token, or Authorization: Bearer with the
 * same JWT. Unsafe methods with the cookie need an allowed Origin (AC-11).
 * Faults: NO_TOKEN, BAD_TOKEN, NO_USER, BAD_ORIGIN, NO_DATABASE. */
CAN_FAIL signed_in(struct request *req);

/* The same, and nobody is fine too: then req->principal stays NULL. For pages,
 * which ask to sign in. Faults: BAD_ORIGIN, NO_DATABASE. */
CAN_FAIL signed_in_maybe(struct request *req);

/* The same in the mcp program, for paths of the app host that nginx sends to
 * it. It learns that the session is live, and who it is; not the account's
 * data. Faults: as signed_in(), but NO_USER; NO_ROUTE at any other host. */
CAN_FAIL signed_in_at_app(struct request *req);

/* A bearer token of the gateway domain the request came to, and that domain's
 * live server with its sources, in one trip. A token of another gateway is as
 * unknown as none. The host comes first: where it is wrong, nothing is said of
 * the token, not even of its form. Faults: WRONG_HOST (no live server has this
 * domain), NO_TOKEN (none was sent), BAD_TOKEN, NO_DATABASE. */
CAN_FAIL gateway_token(struct request *req);

#endif
