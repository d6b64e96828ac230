#include "api/teams.h"

#include "api/list.h"
#include "api/row.h"
#include "core/json.h"
#include "core/text.h"
#include "db/db.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/request.h"

enum { NAME_MOST = 255 };

CAN_FAIL teams_list(struct request *req, struct response *out)
{
	struct list list;
	struct rows *rows;

	TRY(list_read(req, &list));
	TRY(db_run(&req->db, SQL_TEAM_LIST, &rows, list.limit, list.offset));
	list_answer(req, &list, rows, "/api/v1/teams", out);
	return NULL;
}

CAN_FAIL team_create(struct request *req, struct response *out)
{
	struct fields body = fields_of(req->mem, req->json);
	const char *name = field_text(&body, "name", 1, NAME_MOST);
	struct rows *rows;

	TRY(body.fault);
	TRY(db_run(
		&req->db, SQL_TEAM_CREATE, &rows, random_uuid(req->mem), name,
		text_format(req->mem, "%ld", req->app->config.teams_per_user)));
	return row_answer(req, rows, 201, FAULT_NO_TEAM, out);
}

CAN_FAIL team_get(struct request *req, struct response *out)
{
	struct rows *rows;

	TRY(db_run(&req->db, SQL_TEAM_GET, &rows, req->parts[0]));
	return row_answer(req, rows, 200, FAULT_NO_TEAM, out);
}

CAN_FAIL team_change(struct request *req, struct response *out)
{
	struct fields body = fields_of(req->mem, req->json);
	const char *name = field_text(&body, "name", 1, NAME_MOST);
	struct rows *rows;

	TRY(body.fault);
	TRY(db_run(&req->db, SQL_TEAM_CHANGE, &rows, req->parts[0], name));
	return row_answer(req, rows, 200, FAULT_NO_TEAM, out);
}

CAN_FAIL team_delete(struct request *req, struct response *out)
{
	struct rows *rows;

	TRY(db_run(&req->db, SQL_TEAM_END, &rows, req->parts[0]));
	return row_deleted(req, rows, "Team deleted successfully",
	                   FAULT_NO_TEAM, out);
}

CAN_FAIL team_leave(struct request *req, struct response *out)
{
	struct rows *rows;

	TRY(db_run(&req->db, SQL_TEAM_LEAVE, &rows, req->parts[0]));
	return row_deleted(req, rows, "You have left the team", FAULT_NO_TEAM,
	                   out);
}
