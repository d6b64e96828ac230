/* What no row of the route table takes: preflights, and 404 for the rest. */
#ifndef GATEHOUSE_API_FALLBACK_H
#define GATEHOUSE_API_FALLBACK_H

struct request;
struct response;

/* OPTIONS under /api/v1/: 200 and {}; api_answer() adds the CORS headers. Anything
 * else: 404 {message, method, url}, where url is the path alone: no query,
 * header or body comes back (the original returned cookies this way). */
void fallback(struct request *req, struct response *out);

#endif
