#include "api/members.h"

#include "api/invitations.h"
#include "api/list.h"
#include "api/row.h"
#include "core/json.h"
#include "core/text.h"
#include "db/db.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/request.h"

static const char *read_role(struct fields *body)
{
	static const char *const roles[] = { "owner", "admin", "member" };

	return field_choice_maybe(body, "role", roles, 3);
}

/* A list below the team. */
static CAN_FAIL list_below(struct request *req, enum sql statement,
                           const char *name, struct response *out)
{
	struct list list;
	struct rows *rows;

	TRY(list_read(req, &list));
	TRY(db_run(&req->db, statement, &rows, req->parts[0], list.limit,
	           list.offset));
	list_answer(req, &list, rows,
	            text_format(req->mem, "/api/v1/teams/%s/%s", req->parts[0],
	                        name),
	            out);
	return NULL;
}

CAN_FAIL members_list(struct request *req, struct response *out)
{
	return list_below(req, SQL_MEMBER_LIST, "members", out);
}

CAN_FAIL member_change(struct request *req, struct response *out)
{
	struct fields body = fields_of(req->mem, req->json);
	const char *role = read_role(&body);
	struct rows *rows;

	if (!role)
		field_wrong(&body, "role is missing.");
	TRY(body.fault);
	TRY(db_run(&req->db, SQL_MEMBER_CHANGE, &rows, req->parts[0],
	           req->parts[1], role));
	return row_answer(req, rows, 200, FAULT_NO_MEMBER, out);
}

CAN_FAIL member_end(struct request *req, struct response *out)
{
	struct rows *rows;

	TRY(db_run(&req->db, SQL_MEMBER_END, &rows, req->parts[0],
	           req->parts[1]));
	return row_deleted(req, rows, "Member removed successfully",
	                   FAULT_NO_MEMBER, out);
}

CAN_FAIL team_invitations_list(struct request *req, struct response *out)
{
	return list_below(req, SQL_TEAM_INVITATION_LIST, "invitations", out);
}

CAN_FAIL team_invite(struct request *req, struct response *out)
{
	struct fields body = fields_of(req->mem, req->json);
	const char *role = read_role(&body);
	struct invitation to;
	struct rows *rows;

	TRY(invitation_new(req, &body, &to));
	TRY(db_run(&req->db, SQL_TEAM_INVITE, &rows, random_uuid(req->mem),
	           req->parts[0], to.email.shown, to.email.key,
	           role ? role : "member", to.digest,
	           text_format(req->mem, "%ld",
	                       req->app->config.members_per_team)));
	return invitation_answer(req, rows, &to, out);
}

CAN_FAIL team_invitation_end(struct request *req, struct response *out)
{
	struct rows *rows;

	TRY(db_run(&req->db, SQL_TEAM_INVITATION_END, &rows, req->parts[0],
	           req->parts[1]));
	return row_deleted(req, rows, "Invitation deleted successfully",
	                   FAULT_NO_INVITATION, out);
}
