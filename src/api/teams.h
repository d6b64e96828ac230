/* /api/v1/teams: people who are let in together. Owners may do everything,
 * admins have members and invitations (api/members.h), members see. */
#ifndef GATEHOUSE_API_TEAMS_H
#define GATEHOUSE_API_TEAMS_H

#include "core/fault.h"

struct request;
struct response;

CAN_FAIL teams_list(struct request *req, struct response *out);
CAN_FAIL team_create(struct request *req, struct response *out);
CAN_FAIL team_get(struct request *req, struct response *out);
CAN_FAIL team_change(struct request *req, struct response *out);
CAN_FAIL team_delete(struct request *req, struct response *out);

/* The one who asks is no member any more. Fault: LAST_OWNER. */
CAN_FAIL team_leave(struct request *req, struct response *out);

#endif
