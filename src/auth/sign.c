#include "auth/sign.h"

#include <string.h>
#include <time.h>

#include "auth/email.h"
#include "auth/jwt.h"
#include "auth/origin.h"
#include "auth/password.h"
#include "auth/principal.h"
#include "auth/session.h"
#include "auth/throttle.h"
#include "core/arena.h"
#include "core/json.h"
#include "core/log.h"
#include "core/text.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/request.h"

/* The older system cut passwords here; its hashes are marked (AC-4). */
enum { IMPORTED_MOST = 72 };

/* Failures without a wait, and the longest wait in seconds. An address may
 * stand for a whole office, so it is given more. */
enum {
	PAIR_FREE = 5,
	PAIR_MOST = 900,
	ADDRESS_FREE = 50,
	ADDRESS_MOST = 60,
	SIGN_UP_FREE = 200,
	SIGN_UP_MOST = 60,
};

/* What is counted for one try to sign in. */
struct tries {
	struct throttle pair;
	struct throttle address;
};

static struct tries tries_of(const struct request *req, const char *account)
{
	return (struct tries){
		throttle_of(req, "signin", account, PAIR_FREE, PAIR_MOST),
		throttle_of(req, "signin", NULL, ADDRESS_FREE, ADDRESS_MOST),
	};
}

static CAN_FAIL tries_pass(struct request *req, const struct tries *tries)
{
	TRY(throttle_pass(req, &tries->pair));
	return throttle_pass(req, &tries->address);
}

/* The audit entry of something that changes nothing else. */
static CAN_FAIL audit(struct request *req, const char *user_id,
                      const char *event, const char *outcome)
{
	json_object *detail = js_object(req->mem);

	js_put_text(detail, "request", req->id);
	js_put_text(detail, "address", req->address);
	return db_run(&req->db, SQL_AUDIT_EVENT, NULL, user_id, event, outcome,
	              js_print(req->mem, detail));
}

static CAN_FAIL count_failure(struct request *req, const struct tries *tries,
                              const char *user_id, const char *event)
{
	TRY(throttle_failed(req, &tries->pair));
	TRY(throttle_failed(req, &tries->address));
	return audit(req, user_id, event, "refused");
}

/* The database as an account sees it that is not signed in yet, or not any
 * more: so its audit entries, too, name the request (LA-1). */
static struct db db_as(const struct request *req, const char *user_id)
{
	struct db db = req->db;

	db.tenant = user_id;
	return db;
}

/* ---- signing up ---- */

static CAN_FAIL create_user(struct request *req, const struct email *email,
                            const char *hash, struct rows **rows)
{
	const char *id = random_uuid(req->mem);
	struct db db = db_as(req, id);
	struct fault *wrong = db_run(&db, SQL_USER_CREATE, rows, id,
	                             email->shown, email->key, hash);

	if (!wrong || wrong->kind != FAULT_CONFLICT)
		return wrong;
	TRY(audit(req, NULL, "signup", "refused"));
	return fault(req->mem, FAULT_EMAIL_TAKEN, "the e-mail is taken");
}

CAN_FAIL sign_up(struct request *req, const char *email, const char *password,
                 struct account *account)
{
	enum { ID, EMAIL, CREATED_AT, UPDATED_AT };
	struct passwords *passwords = req->app->passwords;
	struct throttle throttle =
		throttle_of(req, "signup", NULL, SIGN_UP_FREE, SIGN_UP_MOST);
	struct email address;
	struct rows *rows;
	const char *hash;

	TRY(origin_check(req));
	TRY(email_read(req->mem, email, &address));
	TRY(password_rules(passwords, req->mem, password));
	TRY(throttle_pass(req, &throttle));
	/* Every try counts, since what a taken address answers tells that it
	 * is taken (AC-14). */
	TRY(throttle_failed(req, &throttle));
	TRY(password_hash(passwords, req->mem, req->deadline, password, &hash));
	TRY(create_user(req, &address, hash, &rows));
	*account = (struct account){
		.id = rows_text(rows, 0, ID),
		.email = rows_text(rows, 0, EMAIL),
		.created_at = rows_text(rows, 0, CREATED_AT),
		.updated_at = rows_text(rows, 0, UPDATED_AT),
	};
	return NULL;
}

