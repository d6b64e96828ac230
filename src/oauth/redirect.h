/* Redirect URIs: which ones may be registered, which one is meant, and what is
 * sent there (security OA-1, RFC 9700 section 2.1, RFC 8252). */
#ifndef GATEHOUSE_OAUTH_REDIRECT_H
#define GATEHOUSE_OAUTH_REDIRECT_H

#include <stdbool.h>

#include "core/json.h"

struct arena;

/* What is wrong with a URI as a redirect URI; NULL if nothing is. It is https
 * with a host, http on loopback (127.0.0.1, [::1], localhost), or of one of the
 * private-use schemes that known applications have; any other private-use
 * scheme only for a client that somebody registered. ASCII without blanks,
 * without user, fragment, dot segments and the parameters of an answer, at most
 * 2,000 bytes. A constant. */
const char *redirect_wrong(const char *uri, bool registered);

/* Whether a URI is one of a client's, byte for byte; of one on loopback the
 * port may be another (RFC 8252 7.3). */
bool redirect_known(json_object *uris, const char *uri);

/* Whether a URI leads to the person's own machine: loopback, or a private-use
 * scheme. */
bool redirect_is_local(const char *uri);

/* Where a URI leads, to show it: its host, or its scheme and "://" where that
 * is private-use; of mem. */
const char *redirect_place(struct arena *mem, const char *uri);

/* The same as a source of Content-Security-Policy: its origin; of mem. */
const char *redirect_source(struct arena *mem, const char *uri);

/* The URI with parameters added to its query, encoded; NULL values are left
 * out. names and values: count each. Of mem. */
const char *redirect_with(struct arena *mem, const char *uri, size_t count,
                          const char *const *names, const char *const *values);

#endif
