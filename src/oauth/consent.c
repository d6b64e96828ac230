#include "oauth/consent.h"

#include <string.h>

#include "auth/principal.h"
#include "core/text.h"
#include "db/db.h"
#include "oauth/browser.h"
#include "oauth/client.h"
#include "oauth/redirect.h"
#include "oauth/scope.h"
#include "oauth/signin.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/page.h"
#include "web/request.h"
#include "web/response.h"

enum { RANDOM_BYTES = 32, USUAL_DAYS = 30 };

static CAN_FAIL is_over(struct request *req)
{
	return fault_told(req->mem, FAULT_NO_ITEM,
	                  "This request is over: it was answered, it is older "
	                  "than ten minutes, or it was opened in another "
	                  "browser.");
}

/* ---- the page ---- */

/* What each scope means to a person. */
static const struct {
	const char *scope, *meaning;
} meanings[] = {
	{ "search", "Search in all its sources" },
	{ "fetch", "Read what a search found" },
	{ "outlook", "Look through mail by sender, date and folder" },
	{ "snowflake", "Ask questions of the Snowflake data" },
	{ "box", "Look through Box folders" },
	{ NULL, NULL },
};

static const char *meaning_of(const char *scope)
{
	for (size_t i = 0; meanings[i].scope; i++)
		if (text_same(meanings[i].scope, scope))
			return meanings[i].meaning;
	return scope;
}

/* Who asks: its name is only what it says of itself. */
static void add_client(struct html_page *page, json_object *shown)
{
	struct arena *mem = page->body.mem;
	const char *uri = js_shown(shown, "redirect_uri");
	const char *id = js_shown(shown, "client_id");

	page_add(page,
	         "<dl>\n<dt>Application, as it calls itself</dt>"
	         "<dd><strong>{}</strong></dd>\n",
	         js_shown(shown, "client_name"));
	if (text_starts(id, "https://"))
		page_add(page, "<dt>Identified by</dt><dd>{}</dd>\n",
		         redirect_place(mem, id));
	page_add(page, "<dt>The answer goes to</dt><dd>{}</dd>\n",
	         redirect_place(mem, uri));
	page_add(page, "<dt>Server</dt><dd>{} ({})</dd>\n",
	         js_shown(shown, "server"), js_shown(shown, "endpoint"));
	if (*js_shown(shown, "owner"))
		page_add(page,
		         "<dt>Shared by</dt><dd>{}, with whose "
		         "credentials its sources are read, but for those "
		         "that you connect an account of your own "
		         "to</dd>\n",
		         js_shown(shown, "owner"));
	page_add(page, "</dl>\n");
	if (redirect_is_local(uri))
		page_add(page,
		         "<p class=\"warning\">The answer goes to a "
		         "program on the device you are using. Go on only "
		         "if you have just started that program "
		         "yourself.</p>\n");
}

static void add_sources(struct html_page *page, json_object *sources)
{
	page_add(page, "<p>The server reads from:</p>\n<ul>\n");
	for (size_t i = 0; i < js_count(sources); i++)
		page_add(page, "<li>{} {}</li>\n",
		         js_shown(js_item(sources, i), "type"),
		         js_shown(js_item(sources, i), "name"));
	if (js_count(sources) == 0)
		page_add(page, "<li>nothing yet</li>\n");
	page_add(page, "</ul>\n");
}

/* The usual first, since a browser takes the first. */
static void add_days(struct html_page *page, long most)
{
	static const struct {
		long days;
		const char *value, *text;
	} rows[] = {
		{ USUAL_DAYS, "30", "30 days" },
		{ 1, "1", "one day" },
		{ 7, "7", "a week" },
		{ 90, "90", "90 days" },
		{ 365, "365", "one year" },
		{ 0, NULL, NULL },
	};

	page_add(page, "<label>For <select name=\"days\">\n");
	for (size_t i = 0; rows[i].days; i++)
		if (rows[i].days <= most)
			page_add(page, "<option value=\"{}\">{}</option>\n",
			         rows[i].value, rows[i].text);
	page_add(page, "</select></label>\n");
}

/* What can be allowed, and for how long. */
static void add_choice(struct request *req, struct html_page *page,
                       json_object *scopes)
{
	page_add(page, "<p>It wants to:</p>\n");
	for (size_t i = 0; i < js_count(scopes); i++) {
		const char *scope = js_text(js_item(scopes, i));

		page_add(page,
		         "<label><input type=\"checkbox\" "
		         "name=\"scope-{}\" value=\"on\" checked> {}</label>\n",
		         scope, meaning_of(scope));
	}
	add_days(page, req->app->config.oauth_grant_days);
	page_add(page, "<button class=\"yes\" name=\"answer\" "
	               "value=\"approve\">Allow</button>\n");
}

static void add_form(struct request *req, struct html_page *page,
                     json_object *scopes, const char *consent)
{
	page_add(page,
	         "<form method=\"post\" action=\"/oauth/consent/{}\">\n"
	         "<input type=\"hidden\" name=\"consent\" value=\"{}\">\n",
	         req->parts[0], consent);
	if (js_count(scopes) > 0)
		add_choice(req, page, scopes);
	page_add(page,
	         "<button name=\"answer\" value=\"deny\">Deny</button>\n"
	         "<p>You are signed in as {}. "
	         "<button name=\"answer\" value=\"other\">Sign in as somebody "
	         "else</button></p>\n</form>\n",
	         req->principal->email);
}

