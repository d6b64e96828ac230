/* JSON documents that others publish for everybody: metadata of clients, keys.
 *
 * Fetched from any public host under the rules of outbound/ (security section
 * 9: https, public addresses, no redirects), without anything of ours in the
 * call. One worker fetches, all have the copy: for as long as the publisher's
 * Cache-Control says, five minutes at least and a day at most. When it cannot
 * be fetched again, the last good copy serves for a week; errors are not kept.
 * An operator's pinned copy is never asked for (`gatehouse pin`). */
#ifndef GATEHOUSE_OAUTH_PUBLISHED_H
#define GATEHOUSE_OAUTH_PUBLISHED_H

#include <stdbool.h>
#include <stddef.h>

#include "core/fault.h"
#include "core/json.h"

struct request;

enum {
	PUBLISHED_URL_MOST = 2000,     /* bytes */
	PUBLISHED_KEYS_MOST = 65536,   /* of a JWK Set: Entra ID's is 20 KiB */
	PUBLISHED_CLIENT_MOST = 5120,  /* of a client's metadata (OA-15) */
	PUBLISHED_SERVER_MOST = 65536, /* of an OpenID provider's */
};

/* Whether a text is an address that may be asked: https, a host name in lower
 * case, a path, and none of: user, port, fragment, blanks, dot segments, written
 * out or encoded. */
bool published_url_fine(const char *url);

/* The document at url, which is an object. again: the copy lacked something,
 * such as a new key; it is fetched at most once a minute then. tree: set, of
 * the request's memory. Faults: NOT_PUBLISHED (told: what is wrong with it;
 * more than `most` bytes, too), BUSY (it cannot be reached now), TOO_MANY (of
 * the asker's network, who has us fetch), NO_DATABASE. */
CAN_FAIL published_get(struct request *req, const char *url, size_t most,
                       bool again, json_object **tree);

#endif
