#include "api/grants.h"

#include "api/list.h"
#include "api/row.h"
#include "core/text.h"
#include "db/db.h"
#include "web/request.h"
#include "web/response.h"

CAN_FAIL grants_list(struct request *req, struct response *out)
{
	struct list list;
	struct rows *rows;

	TRY(list_read(req, &list));
	TRY(db_run(&req->db, SQL_GRANT_LIST, &rows, list.limit, list.offset));
	list_answer(req, &list, rows, "/api/v1/grants", out);
	return NULL;
}

CAN_FAIL server_grants(struct request *req, struct response *out)
{
	struct list list;
	struct rows *rows;

	TRY(list_read(req, &list));
	TRY(db_run(&req->db, SQL_SERVER_GRANT_LIST, &rows, req->parts[0],
	           list.limit, list.offset));
	list_answer(req, &list, rows,
	            text_format(req->mem, "/api/v1/mcp-servers/%s/grants",
	                        req->parts[0]),
	            out);
	return NULL;
}

CAN_FAIL grant_end(struct request *req, struct response *out)
{
	struct rows *rows;

	TRY(db_run(&req->db, SQL_GRANT_END, &rows, req->parts[0]));
	return row_deleted(req, rows, "Grant ended successfully",
	                   FAULT_NO_GRANT, out);
}
