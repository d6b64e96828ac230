/* /api/v1/teams/{}/members and /invitations: who is in a team, and who may come
 * in. Roles are owner, admin and member; a team always has an owner, and only
 * owners make or touch owners. */
#ifndef GATEHOUSE_API_MEMBERS_H
#define GATEHOUSE_API_MEMBERS_H

#include "core/fault.h"

struct request;
struct response;

CAN_FAIL members_list(struct request *req, struct response *out);
CAN_FAIL member_change(struct request *req, struct response *out);
CAN_FAIL member_end(struct request *req, struct response *out);
CAN_FAIL team_invitations_list(struct request *req, struct response *out);
CAN_FAIL team_invite(struct request *req, struct response *out);
CAN_FAIL team_invitation_end(struct request *req, struct response *out);

#endif
