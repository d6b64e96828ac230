/* The host a request came to, as nginx normalised it, looked at once more:
 * the socket might be reached another way (TV-3). */
#ifndef GATEHOUSE_AUTH_HOST_H
#define GATEHOUSE_AUTH_HOST_H

#include <stdbool.h>

/* Whether it is a host name in lower-case ASCII labels, or an IPv4 address;
 * no port, no dot at the end. NULL is none. */
bool host_fine(const char *host);

#endif
