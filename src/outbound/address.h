/* Where calls may go: public addresses, hosts on a list, plain https URLs.
 *
 * Addresses are judged where the socket is opened, after the name was looked
 * up, so no spelling of an address and no change of a DNS answer gets past
 * (security OH-3). Hosts are judged on what libcurl's own parser understood of
 * the URL, so two parsers cannot disagree (OH-5). */
#ifndef GATEHOUSE_OUTBOUND_ADDRESS_H
#define GATEHOUSE_OUTBOUND_ADDRESS_H

#include <stdbool.h>

struct sockaddr;
struct Curl_URL;

/* Whether an address is a public unicast one: not private, loopback,
 * link-local, multicast, documentation or otherwise set aside (RFC 6890 and
 * the registries after it). An IPv4 address inside an IPv6 one (mapped,
 * NAT64, 6to4) is judged as itself. Any other family is not. */
bool address_public(const struct sockaddr *address);

/* Whether a host name, in lower case, is on a list ended by NULL: an entry is
 * an exact name, ".suffix" for every name that ends with it, or "*" for any. An address, a
 * trailing dot and anything but letters, digits, hyphens and dots is not. */
bool host_allowed(const char *host, const char *const *allowed);

/* Reads an absolute URL: https, port 443, no user, no fragment, a host on the
 * list. Returns libcurl's form of it, to be freed by curl_url_cleanup(), or
 * NULL; wrong: then set to what is wrong with it, a constant for the log. */
struct Curl_URL *url_open(const char *url, const char *const *allowed,
                          const char **wrong);

#endif
