/* GET /api/v1/checks: whether this host can serve, in one trip. */
#ifndef GATEHOUSE_API_CHECKS_H
#define GATEHOUSE_API_CHECKS_H

#include "core/fault.h"

struct request;
struct response;

/* 200 healthy; 503 unhealthy when the database does not answer in time. */
CAN_FAIL checks(struct request *req, struct response *out);

#endif
