/* Tokens on the word of a company's identity provider: enterprise-managed
 * authorization (io.modelcontextprotocol/enterprise-managed-authorization), by
 * an Identity Assertion JWT Authorization Grant. No page is shown: the server's
 * owner chose the issuer, and let the person in. */
#ifndef GATEHOUSE_OAUTH_ID_JAG_H
#define GATEHOUSE_OAUTH_ID_JAG_H

#include "core/fault.h"

struct oauth_client;
struct oauth_server;
struct request;
struct rows;

#define JWT_BEARER "urn:ietf:params:oauth:grant-type:jwt-bearer"

/* Takes the assertion of a request for tokens. access: the digest of the token
 * that is given; seconds: its life. rows: what issuer_token answers. Faults:
 * BAD_GRANT (told nothing of why), BAD_SCOPE, BAD_REQUEST, and those of
 * published_get() where the issuer's keys cannot be had. */
CAN_FAIL id_jag_take(struct request *req, const struct oauth_server *server,
                     const struct oauth_client *client, const char *access,
                     int seconds, struct rows **rows);

#endif
