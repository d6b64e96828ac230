#include "api/connections.h"

#include "api/list.h"
#include "api/row.h"
#include "db/db.h"
#include "web/request.h"
#include "web/response.h"

CAN_FAIL connections_list(struct request *req, struct response *out)
{
	struct list list;
	struct rows *rows;

	TRY(list_read(req, &list));
	TRY(db_run(&req->db, SQL_CONNECTION_LIST, &rows, list.limit,
	           list.offset));
	list_answer(req, &list, rows, "/api/v1/connections", out);
	return NULL;
}

CAN_FAIL connection_end(struct request *req, struct response *out)
{
	struct rows *rows;

	TRY(db_run(&req->db, SQL_CONNECTION_END, &rows, req->parts[0]));
	return row_deleted(req, rows, "Connection ended successfully",
	                   FAULT_NO_CONNECTION, out);
}
