/* Which browser a question was asked in, so that its answer counts in no other
 * (security OA-13): a random cookie that says nothing of who uses it. */
#ifndef GATEHOUSE_OAUTH_BROWSER_H
#define GATEHOUSE_OAUTH_BROWSER_H

#include "core/fault.h"

struct request;
struct response;

/* The browser's cookie; without one it gets one. browser: set, of the request's
 * memory; only its digest is to be stored. Fault: BAD_TOKEN (it came twice). */
CAN_FAIL browser_known(struct request *req, struct response *out,
                       const char **browser);

/* The same where it has to have one: "" when it has none. */
CAN_FAIL browser_of(struct request *req, const char **browser);

#endif
