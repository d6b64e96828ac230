#include "api/tokens.h"

#include "api/list.h"
#include "api/row.h"
#include "core/json.h"
#include "core/text.h"
#include "db/db.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/request.h"
#include "web/response.h"

enum { NAME_MOST = 255, DAYS = 90, DAYS_MOST = 365, TOKEN_BYTES = 32 };

CAN_FAIL tokens_list(struct request *req, struct response *out)
{
	struct list list;
	struct rows *rows;

	TRY(list_read(req, &list));
	TRY(db_run(&req->db, SQL_TOKEN_LIST, &rows, req->parts[0], list.limit,
	           list.offset));
	list_answer(req, &list, rows,
	            text_format(req->mem, "/api/v1/mcp-servers/%s/tokens",
	                        req->parts[0]),
	            out);
	return NULL;
}

CAN_FAIL token_create(struct request *req, struct response *out)
{
	enum { ID, NAME, EXPIRES };
	struct fields from = fields_of(req->mem, req->json);
	const char *name = field_text(&from, "name", 1, NAME_MOST);
	int64_t days = field_integer_maybe(&from, "expires_in_days", 1,
	                                   DAYS_MOST, DAYS);
	json_object *body = js_object(req->mem);
	struct rows *rows;
	const char *token;

	TRY(from.fault);
	/* The prefix is for those who scan for leaked secrets. */
	token = text_format(req->mem, "ght_%s",
	                    random_token(req->mem, TOKEN_BYTES));
	TRY(db_run(&req->db, SQL_TOKEN_CREATE, &rows, random_uuid(req->mem),
	           req->parts[0], name, digest_hex(req->mem, token),
	           text_format(req->mem, "%lld", (long long)days),
	           text_format(req->mem, "%ld",
	                       req->app->config.tokens_per_server)));
	if (!rows_text(rows, 0, 0))
		return fault(req->mem, FAULT_NO_SERVER, "no such server");
	js_put_text(body, "id", rows_text(rows, 0, ID));
	js_put_text(body, "name", rows_text(rows, 0, NAME));
	js_put_text(body, "token", token);
	js_put_text(body, "expires_at", rows_text(rows, 0, EXPIRES));
	response_json(out, 201, body);
	return NULL;
}

CAN_FAIL token_end(struct request *req, struct response *out)
{
	struct rows *rows;

	TRY(db_run(&req->db, SQL_TOKEN_END, &rows, req->parts[0],
	           req->parts[1]));
	return row_deleted(req, rows, "Token deleted successfully",
	                   FAULT_NO_ACCESS_TOKEN, out);
}
