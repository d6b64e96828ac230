/* Which request goes where: the route table. */
#ifndef GATEHOUSE_WEB_ROUTE_H
#define GATEHOUSE_WEB_ROUTE_H

#include <stddef.h>

#include "core/fault.h"

struct request;
struct response;

enum body_kind {
	NO_BODY,   /* what is sent is not looked at */
	JSON_BODY, /* application/json, else 415 (RP-9); parsed into req->json */
	RAW_BODY, /* application/json, else 415; left to the handler to parse */
	FORM_BODY, /* application/x-www-form-urlencoded, else 415; parsed into
	            * req->json as an object of texts (web/form.h) */
};

struct route {
	const char *method; /* or *: any, the handler looks */
	const char *path;   /* {} stands for one segment */
	CAN_FAIL (*who)(struct request *req);
	enum body_kind body;
	size_t most; /* body bytes; 0 is the program's usual bound */
	CAN_FAIL (*handle)(struct request *req, struct response *out);
	const char
		*bad_part; /* told when a {} is no UUID; NULL: not looked at */
};

/* The row for a request's method and path; fills req->parts. Fault: NO_ROUTE. */
CAN_FAIL route_find(const struct route *routes, struct request *req,
                    const struct route **found);

/* Normalises req->parts as UUIDs, after it is known who asks: the contract
 * answers 401 before 400. Fault: BAD_ID, told as the row says. */
CAN_FAIL read_parts(const struct route *route, struct request *req);

/* Reads the body the row asks for. Faults: BAD_TYPE, TOO_LARGE, BAD_REQUEST
 * (shorter or longer than announced), BAD_JSON, and those of form_read(). */
CAN_FAIL read_body(const struct route *route, struct request *req);

/* All of it, in this order: which row, who asks (found->who), about which things,
 * what do they say; and then does it. Not what has waited too long. found: set
 * as far as it came. Faults: BUSY, those of the functions above, of the gate and
 * of the handler. */
CAN_FAIL route_serve(struct request *req, const struct route **found,
                     struct response *out);

#endif
