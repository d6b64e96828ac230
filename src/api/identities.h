/* As whom an account signs in at providers. */
#ifndef GATEHOUSE_API_IDENTITIES_H
#define GATEHOUSE_API_IDENTITIES_H

#include "core/fault.h"

struct request;
struct response;

/* GET /api/v1/identities */
CAN_FAIL identities_list(struct request *req, struct response *out);

/* DELETE /api/v1/identities/{id}. Faults: NO_IDENTITY; CONFLICT (told) for the
 * only way in. */
CAN_FAIL identity_end(struct request *req, struct response *out);

#endif
