/* The FastCGI wire: what goes in and out of one request. Only wire.c and
 * worker.c speak to libfcgi, and only by its FCGX_ calls (security WL-1). A
 * wire is an FCGX_Request. */
#ifndef GATEHOUSE_WEB_WIRE_H
#define GATEHOUSE_WEB_WIRE_H

#include <stdbool.h>
#include <stddef.h>

struct request;
struct response;

/* Reads exactly size bytes of the body; false when fewer came. */
bool wire_read(void *wire, char *bytes, size_t size);

/* Sends a whole response, or ends a stream that was begun. */
void wire_send(void *wire, const struct request *req, struct response *out);

#endif
