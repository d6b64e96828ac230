/* The gateway that is asked as an authorization server, and its clients. Each
 * gateway domain is an issuer of its own: a client of one is unknown at all
 * others. */
#ifndef GATEHOUSE_OAUTH_CLIENT_H
#define GATEHOUSE_OAUTH_CLIENT_H

#include <stdbool.h>

#include "core/fault.h"
#include "core/json.h"

struct request;

struct oauth_server {
	const char *owner; /* user id */
	const char *id;
	const char *name;
	const char *issuer;  /* and resource: https://host, without a slash */
	json_object *scopes; /* what a token of it may be good for */
};

struct oauth_client {
	const char *id;
	const char *name;
	json_object *redirect_uris;
	json_object *grant_types;
	const char *auth_method; /* "none", "client_secret_basic" … */
	const char *secret_digest;
	json_object *keys;    /* a JWK Set, or NULL, */
	const char *keys_url; /* and where else they stand, or NULL */
	bool registered;      /* by the server's owner, not by itself */
};

/* The live server of the host that was asked. Faults: WRONG_HOST, NO_DATABASE. */
CAN_FAIL oauth_server_find(struct request *req, struct oauth_server *server);

/* The same, and its client of that id, or the one whose metadata stand at that
 * address. Faults: BAD_CLIENT (none, or unknown here) and those of
 * oauth_server_find() and client_document(). */
CAN_FAIL oauth_client_find(struct request *req, const char *id,
                           struct oauth_server *server,
                           struct oauth_client *client);

/* Whether the operator lets servers be public, as statements take it. */
const char *oauth_public(const struct request *req);

/* Whether a client may use a grant type. */
bool oauth_client_may(const struct oauth_client *client, const char *type);

/* The client that a form comes from, which has proved who it is as it
 * registered: by Basic, client_secret, a token it signed, or not at all where it
 * is public. What
 * does not fit its method is refused, more than one way too (RFC 6749 2.3).
 * Who does not prove it is in the audit log of the server's owner. Faults:
 * BAD_CLIENT, BAD_REQUEST, and those of oauth_server_find(). */
CAN_FAIL oauth_client_proved(struct request *req, struct oauth_server *server,
                             struct oauth_client *client);

#endif
