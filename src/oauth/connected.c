#include "oauth/connected.h"

#include "auth/principal.h"
#include "core/text.h"
#include "db/db.h"
#include "oauth/browser.h"
#include "oauth/client.h"
#include "oauth/connect.h"
#include "sources/account.h"
#include "sources/vendor.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/page.h"
#include "web/request.h"
#include "web/response.h"

static CAN_FAIL is_over(struct request *req)
{
	return fault_told(req->mem, FAULT_NO_ITEM,
	                  "This was not begun here by you, in this browser and "
	                  "within the last ten minutes, or it was answered "
	                  "already. Nothing was connected.");
}

/* Who began comes back, once. source: set to the source's id. */
static CAN_FAIL take_pending(struct request *req, const char *state,
                             const char **source, const char **verifier)
{
	enum { SOURCE, SEALED };
	struct seal_place place = {
		.table = "pending_connections",
		.column = "sealed",
		.tenant = req->principal->user_id,
	};
	const char *browser;
	struct rows *rows;

	TRY(browser_of(req, &browser));
	TRY(db_run(&req->db, SQL_CONNECTION_RETURN, &rows,
	           req->principal->session_id, digest_hex(req->mem, state),
	           digest_hex(req->mem, browser)));
	if (rows_count(rows) == 0)
		return is_over(req);
	*source = rows_text(rows, 0, SOURCE);
	place.row = *source;
	return vault_unseal(req->app->vault, req->mem, &place,
	                    rows_text(rows, 0, SEALED), verifier);
}

/* What the vendor is asked with is the owner's; what comes of it the person's. */
static CAN_FAIL ask(struct request *req, const struct connectable *found,
                    const struct source *source,
                    const struct account_code *code, struct account *account)
{
	const char *person = req->db.tenant;
	struct fault *wrong;

	req->db.tenant = found->owner_id;
	wrong = account_ask(req, source, code, account);
	req->db.tenant = person;
	return wrong;
}

static CAN_FAIL keep(struct request *req, const struct source *source,
                     const struct account *account)
{
	struct seal_place place = {
		.table = "connections",
		.column = "sealed",
		.tenant = req->principal->user_id,
		.row = random_uuid(req->mem),
	};
	const char *sealed;
	struct rows *rows;

	TRY(vault_seal(req->app->vault, req->mem, &place, account->refresh,
	               &sealed));
	TRY(db_run(&req->db, SQL_CONNECTION_KEEP, &rows, place.row, source->id,
	           oauth_public(req), sealed, account->name, account->scopes));
	return rows_count(rows) > 0 ? NULL : is_over(req);
}

static void say_none(struct request *req, const char *source,
                     struct response *out)
{
	struct html_page page = page_new(req->mem, "Nothing was connected");

	page_add(&page,
	         "<p>The vendor says that you did not allow it, or that it "
	         "does not. <a href=\"" CONNECT_PATH "/{}\">Try again</a>, or "
	         "ask who set the source up.</p>\n",
	         source);
	page_send(&page, 200, out);
}

static void say_done(struct request *req, const struct source *source,
                     const struct account *account, struct response *out)
{
	struct html_page page = page_new(req->mem, "Connected");

	page_add(&page,
	         "<p><strong>{}</strong> at {} is connected to {}. Go back to "
	         "your assistant, and ask again.</p>\n"
	         "<p>You can <a href=\"" CONNECT_PATH "/{}\">disconnect it "
	         "here</a> at any time.</p>\n",
	         account->name, account_vendor(source)->name, source->name,
	         source->id);
	page_send(&page, 200, out);
}

static CAN_FAIL finish(struct request *req, const char *source_id,
                       const char *code, const char *verifier,
                       struct response *out)
{
	struct account_code given = {
		.code = code,
		.verifier = verifier,
		.redirect = connect_redirect(req->mem, req->app),
	};
	struct account account = { 0 };
	struct connectable found;
	struct source source;

	TRY(connect_find(req, source_id, &found, &source));
	TRY(ask(req, &found, &source, &given, &account));
	TRY(keep(req, &source, &account));
	say_done(req, &source, &account, out);
	return NULL;
}

CAN_FAIL connect_callback(struct request *req, struct response *out)
{
	const char *state, *code, *source, *verifier;
	struct fault *wrong = signed_in_at_app(req);

	if (wrong && fault_row(wrong->kind)->http == 401)
		return is_over(req);
	TRY(wrong);
	TRY(request_query(req, "state", &state));
	TRY(request_query(req, "code", &code));
	if (!state)
		return is_over(req);
	TRY(take_pending(req, state, &source, &verifier));
	if (code && *code)
		return finish(req, source, code, verifier, out);
	say_none(req, source, out);
	return NULL;
}
