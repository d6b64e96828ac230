/* Issuers whose word lets people in at an MCP server (ID-JAG, oauth/id_jag.h). */
#ifndef GATEHOUSE_API_ISSUERS_H
#define GATEHOUSE_API_ISSUERS_H

#include "core/fault.h"

struct request;
struct response;

/* GET, POST /api/v1/mcp-servers/{id}/issuers: {issuer, jwks_uri}. Faults:
 * NO_SERVER, BAD_FIELD, CONFLICT (it is there), QUOTA. */
CAN_FAIL issuers_list(struct request *req, struct response *out);
CAN_FAIL issuer_add(struct request *req, struct response *out);

/* DELETE /api/v1/mcp-servers/{id}/issuers/{id}, with all that came of its word.
 * Fault: NO_ISSUER. */
CAN_FAIL issuer_end(struct request *req, struct response *out);

#endif
