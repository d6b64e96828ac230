#include "auth/principal.h"

#include "auth/origin.h"
#include "auth/session.h"
#include "core/arena.h"
#include "core/text.h"
#include "web/app.h"
#include "web/request.h"

CAN_FAIL anyone(struct request *req)
{
	(void)req;
	return NULL;
}

/* What session_open answers for a live session. */
enum { USER_ID, EMAIL, CREATED_AT, UPDATED_AT, UNSEEN };

/* As the user the token names: the signature vouches for it, and the session
 * must be that user's. */
static CAN_FAIL open_session(struct request *req,
                             const struct session_claims *claims,
                             struct rows **rows)
{
	const char *idle_hours = text_format(
		req->mem, "%ld", req->app->config.session_idle_hours);
	struct db db = req->db;

	db.tenant = claims->user_id;
	TRY(db_run(&db, SQL_SESSION_OPEN, rows, claims->session_id,
	           idle_hours));
	if (rows_count(*rows) == 0)
		return fault(req->mem, FAULT_BAD_TOKEN, "no live session");
	if (!rows_text(*rows, 0, USER_ID))
		return fault(req->mem, FAULT_NO_USER, "a session without user");
	if (rows_true(*rows, 0, UNSEEN))
		TRY(db_run(&db, SQL_SESSION_SEEN, NULL, claims->session_id));
	return NULL;
}

/* What the request's token claims, signed by us. */
static CAN_FAIL read_claims(struct request *req, struct session_claims *claims)
{
	const char *token;
	bool by_cookie;

	TRY(session_token(req, &token, &by_cookie));
	if (!token)
		return fault(req->mem, FAULT_NO_TOKEN, "no session token");
	if (by_cookie && method_unsafe(req->method))
		TRY(origin_check(req));
	return session_claims_of(req, token, claims);
}

CAN_FAIL signed_in(struct request *req)
{
	struct principal *who = arena_alloc(req->mem, sizeof(*who));
	struct session_claims claims;
	struct rows *rows;

	TRY(read_claims(req, &claims));
	TRY(open_session(req, &claims, &rows));
	*who = (struct principal){
		.user_id = rows_text(rows, 0, USER_ID),
		.session_id = claims.session_id,
		.email = rows_text(rows, 0, EMAIL),
		.created_at = rows_text(rows, 0, CREATED_AT),
		.updated_at = rows_text(rows, 0, UPDATED_AT),
	};
	req->principal = who;
	req->db.tenant = who->user_id;
	return NULL;
}

CAN_FAIL signed_in_maybe(struct request *req)
{
	struct fault *wrong = signed_in(req);

	if (wrong && fault_row(wrong->kind)->http != 401)
		return wrong;
	return NULL;
}

CAN_FAIL signed_in_at_app(struct request *req)
{
	struct principal *who = arena_alloc(req->mem, sizeof(*who));
	struct session_claims claims;
	struct rows *rows;

	if (!at_app_host(req))
		return fault(req->mem, FAULT_NO_ROUTE, "not at the app host");
	TRY(read_claims(req, &claims));
	TRY(db_run(&req->db, SQL_SESSION_LIVE, &rows, claims.session_id,
	           claims.user_id,
	           text_format(req->mem, "%ld",
	                       req->app->config.session_idle_hours)));
	if (!rows_true(rows, 0, 0))
		return fault(req->mem, FAULT_BAD_TOKEN, "no live session");
	*who = (struct principal){
		.user_id = claims.user_id,
		.session_id = claims.session_id,
		.email = claims.email,
	};
	req->principal = who;
	req->db.tenant = who->user_id;
	return NULL;
}
