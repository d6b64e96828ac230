#include "oauth/invitation.h"

#include "auth/principal.h"
#include "auth/sign.h"
#include "core/text.h"
#include "db/db.h"
#include "oauth/scope.h"
#include "oauth/signin.h"
#include "vault/vault.h"
#include "web/page.h"
#include "web/request.h"
#include "web/response.h"

static void add_server(struct html_page *page, json_object *server)
{
	json_object *scopes = js_get(server, "scopes");
	struct arena *mem = page->body.mem;

	page_add(page, "<dt>Server</dt><dd>{} ({})</dd>\n",
	         js_shown(server, "name"), js_shown(server, "endpoint"));
	page_add(page, "<dt>It reads from</dt><dd>{}</dd>\n",
	         scope_text(mem, js_get(server, "source_types")));
	page_add(page, "<dt>You may</dt><dd>{}</dd>\n",
	         js_is_null(scopes) ? "use all of it"
	                            : scope_text(mem, scopes));
	if (*js_shown(server, "expires_at"))
		page_add(page, "<dt>Until</dt><dd>{}</dd>\n",
		         js_shown(server, "expires_at"));
	page_add(page, "</dl>\n<p>Its sources are read with the credentials "
	               "of who invites you, but for those that you connect an "
	               "account of your own to. They see that you use it, and "
	               "not what you ask.</p>\n");
}

static void add_team(struct html_page *page, json_object *team)
{
	page_add(page,
	         "<dt>Team</dt><dd>{}</dd>\n<dt>As</dt><dd>{}</dd>\n</dl>\n",
	         js_shown(team, "name"), js_shown(team, "role"));
}

static void show(struct request *req, json_object *invitation,
                 struct response *out)
{
	struct html_page page = page_new(req->mem, "You are invited");
	json_object *server = js_get(invitation, "server");

	page_add(&page, "<dl>\n<dt>By</dt><dd>{}</dd>\n",
	         js_shown(invitation, "invited_by"));
	if (js_is_object(server))
		add_server(&page, server);
	else
		add_team(&page, js_get(invitation, "team"));
	page_add(&page,
	         "<form method=\"post\">\n"
	         "<button class=\"yes\" name=\"answer\" value=\"accept\">"
	         "Accept</button>\n"
	         "<button name=\"answer\" value=\"decline\">Decline</button>\n"
	         "<p>You are signed in as {}. "
	         "<button name=\"answer\" value=\"other\">Sign in as somebody "
	         "else</button></p>\n</form>\n",
	         req->principal->email);
	page_send(&page, 200, out);
}

/* Who is signed in with another address can become who is meant. */
static void show_none(struct request *req, struct response *out)
{
	struct html_page page = page_new(req->mem, "No such invitation");

	page_add(&page,
	         "<p>This link has no open invitation for {}. It was used or "
	         "taken back, it is older than seven days, or it is for "
	         "another address.</p>\n"
	         "<form method=\"post\"><button name=\"answer\" "
	         "value=\"other\">Sign in as somebody else</button></form>\n",
	         req->principal->email);
	page_send(&page, 404, out);
}

CAN_FAIL invitation_page(struct request *req, struct response *out)
{
	json_object *row = js_object(req->mem);
	struct rows *rows;

	TRY(signed_in_maybe(req));
	if (!req->principal) {
		signin_go(req, out);
		return NULL;
	}
	TRY(db_run(&req->db, SQL_INVITATION_LOOK, &rows,
	           digest_hex(req->mem, req->parts[0])));
	if (!rows_text(rows, 0, 0)) {
		show_none(req, out);
		return NULL;
	}
	js_put_json(row, "invitation", rows_text(rows, 0, 0));
	show(req, js_get(row, "invitation"), out);
	return NULL;
}

static void say_done(struct request *req, bool accepted, struct response *out)
{
	struct html_page page =
		page_new(req->mem, accepted ? "Accepted" : "Declined");

	if (accepted)
		page_add(&page, "<p>You are in. To use a server, give its "
		                "address to your assistant.</p>\n");
	else
		page_add(&page, "<p>The invitation is gone.</p>\n");
	page_send(&page, 200, out);
}

CAN_FAIL invitation_post(struct request *req, struct response *out)
{
	struct fields form = fields_of(req->mem, req->json);
	const char *answer = field_text(&form, "answer", 1, 10);
	bool accepted = text_same(answer, "accept");
	struct rows *rows;

	TRY(form.fault);
	if (text_same(answer, "other"))
		return signin_as_other(req, out);
	if (!accepted && !text_same(answer, "decline"))
		return fault_told(req->mem, FAULT_BAD_FIELD,
		                  "answer must be accept, decline or other.");
	TRY(db_run(&req->db, SQL_INVITATION_TAKE, &rows,
	           digest_hex(req->mem, req->parts[0]), accepted ? "t" : "f"));
	if (rows_text(rows, 0, 0))
		say_done(req, accepted, out);
	else
		show_none(req, out);
	return NULL;
}
