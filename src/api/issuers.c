#include "api/issuers.h"

#include "api/list.h"
#include "api/row.h"
#include "core/arena.h"
#include "core/text.h"
#include "db/db.h"
#include "oauth/published.h"
#include "vault/vault.h"
#include "web/request.h"
#include "web/response.h"

enum { ISSUERS_MOST = 20 };

CAN_FAIL issuers_list(struct request *req, struct response *out)
{
	struct list list;
	struct rows *rows;

	TRY(list_read(req, &list));
	TRY(db_run(&req->db, SQL_ISSUER_LIST, &rows, req->parts[0], list.limit,
	           list.offset));
	list_answer(req, &list, rows,
	            text_format(req->mem, "/api/v1/mcp-servers/%s/issuers",
	                        req->parts[0]),
	            out);
	return NULL;
}

CAN_FAIL issuer_add(struct request *req, struct response *out)
{
	struct fields body = fields_of(req->mem, req->json);
	const char *issuer = field_text(&body, "issuer", 1, PUBLISHED_URL_MOST);
	const char *keys = field_text(&body, "jwks_uri", 1, PUBLISHED_URL_MOST);
	struct fault *wrong;
	struct rows *rows;

	TRY(body.fault);
	/* An issuer may have no path. */
	if (!published_url_fine(issuer) &&
	    !published_url_fine(text_format(req->mem, "%s/", issuer)))
		field_wrong(&body,
		            "issuer must be an https address, spelled as "
		            "its tokens do.");
	else if (!published_url_fine(keys))
		field_wrong(&body, "jwks_uri must be an https address.");
	TRY(body.fault);
	wrong = db_run(&req->db, SQL_ISSUER_ADD, &rows, random_uuid(req->mem),
	               req->parts[0], issuer, keys,
	               text_format(req->mem, "%d", ISSUERS_MOST));
	if (wrong && wrong->kind == FAULT_CONFLICT)
		return fault_told(req->mem, FAULT_CONFLICT,
		                  "This issuer is there: delete it first.");
	TRY(wrong);
	response_json(out, 201, js_literal(req->mem, rows_text(rows, 0, 0)));
	return NULL;
}

CAN_FAIL issuer_end(struct request *req, struct response *out)
{
	struct rows *rows;

	TRY(db_run(&req->db, SQL_ISSUER_END, &rows, req->parts[0],
	           req->parts[1]));
	return row_deleted(req, rows, "Issuer ended successfully",
	                   FAULT_NO_ISSUER, out);
}
