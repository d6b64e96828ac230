#include "oauth/sign_by.h"

#include <string.h>

#include "auth/email.h"
#include "auth/origin.h"
#include "auth/sign.h"
#include "auth/throttle.h"
#include "core/text.h"
#include "db/db.h"
#include "oauth/answer.h"
#include "oauth/browser.h"
#include "oauth/identity.h"
#include "oauth/pkce.h"
#include "oauth/provider.h"
#include "oauth/redirect.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/page.h"
#include "web/request.h"
#include "web/response.h"

enum { STATE_BYTES = 32, FREE = 200, WAIT_MOST = 60, PASSWORD_MOST = 1024 };

static void go_to(struct response *out, const char *url)
{
	response_header(out, "Location", url);
	out->status = 303;
}

/* ---- beginning ---- */

/* A path of ours, or an address at an origin that may call us: nothing else is
 * gone to (no open redirect). */
static bool return_fine(const struct request *req, const char *to)
{
	size_t host;

	for (const char *at = to; *at; at++)
		if (*at <= ' ' || *at > '~' || *at == '\\')
			return false;
	if (*to == '/')
		return to[1] != '/';
	host = strcspn(to, ":");
	if (!text_starts(to + host, "://"))
		return false;
	host += 3;
	host += strcspn(to + host, "/?#");
	return origin_allowed(req, text_copy_n(req->mem, to, host));
}

CAN_FAIL provider_login(struct request *req, struct response *out)
{
	struct throttle throttle =
		throttle_of(req, "login", NULL, FREE, WAIT_MOST);
	static const char *const names[] = {
		"response_type",  "client_id",
		"redirect_uri",   "scope",
		"state",          "nonce",
		"code_challenge", "code_challenge_method",
	};
	const char *back, *browser, *url;
	const char *state = random_token(req->mem, STATE_BYTES);
	struct provider_place place;
	struct sign_in_proof proof;
	struct provider provider;
	json_object *body;

	TRY(provider_find(req, req->parts[0], &provider));
	TRY(request_query(req, "return", &back));
	if (back && !return_fine(req, back))
		return fault_told(req->mem, FAULT_BAD_FIELD,
		                  "return must be a path of this host, or an "
		                  "address at an origin in GATEHOUSE_ORIGINS.");
	TRY(throttle_pass(req, &throttle));
	TRY(throttle_failed(req, &throttle));
	TRY(provider_place(req, &provider, &place));
	TRY(browser_known(req, out, &browser));
	proof = sign_in_proof(req, browser, state);
	TRY(db_run(&req->db, SQL_SIGN_IN_BEGIN, NULL, random_uuid(req->mem),
	           digest_hex(req->mem, state), digest_hex(req->mem, browser),
	           provider.name, back));
	const char *const values[] = {
		"code",
		provider.client_id,
		provider_redirect(req, &provider),
		"openid email profile",
		state,
		proof.nonce,
		pkce_challenge(req->mem, proof.verifier),
		"S256",
	};
	url = redirect_with(req->mem, place.authorize,
	                    sizeof(names) / sizeof(*names), names, values);
	if (wants_page(req)) {
		go_to(out, url);
		return NULL;
	}
	body = js_object(req->mem);
	js_put_text(body, "authorization_url", url);
	response_json(out, 200, body);
	return NULL;
}

void sign_by_add(struct request *req, struct html_page *page, const char *path)
{
	struct provider all[PROVIDERS_MOST];
	size_t count = providers(req, all);

	for (size_t i = 0; i < count; i++)
		page_add(
			page,
			"<p><a class=\"button\" "
			"href=\"/api/v1/auth/{}/login?return={}\">Sign in with "
			"{}</a></p>\n",
			all[i].name, text_percent(req->mem, path),
			all[i].title);
}

/* ---- coming back ---- */

/* What came back, and what it belongs to. */
struct comeback {
	struct provider provider;
	const char *code;
	const char *state;
	const char *browser;
	const char *sign_in;   /* its id */
	const char *return_to; /* or NULL */
};

