/* What a gateway says of itself: as a protected resource (RFC 9728) and as the
 * authorization server of it (RFC 8414). Nothing in it is taken from a header
 * but the host, which is one of ours (security OA-10). */
#ifndef GATEHOUSE_OAUTH_METADATA_H
#define GATEHOUSE_OAUTH_METADATA_H

#include "core/fault.h"

struct request;
struct response;

/* Faults: WRONG_HOST, NO_DATABASE. */
CAN_FAIL resource_metadata(struct request *req, struct response *out);
CAN_FAIL server_metadata(struct request *req, struct response *out);

/* The answer to a preflight of a page that is a client itself. */
CAN_FAIL oauth_preflight(struct request *req, struct response *out);

#endif
