/* The log's line of one request (security LA-1). */
#ifndef GATEHOUSE_WEB_RECORD_H
#define GATEHOUSE_WEB_RECORD_H

#include <stdint.h>

struct fault;
struct log_field;
struct request;
struct response;
struct route;

/* Writes it once the answer is made: the row's pattern, and never the address
 * itself, the query or the body, which may hold what no log may (LA-3). route:
 * NULL for none. who: whom the request acted for, as fields until one without a
 * name, four at most. wrong: the fault it ended with, or NULL. began:
 * clock_ms() at its start. */
void record_request(const struct request *req, const struct route *route,
                    const struct response *out, const struct log_field *who,
                    const struct fault *wrong, int64_t began);

#endif
