/* The page of the app host on which a person says whether a client may act for
 * them at a gateway, and the answer to it (security OA-12 to OA-14). */
#ifndef GATEHOUSE_OAUTH_CONSENT_H
#define GATEHOUSE_OAUTH_CONSENT_H

#include "core/fault.h"

struct request;
struct response;

/* GET /oauth/consent/{id}: the page, or sign-in first. Only the browser that
 * came first is ever shown it. Faults: NO_ITEM (over, unknown, another
 * browser's), told; NO_DATABASE. */
CAN_FAIL consent_page(struct request *req, struct response *out);

/* POST the same: "approve" or "deny" leads to the client with a code or an
 * error, "other" to sign-in. Only what was shown last, in the browser and
 * session it was shown in, can be answered, and once. Faults: those of the page;
 * BAD_ORIGIN, BAD_SCOPE, BAD_FIELD. */
CAN_FAIL consent_post(struct request *req, struct response *out);

#endif
