/* Accounts: sign-up, sign-in, sign-out, and /api/v1/me. */
#ifndef GATEHOUSE_API_USERS_H
#define GATEHOUSE_API_USERS_H

#include "core/fault.h"

struct request;
struct response;

CAN_FAIL user_sign_up(struct request *req, struct response *out);
CAN_FAIL user_sign_in(struct request *req, struct response *out);
CAN_FAIL user_sign_out(struct request *req, struct response *out);
CAN_FAIL user_get(struct request *req, struct response *out);
CAN_FAIL user_change(struct request *req, struct response *out);
CAN_FAIL user_delete(struct request *req, struct response *out);

#endif