static CAN_FAIL read_comeback(struct request *req, struct comeback *came)
{
	enum { ID, RETURN };
	const char *error, *issuer;
	struct rows *rows;

	TRY(provider_find(req, req->parts[0], &came->provider));
	TRY(request_query(req, "code", &came->code));
	TRY(request_query(req, "state", &came->state));
	TRY(request_query(req, "error", &error));
	TRY(request_query(req, "iss", &issuer));
	TRY(browser_of(req, &came->browser));
	if (!came->state || (!came->code && !error))
		return fault_told(req->mem, FAULT_BAD_FIELD,
		                  "code and state must be there, as the "
		                  "provider sent them.");
	TRY(db_run(&req->db, SQL_SIGN_IN_TAKE, &rows,
	           digest_hex(req->mem, came->state),
	           digest_hex(req->mem, came->browser), came->provider.name));
	if (rows_count(rows) == 0)
		return fault_told(req->mem, FAULT_BAD_FIELD,
		                  "This sign-in is over: it was used, it is "
		                  "older than ten minutes, or it was begun in "
		                  "another browser. Begin again.");
	came->sign_in = rows_text(rows, 0, ID);
	came->return_to = rows_text(rows, 0, RETURN);
	if (issuer && !text_same(issuer, came->provider.issuer))
		return fault(req->mem, FAULT_PROVIDER_REFUSED,
		             "from another issuer");
	if (error)
		return fault(req->mem, FAULT_PROVIDER_REFUSED, "it said no");
	return NULL;
}

static void welcome(struct request *req, const struct comeback *came,
                    const struct account *account, const char *token,
                    const char *name, struct response *out)
{
	json_object *body = js_object(req->mem), *user;

	response_header(out, "Set-Cookie", session_cookie(req, token));
	if (came->return_to) {
		go_to(out, came->return_to);
		return;
	}
	js_put_text(body, "access_token", token);
	js_put_text(body, "token_type", "bearer");
	user = js_put_object(body, "user");
	js_put_text(user, "id", account->id);
	js_put_text(user, "email", account->email);
	js_put_text(user, "full_name", name);
	js_put_text(user, "auth_provider", came->provider.name);
	response_json(out, 200, body);
}

/* Somebody whom we do not know by this identity. made: set to whether an account
 * was made; else the owner of the one with that address is to confirm. */
static CAN_FAIL settle(struct request *req, const struct comeback *came,
                       const struct identity *identity, bool *made)
{
	struct email email;
	struct rows *rows;

	if (!identity->email)
		return fault_told(
			req->mem, FAULT_DENIED,
			"%s does not say that your e-mail address is "
			"verified, so no account can be found or made "
			"for it.",
			came->provider.title);
	TRY(email_read(req->mem, identity->email, &email));
	TRY(db_run(&req->db, SQL_IDENTITY_SETTLE, &rows, came->sign_in,
	           random_uuid(req->mem), identity->issuer, identity->subject,
	           email.shown, email.key, identity->name));
	*made = rows_true(rows, 0, 0);
	return NULL;
}

static CAN_FAIL ask_to_link(struct request *req, const struct comeback *came,
                            struct response *out)
{
	const char *page =
		text_format(req->mem, "/oauth/link/%s", came->sign_in);

	if (came->return_to || wants_page(req)) {
		go_to(out, page);
		return NULL;
	}
	return fault_told(req->mem, FAULT_CONFLICT,
	                  "There is an account with this address: confirm with "
	                  "its password at %s%s",
	                  req->app->config.app_url, page);
}