/* ---- passwords against what is stored ---- */

/* What is stored of an account; all NULL when there is none. */
struct stored {
	const char *hash;
	bool imported; /* marked: made by the older system */
};

/* renew: set when the hash should be made anew. */
static CAN_FAIL verify(struct request *req, const struct stored *stored,
                       const char *password, bool *right, bool *renew)
{
	if (stored->imported && strlen(password) > IMPORTED_MOST)
		password = text_copy_n(req->mem, password, IMPORTED_MOST);
	TRY(password_verify(req->app->passwords, req->mem, req->deadline,
	                    password, stored->hash, right, renew));
	*renew = *right && (*renew || stored->imported);
	return NULL;
}

static CAN_FAIL rehash(struct request *req, const char *user_id,
                       const char *password, const char *old)
{
	struct db db = db_as(req, user_id);
	const char *hash;

	TRY(password_hash(req->app->passwords, req->mem, req->deadline,
	                  password, &hash));
	return db_run(&db, SQL_USER_REHASH, NULL, hash, old);
}

/* A hash that could not be renewed now is renewed next time: no reason to
 * refuse a right password. */
static void try_rehash(struct request *req, const char *user_id,
                       const char *password, const char *old)
{
	if (rehash(req, user_id, password, old))
		log_line(LOG_WARNING, "rehash-later",
		         { "request_id", req->id, 0 },
		         { "user_id", user_id, 0 });
}

/* ---- signing in ---- */

static const char *session_hours(const struct request *req)
{
	return text_format(req->mem, "%ld", req->app->config.session_hours);
}

/* The token of a session that was started just now. */
static CAN_FAIL session_sign(struct request *req, const struct account *account,
                             const char *session, const char **token)
{
	struct session_claims claims = {
		.user_id = account->id,
		.session_id = session,
		.email = account->email,
		.issued = time(NULL),
	};

	claims.expires = claims.issued + req->app->config.session_hours * 3600;
	return jwt_sign(req->mem, req->app->session_keys, &claims, token);
}

/* hash: what the password was compared with, which must still be stored. */
static CAN_FAIL start_session(struct request *req,
                              const struct account *account, const char *hash,
                              const char **token)
{
	const char *session = random_uuid(req->mem);
	struct db db = db_as(req, account->id);

	TRY(db_run(&db, SQL_SESSION_START, NULL, session, account->id,
	           session_hours(req), hash));
	return session_sign(req, account, session, token);
}

CAN_FAIL sign_in_as(struct request *req, const char *issuer,
                    const char *subject, struct account *account,
                    const char **token)
{
	enum { ID, EMAIL, CREATED_AT, UPDATED_AT };
	const char *session = random_uuid(req->mem);
	struct rows *rows;

	*token = NULL;
	TRY(db_run(&req->db, SQL_IDENTITY_ENTER, &rows, issuer, subject,
	           session, session_hours(req)));
	if (rows_count(rows) == 0)
		return NULL;
	*account = (struct account){
		.id = rows_text(rows, 0, ID),
		.email = rows_text(rows, 0, EMAIL),
		.created_at = rows_text(rows, 0, CREATED_AT),
		.updated_at = rows_text(rows, 0, UPDATED_AT),
	};
	return session_sign(req, account, session, token);
}

CAN_FAIL sign_in_refused(struct request *req, const char *provider)
{
	json_object *detail = js_object(req->mem);

	js_put_text(detail, "request", req->id);
	js_put_text(detail, "address", req->address);
	js_put_text(detail, "provider", provider);
	return db_run(&req->db, SQL_AUDIT_SELDOM, NULL,
	              text_format(req->mem, "signin %s %s", provider,
	                          throttle_network(req)),
	              NULL, "signin", js_print(req->mem, detail));
}

