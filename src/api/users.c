#include "api/users.h"

#include "auth/email.h"
#include "auth/password.h"
#include "auth/principal.h"
#include "auth/sign.h"
#include "core/json.h"
#include "db/db.h"
#include "web/app.h"
#include "web/request.h"
#include "web/response.h"

/* Longer than any e-mail address or password may be; what those are exactly
 * is for auth/ to say. */
enum { EMAIL_MOST = 1000, PASSWORD_MOST = 2000 };

struct credentials {
	const char *email;
	const char *password;
};

static CAN_FAIL read_credentials(struct request *req, struct credentials *said)
{
	struct fields body = fields_of(req->mem, req->json);

	said->email = field_text(&body, "email", 1, EMAIL_MOST);
	said->password = field_text(&body, "password", 0, PASSWORD_MOST);
	return body.fault;
}

static void show(struct request *req, const struct account *account,
                 struct response *out)
{
	json_object *body = js_object(req->mem);

	js_put_text(body, "id", account->id);
	js_put_text(body, "email", account->email);
	js_put_text(body, "created_at", account->created_at);
	js_put_text(body, "updated_at", account->updated_at);
	response_json(out, 200, body);
}

static void say(struct request *req, const char *message, struct response *out)
{
	json_object *body = js_object(req->mem);

	js_put_text(body, "message", message);
	response_json(out, 200, body);
}

CAN_FAIL user_sign_up(struct request *req, struct response *out)
{
	struct credentials said;
	struct account account;

	TRY(read_credentials(req, &said));
	TRY(sign_up(req, said.email, said.password, &account));
	show(req, &account, out);
	return NULL;
}

CAN_FAIL user_sign_in(struct request *req, struct response *out)
{
	json_object *body = js_object(req->mem), *user;
	struct credentials said;
	struct account account;
	const char *token;

	TRY(read_credentials(req, &said));
	TRY(sign_in(req, said.email, said.password, &account, &token));
	js_put_text(body, "access_token", token);
	js_put_text(body, "token_type", "bearer");
	user = js_put_object(body, "user");
	js_put_text(user, "id", account.id);
	js_put_text(user, "email", account.email);
	js_put_text(user, "full_name", "");
	response_header(out, "Set-Cookie", session_cookie(req, token));
	response_json(out, 200, body);
	return NULL;
}

CAN_FAIL user_sign_out(struct request *req, struct response *out)
{
	TRY(sign_out(req));
	response_header(out, "Set-Cookie", session_cookie(req, NULL));
	say(req, "Successfully signed out", out);
	return NULL;
}

/* The gate has just read the row; there is nothing to ask again. */
CAN_FAIL user_get(struct request *req, struct response *out)
{
	const struct principal *who = req->principal;

	show(req,
	     &(struct account){ who->user_id, who->email, who->created_at,
	                        who->updated_at },
	     out);
	return NULL;
}

/* What a change asks for; NULL for what stays. */
struct change {
	struct email email;
	const char *hash;
};

/* Reads what shall change, and only then asks for the current password, whose
 * check costs a core for a fifth of a second. */
static CAN_FAIL read_change(struct request *req, struct change *change)
{
	struct fields body = fields_of(req->mem, req->json);
	const char *email = field_text_maybe(&body, "email", 1, EMAIL_MOST);
	const char *password =
		field_text_maybe(&body, "password", 0, PASSWORD_MOST);
	const char *current;

	if (!body.fault && !email && !password)
		return fault(req->mem, FAULT_NOTHING_TO_CHANGE, "empty change");
	current = field_text(&body, "current_password", 0, PASSWORD_MOST);
	TRY(body.fault);
	if (email)
		TRY(email_read(req->mem, email, &change->email));
	if (password)
		TRY(password_rules(req->app->passwords, req->mem, password));
	TRY(sign_again(req, current));
	if (!password)
		return NULL;
	return password_hash(req->app->passwords, req->mem, req->deadline,
	                     password, &change->hash);
}

/* A new password ends every session but the one that asked (AC-9). */
CAN_FAIL user_change(struct request *req, struct response *out)
{
	enum { ID, EMAIL, CREATED, UPDATED };
	struct change change = { 0 };
	struct fault *wrong;
	struct rows *rows;

	TRY(read_change(req, &change));
	wrong = db_run(&req->db, SQL_USER_CHANGE, &rows, change.email.shown,
	               change.email.key, change.hash,
	               req->principal->session_id);
	if (wrong && wrong->kind == FAULT_CONFLICT)
		return fault(req->mem, FAULT_EMAIL_TAKEN, "%s", wrong->note);
	TRY(wrong);
	if (!rows_text(rows, 0, 0))
		return fault(req->mem, FAULT_NO_USER, "deleted meanwhile");
	show(req,
	     &(struct account){
		     rows_text(rows, 0, ID), rows_text(rows, 0, EMAIL),
		     rows_text(rows, 0, CREATED), rows_text(rows, 0, UPDATED) },
	     out);
	return NULL;
}

CAN_FAIL user_delete(struct request *req, struct response *out)
{
	struct fields body = fields_of(req->mem, req->json);
	const char *current =
		field_text(&body, "current_password", 0, PASSWORD_MOST);

	TRY(body.fault);
	TRY(sign_again(req, current));
	TRY(db_run(&req->db, SQL_USER_DELETE, NULL));
	response_header(out, "Set-Cookie", session_cookie(req, NULL));
	say(req, "Account deleted successfully", out);
	return NULL;
}
