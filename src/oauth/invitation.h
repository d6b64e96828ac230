/* The page of the app host to which an invitation's link leads: who lets whom in
 * for what, and yes or no. */
#ifndef GATEHOUSE_OAUTH_INVITATION_H
#define GATEHOUSE_OAUTH_INVITATION_H

#include "core/fault.h"

struct request;
struct response;

/* GET /invitations/{secret}: the page, or sign-in first. A wrong secret or
 * address, one that was used or is over: one same page, 404. Fault:
 * NO_DATABASE. */
CAN_FAIL invitation_page(struct request *req, struct response *out);

/* POST the same: "accept", "decline", or "other" for sign-in as somebody else.
 * Faults: BAD_ORIGIN, BAD_FIELD, NO_DATABASE. */
CAN_FAIL invitation_post(struct request *req, struct response *out);

#endif
