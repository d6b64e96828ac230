/* Connecting an account of one's own to a personal source: pages of the app
 * host. Who opens one signs in here, whoever sent them, and goes to the vendor
 * with a secret state; what comes back is taken from the same person, in the
 * same session and browser, and once. An assistant is given a page's address
 * and nothing else. */
#ifndef GATEHOUSE_OAUTH_CONNECT_H
#define GATEHOUSE_OAUTH_CONNECT_H

#include "core/fault.h"

struct arena;
struct app;
struct request;
struct response;
struct source;

/* GET /connect/{source}: whose source it is, what would be read, and what is
 * connected now. Faults: NO_ITEM, told; BAD_ORIGIN, NO_DATABASE. */
CAN_FAIL connect_page(struct request *req, struct response *out);

/* POST: on to the vendor, or the connection ends. The same faults. */
CAN_FAIL connect_post(struct request *req, struct response *out);

/* ---- for the other half, oauth/connected.c ---- */

#define CONNECT_PATH "/connect"

/* Where vendors send people back to: it stands in the registration of the
 * application there, so it is one for all sources. */
const char *connect_redirect(struct arena *mem, const struct app *app);

/* A personal source that the signed-in person may use. */
struct connectable {
	const char *owner_id;
	const char *owner;      /* e-mail; the person's own or another's */
	const char *connection; /* of theirs; NULL: none, */
	const char *account;    /* and whose it is at the vendor */
};

/* source: set. Fault: NO_ITEM, told: there is no such source for them. */
CAN_FAIL connect_find(struct request *req, const char *id,
                      struct connectable *found, struct source *source);

#endif
