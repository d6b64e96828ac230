#include "api/invitations.h"

#include "api/row.h"
#include "core/text.h"
#include "db/db.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/request.h"
#include "web/response.h"

/* Longer than any address may be; what one is exactly is for auth/ to say. */
enum { EMAIL_MOST = 1000, SECRET_BYTES = 32 };

CAN_FAIL invitation_new(struct request *req, struct fields *body,
                        struct invitation *made)
{
	const char *email = field_text(body, "email", 1, EMAIL_MOST);

	TRY(body->fault);
	TRY(email_read(req->mem, email, &made->email));
	/* The prefix is for those who scan for leaked secrets. */
	made->secret = text_format(req->mem, "ghv_%s",
	                           random_token(req->mem, SECRET_BYTES));
	made->digest = digest_hex(req->mem, made->secret);
	return NULL;
}

CAN_FAIL invitation_answer(struct request *req, const struct rows *rows,
                           const struct invitation *made, struct response *out)
{
	json_object *body = js_literal(req->mem, rows_text(rows, 0, 0));

	js_put_text(body, "invitation_url",
	            text_format(req->mem, "%s/invitations/%s",
	                        req->app->config.app_url, made->secret));
	response_json(out, 201, body);
	return NULL;
}

CAN_FAIL invitation_get(struct request *req, struct response *out)
{
	struct rows *rows;

	TRY(db_run(&req->db, SQL_INVITATION_LOOK, &rows,
	           digest_hex(req->mem, req->parts[0])));
	return row_answer(req, rows, 200, FAULT_NO_INVITATION, out);
}

static CAN_FAIL take(struct request *req, bool accept, const char *message,
                     struct response *out)
{
	struct rows *rows;

	TRY(db_run(&req->db, SQL_INVITATION_TAKE, &rows,
	           digest_hex(req->mem, req->parts[0]), accept ? "t" : "f"));
	return row_deleted(req, rows, message, FAULT_NO_INVITATION, out);
}

CAN_FAIL invitation_accept(struct request *req, struct response *out)
{
	return take(req, true, "Invitation accepted", out);
}

CAN_FAIL invitation_decline(struct request *req, struct response *out)
{
	return take(req, false, "Invitation declined", out);
}
