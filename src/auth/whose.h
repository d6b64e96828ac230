/* The line of a request in the log, with whose it was (security LA-1). */
#ifndef GATEHOUSE_AUTH_WHOSE_H
#define GATEHOUSE_AUTH_WHOSE_H

#include <stdint.h>

struct fault;
struct request;
struct response;
struct route;

/* As record_request(): of the app host, with the account and its session; of a
 * gateway, with the tenant, and which token at which server. */
void record_account(const struct request *req, const struct route *route,
                    const struct response *out, const struct fault *wrong,
                    int64_t began);
void record_token(const struct request *req, const struct route *route,
                  const struct response *out, const struct fault *wrong,
                  int64_t began);

#endif
