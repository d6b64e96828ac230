/* Names of hosts in settings: the pool of gateway domains, URLs, origins. */
#ifndef GATEHOUSE_CORE_DOMAINS_H
#define GATEHOUSE_CORE_DOMAINS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* A host name by RFC 1123 (or an IPv4 address) with an optional port from 1 to
 * 65535, in lower case and without a trailing dot; of mem. NULL if it is none. */
char *domain_read(struct arena *mem, const char *text);

/* Whether it is this machine whatever a name server says: localhost, a name
 * under it, 127.0.0.0/8. A port does not matter. */
bool domain_is_loopback(const char *domain);

/* An origin, http(s)://host[:port], in lower case; a slash at the end is
 * dropped; of mem. NULL if it is none. */
char *domain_origin(struct arena *mem, const char *text);

/* A pool: domains separated by commas; a scheme and a slash at the end of each
 * are dropped. domains: set to a NULL-terminated array of mem. Returns NULL, or
 * what is wrong, of mem. */
const char *domains_read(struct arena *mem, const char *text, char ***domains);

#endif