static void show(struct request *req, json_object *shown, const char *consent,
                 struct response *out)
{
	struct html_page page = page_new(req->mem, "Connect an application?");
	json_object *scopes = js_get(shown, "scopes");

	page.sent_to =
		redirect_source(req->mem, js_shown(shown, "redirect_uri"));
	add_client(&page, shown);
	if (js_count(scopes) == 0)
		page_add(&page,
		         "<p class=\"warning\" role=\"alert\">You may not use "
		         "this server in this way. Ask its owner to share it "
		         "with you, or sign in as somebody else.</p>\n");
	else
		add_sources(&page, js_get(shown, "sources"));
	add_form(req, &page, scopes, consent);
	page_send(&page, 200, out);
}

CAN_FAIL consent_page(struct request *req, struct response *out)
{
	const char *consent = random_token(req->mem, RANDOM_BYTES);
	json_object *row = js_object(req->mem);
	const struct principal *who;
	const char *browser;
	struct rows *rows;

	TRY(signed_in_maybe(req));
	TRY(browser_known(req, out, &browser));
	who = req->principal;
	TRY(db_run(&req->db, SQL_AUTHORIZATION_SHOW, &rows, req->parts[0],
	           digest_hex(req->mem, browser), who ? who->session_id : NULL,
	           who ? who->user_id : NULL, oauth_public(req),
	           digest_hex(req->mem, consent)));
	if (rows_count(rows) == 0)
		return is_over(req);
	if (!who) {
		signin_go(req, out);
		return NULL;
	}
	js_put_json(row, "shown", rows_text(rows, 0, 0));
	show(req, js_get(row, "shown"), consent, out);
	return NULL;
}

/* ---- the answer ---- */

struct answer {
	bool yes;
	const char *consent;
	const char *scopes; /* as Postgres has them; NULL: no */
	const char *days;
};

/* The scopes whose boxes are ticked; NULL when none is. */
static const char *ticked(struct request *req)
{
	const char *scopes[sizeof(meanings) / sizeof(*meanings)];
	size_t count = 0;

	for (size_t i = 0; meanings[i].scope; i++)
		if (js_has(req->json, text_format(req->mem, "scope-%s",
		                                  meanings[i].scope)))
			scopes[count++] = meanings[i].scope;
	return count ? db_array(req->mem, scopes, count) : NULL;
}

static CAN_FAIL read_answer(struct request *req, struct answer *answer)
{
	struct fields form = fields_of(req->mem, req->json);
	const char *said = field_text(&form, "answer", 1, 10);
	const char *days = js_text(js_get(req->json, "days"));
	long number = 0;

	answer->consent = field_text(&form, "consent", 1, 100);
	TRY(form.fault);
	answer->yes = text_same(said, "approve");
	if (!answer->yes && !text_same(said, "deny"))
		return fault_told(req->mem, FAULT_BAD_FIELD,
		                  "answer must be approve, deny or other.");
	if (!answer->yes)
		return NULL;
	if (!days ||
	    !text_number(days, 1, req->app->config.oauth_grant_days, &number))
		return fault_told(req->mem, FAULT_BAD_FIELD,
		                  "days must be from 1 to %ld.",
		                  req->app->config.oauth_grant_days);
	answer->days = days;
	answer->scopes = ticked(req);
	if (!answer->scopes)
		return fault_told(req->mem, FAULT_BAD_FIELD,
		                  "Nothing was ticked that it may do.");
	return NULL;
}

/* To the client, with what came of it. */
static void go_back(struct request *req, const struct rows *rows,
                    const char *code, struct response *out)
{
	enum { REDIRECT_URI, STATE, ISSUER };
	static const char *const names[] = { "code", "error", "state", "iss" };
	const char *const values[] = {
		code,
		code ? NULL : "access_denied",
		rows_text(rows, 0, STATE),
		rows_text(rows, 0, ISSUER),
	};

	response_header(
		out, "Location",
		redirect_with(req->mem, rows_text(rows, 0, REDIRECT_URI),
	                      sizeof(names) / sizeof(*names), names, values));
	out->status = 303;
}

CAN_FAIL consent_post(struct request *req, struct response *out)
{
	const char *code = text_format(req->mem, "ghc_%s",
	                               random_token(req->mem, RANDOM_BYTES));
	struct answer answer = { 0 };
	const char *browser;
	struct rows *rows;

	if (text_same(js_text(js_get(req->json, "answer")), "other"))
		return signin_as_other(req, out);
	TRY(read_answer(req, &answer));
	TRY(browser_of(req, &browser));
	TRY(db_run(&req->db, SQL_AUTHORIZATION_DECIDE, &rows, req->parts[0],
	           digest_hex(req->mem, browser), req->principal->session_id,
	           oauth_public(req), digest_hex(req->mem, answer.consent),
	           answer.scopes, answer.days, digest_hex(req->mem, code)));
	if (rows_count(rows) == 0)
		return is_over(req);
	go_back(req, rows, answer.yes ? code : NULL, out);
	return NULL;
}