static CAN_FAIL come_back(struct request *req, struct response *out)
{
	struct comeback came = { 0 };
	struct sign_in_proof proof;
	struct identity identity;
	struct account account;
	const char *token;
	bool made;

	TRY(read_comeback(req, &came));
	proof = sign_in_proof(req, came.browser, came.state);
	TRY(identity_redeem(req, &came.provider, came.code, &proof, &identity));
	TRY(sign_in_as(req, identity.issuer, identity.subject, &account,
	               &token));
	if (!token) {
		TRY(settle(req, &came, &identity, &made));
		if (!made)
			return ask_to_link(req, &came, out);
		TRY(sign_in_as(req, identity.issuer, identity.subject, &account,
		               &token));
		if (!token)
			return fault(req->mem, FAULT_PROVIDER_REFUSED,
			             "gone as soon as made");
	}
	welcome(req, &came, &account, token, identity.name, out);
	return NULL;
}

CAN_FAIL provider_callback(struct request *req, struct response *out)
{
	struct fault *wrong = come_back(req, out);

	if (wrong && wrong->kind == FAULT_PROVIDER_REFUSED)
		TRY(sign_in_refused(req, req->parts[0]));
	return wrong;
}

/* ---- an account that is there already ---- */

enum { PROVIDER, EMAIL, RETURN };

static CAN_FAIL find_held(struct request *req, const char **browser,
                          struct rows **rows)
{
	TRY(browser_of(req, browser));
	TRY(db_run(&req->db, SQL_SIGN_IN_HELD, rows, req->parts[0],
	           digest_hex(req->mem, *browser)));
	if (rows_count(*rows) == 0)
		return fault_told(req->mem, FAULT_NO_ITEM,
		                  "This sign-in is over: begin again.");
	return NULL;
}

static CAN_FAIL show_link(struct request *req, const struct rows *rows,
                          const struct fault *wrong, struct response *out)
{
	struct html_page page = page_new(req->mem, "Is this account yours?");
	struct provider provider;

	TRY(provider_find(req, rows_text(rows, 0, PROVIDER), &provider));
	if (wrong)
		page_add(&page, "<p class=\"warning\" role=\"alert\">{}</p>\n",
		         wrong->told);
	page_add(
		&page,
		"<p>There is an account for <strong>{}</strong> here. Give its "
		"password once, and from then on {} signs you in to it.</p>\n"
		"<form method=\"post\" action=\"/oauth/link/{}\">\n"
		"<label>Password <input type=\"password\" name=\"password\" "
		"autocomplete=\"current-password\" required></label>\n"
		"<button class=\"yes\">It is mine</button>\n</form>\n",
		rows_text(rows, 0, EMAIL), provider.title, req->parts[0]);
	page_send(&page, wrong ? fault_row(wrong->kind)->http : 200, out);
	return NULL;
}

CAN_FAIL link_page(struct request *req, struct response *out)
{
	const char *browser;
	struct rows *rows;

	TRY(find_held(req, &browser, &rows));
	return show_link(req, rows, NULL, out);
}

CAN_FAIL link_post(struct request *req, struct response *out)
{
	struct fields said = fields_of(req->mem, req->json);
	const char *password = field_text(&said, "password", 0, PASSWORD_MOST);
	const char *browser, *token, *to;
	struct rows *rows, *linked;
	struct account account;
	struct fault *wrong;

	TRY(find_held(req, &browser, &rows));
	wrong = said.fault ? said.fault
	                   : sign_in(req, rows_text(rows, 0, EMAIL), password,
	                             &account, &token);
	if (wrong && fault_row(wrong->kind)->http < 500 &&
	    wrong->kind != FAULT_BAD_ORIGIN)
		return show_link(req, rows, wrong, out);
	TRY(wrong);
	TRY(db_run(&req->db, SQL_SIGN_IN_LINK, &linked, req->parts[0],
	           digest_hex(req->mem, browser), account.id));
	if (!rows_true(linked, 0, 0))
		return fault_told(req->mem, FAULT_NO_ITEM,
		                  "This sign-in is over: begin again.");
	to = rows_text(rows, 0, RETURN);
	response_header(out, "Set-Cookie", session_cookie(req, token));
	if (to) {
		go_to(out, to);
		return NULL;
	}
	struct html_page page = page_new(req->mem, "Signed in");
	page_add(&page, "<p>You are signed in as {}.</p>\n", account.email);
	page_send(&page, 200, out);
	return NULL;
}
