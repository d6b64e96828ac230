/* Clients by the address of their metadata (security OA-15,
 * draft-ietf-oauth-client-id-metadata-document-00): the client id is an https
 * URL, and what stands there is what others would register. */
#ifndef GATEHOUSE_OAUTH_CLIENT_DOCUMENT_H
#define GATEHOUSE_OAUTH_CLIENT_DOCUMENT_H

#include <stdbool.h>

#include "core/fault.h"
#include "core/json.h"

struct oauth_client;
struct request;

/* Whether a client id is such an address. */
bool client_id_is_url(const char *id);

/* The client of that id. Of its redirect URIs those count that anybody may
 * register, and of its methods none and private_key_jwt. client: set, lent by
 * the request. Faults: BAD_CLIENT (told: what is wrong with the document), and
 * those of published_get() but NOT_PUBLISHED. */
CAN_FAIL client_document(struct request *req, const char *id,
                         struct oauth_client *client);

/* A client's name as a person is shown it: without what hides or disguises, at
 * most 100 characters; "" for none. Of mem. */
const char *client_name_shown(struct request *req, const char *name);

/* What is wrong with the keys of a client that proves itself by them
 * (RFC 7591 2: one of jwks and jwks_uri); NULL if nothing is. A constant. */
const char *client_keys_wrong(struct request *req, json_object *metadata);

#endif
