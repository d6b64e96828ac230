/* /api/v1/sources: what an account can search. Secrets go in and never come
 * out: a read shows that one is set, and since when. */
#ifndef GATEHOUSE_API_SOURCES_H
#define GATEHOUSE_API_SOURCES_H

#include "core/fault.h"

struct request;
struct response;

CAN_FAIL sources_list(struct request *req, struct response *out);
CAN_FAIL source_create(struct request *req, struct response *out);
CAN_FAIL source_get(struct request *req, struct response *out);
CAN_FAIL source_change(struct request *req, struct response *out);
CAN_FAIL source_delete(struct request *req, struct response *out);

#endif
