#include "oauth/connect.h"

#include "auth/principal.h"
#include "core/text.h"
#include "db/db.h"
#include "oauth/browser.h"
#include "oauth/client.h"
#include "oauth/pkce.h"
#include "oauth/redirect.h"
#include "oauth/signin.h"
#include "sources/account.h"
#include "sources/vendor.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/page.h"
#include "web/request.h"
#include "web/response.h"

enum { RANDOM_BYTES = 32 };

const char *connect_redirect(struct arena *mem, const struct app *app)
{
	return text_format(mem, "%s" CONNECT_PATH "/callback",
	                   app->config.app_url);
}

CAN_FAIL connect_find(struct request *req, const char *id,
                      struct connectable *found, struct source *source)
{
	enum { OWNER_ID, OWNER, TYPE, METADATA, CONNECTION, ACCOUNT };
	const struct source_kind *kind = NULL;
	struct rows *rows;

	TRY(db_run(&req->db, SQL_CONNECT_LOOK, &rows, id, oauth_public(req)));
	if (rows_count(rows) > 0)
		kind = kind_find(req->app->kinds, rows_text(rows, 0, TYPE));
	if (kind)
		*source = source_of(
			req->mem, kind, id,
			js_literal(req->mem, rows_text(rows, 0, METADATA)));
	if (!kind || !account_vendor(source))
		return fault_told(req->mem, FAULT_NO_ITEM,
		                  "There is no source here that you could "
		                  "connect an account to. Are you signed in as "
		                  "who was let in?");
	*found = (struct connectable){
		.owner_id = rows_text(rows, 0, OWNER_ID),
		.owner = rows_text(rows, 0, OWNER),
		.connection = rows_text(rows, 0, CONNECTION),
		.account = rows_text(rows, 0, ACCOUNT),
	};
	return NULL;
}

/* ---- the page ---- */

/* Where the vendor asks for consent. NULL: the source's settings do not say. */
static const char *consent_url(struct request *req, const struct source *source,
                               const char *state, const char *challenge)
{
	return account_vendor(source)->account->consent_url(
		req->mem, source->metadata,
		connect_redirect(req->mem, req->app), state, challenge);
}

static void add_facts(struct html_page *page, const struct source *source,
                      const struct connectable *found)
{
	const struct vendor *vendor = account_vendor(source);

	page_add(page,
	         "<dl>\n<dt>Source</dt><dd>{}</dd>\n<dt>Set up by</dt>"
	         "<dd>{}</dd>\n<dt>It reads</dt><dd>{}, at {}, with your own "
	         "rights, when an assistant that you let in asks for you</dd>\n"
	         "<dt>Connected now</dt><dd>{}</dd>\n</dl>\n",
	         source->name, found->owner, vendor->account->reads,
	         vendor->name, found->account ? found->account : "nothing");
	page_add(page,
	         "<p>You sign in at {} and say there what this gateway may "
	         "read. Who set the source up does not get your password or "
	         "your account.</p>\n<p class=\"warning\">Go on only if you "
	         "came here yourself, from your own assistant: what it "
	         "reads then is yours.</p>\n",
	         vendor->name);
}

static void show(struct request *req, const struct source *source,
                 const struct connectable *found, struct response *out)
{
	struct html_page page = page_new(req->mem, "Connect your account?");
	const char *url = consent_url(req, source, "state", "challenge");

	page.sent_to = url ? redirect_source(req->mem, url) : NULL;
	add_facts(&page, source, found);
	page_add(&page,
	         "<form method=\"post\" action=\"" CONNECT_PATH "/{}\">\n"
	         "<button class=\"yes\" name=\"answer\" value=\"connect\">"
	         "Connect {}</button>\n",
	         source->id, found->account ? "another account" : "my account");
	if (found->connection)
		page_add(&page, "<button name=\"answer\" value=\"disconnect\">"
		                "Disconnect</button>\n");
	page_add(&page,
	         "<p>You are signed in as {}. "
	         "<button name=\"answer\" value=\"other\">Sign in as somebody "
	         "else</button></p>\n</form>\n",
	         req->principal->email);
	page_send(&page, 200, out);
}

CAN_FAIL connect_page(struct request *req, struct response *out)
{
	struct connectable found;
	struct source source;
	const char *browser;

	TRY(signed_in_maybe(req));
	if (!req->principal) {
		signin_go(req, out);
		return NULL;
	}
	TRY(browser_known(req, out, &browser));
	TRY(connect_find(req, req->parts[0], &found, &source));
	show(req, &source, &found, out);
	return NULL;
}

/* ---- the answer ---- */

/* On to the vendor. The verifier is sealed: this program has no business with
 * what the code will be good for. */
static CAN_FAIL go_there(struct request *req, const struct source *source,
                         struct response *out)
{
	const char *verifier = random_token(req->mem, RANDOM_BYTES);
	const char *state = random_token(req->mem, RANDOM_BYTES);
	const char *url = consent_url(req, source, state,
	                              pkce_challenge(req->mem, verifier));
	struct seal_place place = {
		.table = "pending_connections",
		.column = "sealed",
		.tenant = req->principal->user_id,
		.row = source->id,
	};
	const char *browser, *sealed;

	if (!url)
		return fault_told(req->mem, FAULT_NO_ITEM,
		                  "This source's settings do not say where "
		                  "your account would be: its owner has to "
		                  "look at them.");
	TRY(browser_known(req, out, &browser));
	TRY(vault_seal(req->app->vault, req->mem, &place, verifier, &sealed));
	TRY(db_run(&req->db, SQL_CONNECTION_BEGIN, NULL, source->id,
	           req->principal->session_id, digest_hex(req->mem, state),
	           digest_hex(req->mem, browser), sealed));
	response_header(out, "Location", url);
	out->status = 303;
	return NULL;
}

static CAN_FAIL disconnect(struct request *req, const struct connectable *found,
                           struct response *out)
{
	struct html_page page = page_new(req->mem, "Disconnected");
	struct rows *rows;

	if (found->connection)
		TRY(db_run(&req->db, SQL_CONNECTION_END, &rows,
		           found->connection));
	page_add(&page, "<p>The source does not read your account any more. "
	                "What you allowed can be taken back at the vendor, "
	                "too.</p>\n");
	page_send(&page, 200, out);
	return NULL;
}

CAN_FAIL connect_post(struct request *req, struct response *out)
{
	struct fields form = fields_of(req->mem, req->json);
	const char *answer = field_text(&form, "answer", 1, 10);
	struct connectable found;
	struct source source;

	TRY(form.fault);
	if (text_same(answer, "other"))
		return signin_as_other(req, out);
	TRY(connect_find(req, req->parts[0], &found, &source));
	if (text_same(answer, "connect"))
		return go_there(req, &source, out);
	if (text_same(answer, "disconnect"))
		return disconnect(req, &found, out);
	return fault_told(req->mem, FAULT_BAD_FIELD,
	                  "answer must be connect, disconnect or other.");
}