/* An account and what is stored of it; all NULL when there is none. */
static CAN_FAIL find_account(struct request *req, const char *email_key,
                             struct account *account, struct stored *stored)
{
	enum { ID, EMAIL, HASH, RENEW, CREATED_AT, UPDATED_AT };
	struct rows *rows;

	TRY(db_run(&req->db, SQL_USER_BY_EMAIL, &rows, email_key));
	*account = (struct account){
		.id = rows_text(rows, 0, ID),
		.email = rows_text(rows, 0, EMAIL),
		.created_at = rows_text(rows, 0, CREATED_AT),
		.updated_at = rows_text(rows, 0, UPDATED_AT),
	};
	*stored = (struct stored){ rows_text(rows, 0, HASH),
		                   rows_true(rows, 0, RENEW) };
	return NULL;
}

CAN_FAIL sign_in(struct request *req, const char *email, const char *password,
                 struct account *account, const char **token)
{
	struct email address;
	struct stored stored;
	bool right, renew;

	TRY(origin_check(req));
	TRY(email_read(req->mem, email, &address));
	struct tries tries = tries_of(req, address.key);
	TRY(tries_pass(req, &tries));
	TRY(find_account(req, address.key, account, &stored));
	TRY(verify(req, &stored, password, &right, &renew));
	if (!right) {
		TRY(count_failure(req, &tries, account->id, "signin"));
		return fault(req->mem, FAULT_BAD_SIGN_IN, "%s",
		             account->id ? "wrong password" : "no account");
	}
	TRY(throttle_forget(req, &tries.pair));
	TRY(start_session(req, account, stored.hash, token));
	if (renew)
		try_rehash(req, account->id, password, stored.hash);
	return NULL;
}

/* Somebody without a password: one who has just come from the provider. */
static CAN_FAIL came_lately(struct request *req)
{
	struct rows *rows;

	TRY(db_run(&req->db, SQL_SIGNED_IN_LATELY, &rows,
	           req->principal->session_id));
	if (rows_true(rows, 0, 0))
		return NULL;
	return fault_told(req->mem, FAULT_BAD_PASSWORD,
	                  "This account has no password: sign in by your "
	                  "provider once more, and do this within five "
	                  "minutes.");
}

CAN_FAIL sign_again(struct request *req, const char *password)
{
	enum { EMAIL, HASH, RENEW };
	const char *user_id = req->principal->user_id;
	struct tries tries = tries_of(req, user_id);
	struct rows *rows;
	bool right, renew;

	TRY(tries_pass(req, &tries));
	TRY(db_run(&req->db, SQL_USER_SECRET, &rows));
	struct stored stored = { rows_text(rows, 0, HASH),
		                 rows_true(rows, 0, RENEW) };
	if (rows_count(rows) > 0 && !stored.hash)
		return came_lately(req);
	TRY(verify(req, &stored, password, &right, &renew));
	if (!right) {
		TRY(count_failure(req, &tries, user_id, "password_check"));
		return fault(req->mem, FAULT_BAD_PASSWORD, "wrong password");
	}
	return throttle_forget(req, &tries.pair);
}

/* ---- signing out ---- */

CAN_FAIL sign_out(struct request *req)
{
	struct session_claims claims;
	const char *token;
	bool by_cookie;

	TRY(session_token(req, &token, &by_cookie));
	if (by_cookie)
		TRY(origin_check(req));
	if (!token || session_claims_of(req, token, &claims))
		return NULL; /* nothing of ours to end */
	struct db db = db_as(req, claims.user_id);
	return db_run(&db, SQL_SESSION_END, NULL, claims.session_id,
	              claims.user_id);
}
