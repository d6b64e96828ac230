/* The audit log, as far as it is the account's own. */
#ifndef GATEHOUSE_API_AUDIT_H
#define GATEHOUSE_API_AUDIT_H

#include "core/fault.h"

struct request;
struct response;

/* Handler: newest first, by ?event=, ?outcome=, ?server=, ?since= and ?until=
 * (ISO 8601). Fault: BAD_FIELD, told. */
CAN_FAIL audit_list(struct request *req, struct response *out);

#endif
