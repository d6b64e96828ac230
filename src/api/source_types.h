/* GET /api/v1/source-types: the kinds of sources and their settings, for a
 * form that makes one. */
#ifndef GATEHOUSE_API_SOURCE_TYPES_H
#define GATEHOUSE_API_SOURCE_TYPES_H

#include "core/fault.h"

struct request;
struct response;

/* 200 [{type, label, settings: [{name, required, secret, max_length, help}]}],
 * in the manual's order. */
CAN_FAIL source_types(struct request *req, struct response *out);

#endif
