/* Back from a vendor, where a person connected an account of their own
 * (oauth/connect.h). Of the app host, and answered by the mcp program: it alone
 * can open the application's secret. */
#ifndef GATEHOUSE_OAUTH_CONNECTED_H
#define GATEHOUSE_OAUTH_CONNECTED_H

#include "core/fault.h"

struct request;
struct response;

/* GET /connect/callback?code&state, or error&state. Faults, told: NO_ITEM (not
 * begun by this person in this session and browser, or over), BUSY (the vendor
 * did not take the code); NO_ROUTE at any other host. */
CAN_FAIL connect_callback(struct request *req, struct response *out);

#endif
