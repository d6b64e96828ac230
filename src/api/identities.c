#include "api/identities.h"

#include "api/list.h"
#include "api/row.h"
#include "db/db.h"
#include "web/request.h"

CAN_FAIL identities_list(struct request *req, struct response *out)
{
	struct list list;
	struct rows *rows;

	TRY(list_read(req, &list));
	TRY(db_run(&req->db, SQL_IDENTITY_LIST, &rows, list.limit,
	           list.offset));
	list_answer(req, &list, rows, "/api/v1/identities", out);
	return NULL;
}

CAN_FAIL identity_end(struct request *req, struct response *out)
{
	struct rows *rows;
	struct fault *wrong =
		db_run(&req->db, SQL_IDENTITY_END, &rows, req->parts[0]);

	if (wrong && wrong->kind == FAULT_CONFLICT)
		return fault_told(
			req->mem, FAULT_CONFLICT,
			"This is the only way into the account: set a "
			"password first.");
	TRY(wrong);
	return row_deleted(req, rows, "Identity ended successfully",
	                   FAULT_NO_IDENTITY, out);
}
