/* The app host's program: accounts, sources, MCP servers, their tokens, and who
 * is let in.
 * It can seal vendor credentials and never read one. */
#include "api/answer.h"
#include "api/audit.h"
#include "api/checks.h"
#include "api/clients.h"
#include "api/connections.h"
#include "api/documents.h"
#include "api/grants.h"
#include "api/identities.h"
#include "api/invitations.h"
#include "api/issuers.h"
#include "api/members.h"
#include "api/servers.h"
#include "api/sessions.h"
#include "api/shares.h"
#include "api/source_types.h"
#include "api/sources.h"
#include "api/teams.h"
#include "api/tokens.h"
#include "api/users.h"
#include "auth/password.h"
#include "auth/principal.h"
#include "auth/session.h"
#include "core/arena.h"
#include "oauth/answer.h"
#include "oauth/connect.h"
#include "oauth/consent.h"
#include "oauth/invitation.h"
#include "oauth/provider.h"
#include "oauth/sign_by.h"
#include "oauth/signin.h"
#include "sources/registry.h"
#include "web/app.h"
#include "web/route.h"
#include "web/start.h"

#define ME "/api/v1/me"
#define SOURCES "/api/v1/sources"
#define SERVERS "/api/v1/mcp-servers"
#define TEAMS "/api/v1/teams"
#define INVITATION "/api/v1/invitations/{}"

/* Room for an address and a password with every character escaped. */
enum { SIGN_MOST = 16 << 10 };

static const char source_id[] = "Invalid source ID format";
static const char server_id[] = "Invalid server ID format";
static const char document_id[] = "Invalid source or document ID format";
static const char client_id[] = "Invalid server or client ID format";
static const char grant_id[] = "Invalid grant ID format";
static const char identity_id[] = "Invalid identity ID format";
static const char issuer_id[] = "Invalid server or issuer ID format";
static const char connection_id[] = "Invalid connection ID format";
static const char connect_id[] = "There is no such source.";
static const char session_id[] = "Invalid session ID format";
static const char question_id[] = "There is no such request.";
static const char token_id[] = "Invalid server or token ID format";
static const char share_id[] = "Invalid server or share ID format";
static const char team_id[] = "Invalid team ID format";
static const char member_id[] = "Invalid team or user ID format";
static const char invitation_id[] = "Invalid team or invitation ID format";

// clang-format off
static const struct route routes[] = {
	/* method    path                        who may    body       most       handler           a part is no id */
	{ "POST",   "/api/v1/signup",           anyone,    JSON_BODY, SIGN_MOST, user_sign_up,     NULL },
	{ "POST",   "/api/v1/signin",           anyone,    JSON_BODY, SIGN_MOST, user_sign_in,     NULL },
	{ "POST",   "/api/v1/signout",          anyone,    NO_BODY,   0,         user_sign_out,    NULL },
	{ "GET",    ME,                         signed_in, NO_BODY,   0,         user_get,         NULL },
	{ "PUT",    ME,                         signed_in, JSON_BODY, SIGN_MOST, user_change,      NULL },
	{ "DELETE", ME,                         signed_in, JSON_BODY, SIGN_MOST, user_delete,      NULL },
	{ "GET",    SOURCES,                    signed_in, NO_BODY,   0,         sources_list,     NULL },
	{ "POST",   SOURCES,                    signed_in, JSON_BODY, 0,         source_create,    NULL },
	{ "GET",    SOURCES "/{}",              signed_in, NO_BODY,   0,         source_get,       source_id },
	{ "PUT",    SOURCES "/{}",              signed_in, JSON_BODY, 0,         source_change,    source_id },
	{ "DELETE", SOURCES "/{}",              signed_in, NO_BODY,   0,         source_delete,    source_id },
	{ "GET",    SOURCES "/{}/documents",    signed_in, NO_BODY,   0,         documents_list,   source_id },
	{ "POST",   SOURCES "/{}/documents",    signed_in, JSON_BODY, 0,         document_create,  source_id },
	{ "GET",    SOURCES "/{}/documents/{}", signed_in, NO_BODY,   0,         document_get,     document_id },
	{ "PUT",    SOURCES "/{}/documents/{}", signed_in, JSON_BODY, 0,         document_replace, document_id },
	{ "DELETE", SOURCES "/{}/documents/{}", signed_in, NO_BODY,   0,         document_delete,  document_id },
	{ "GET",    "/api/v1/source-types",     signed_in, NO_BODY,   0,         source_types,     NULL },
	{ "GET",    SERVERS,                    signed_in, NO_BODY,   0,         servers_list,     NULL },
	{ "POST",   SERVERS,                    signed_in, JSON_BODY, 0,         server_create,    NULL },
	{ "GET",    SERVERS "/{}",              signed_in, NO_BODY,   0,         server_get,       server_id },
	{ "PUT",    SERVERS "/{}",              signed_in, JSON_BODY, 0,         server_change,    server_id },
	{ "DELETE", SERVERS "/{}",              signed_in, NO_BODY,   0,         server_delete,    server_id },
	{ "GET",    SERVERS "/{}/tokens",       signed_in, NO_BODY,   0,         tokens_list,      server_id },
	{ "POST",   SERVERS "/{}/tokens",       signed_in, JSON_BODY, 0,         token_create,     server_id },
	{ "DELETE", SERVERS "/{}/tokens/{}",    signed_in, NO_BODY,   0,         token_end,        token_id },
	{ "GET",    SERVERS "/{}/shares",       signed_in, NO_BODY,   0,         shares_list,      server_id },
	{ "POST",   SERVERS "/{}/shares",       signed_in, JSON_BODY, 0,         share_create,     server_id },
	{ "DELETE", SERVERS "/{}/shares/{}",    signed_in, NO_BODY,   0,         share_end,        share_id },
	{ "GET",    "/api/v1/shared-servers",   signed_in, NO_BODY,   0,         shared_servers_list, NULL },
	{ "GET",    INVITATION,                 signed_in, NO_BODY,   0,         invitation_get,   NULL },
	{ "POST",   INVITATION "/accept",       signed_in, NO_BODY,   0,         invitation_accept, NULL },
	{ "POST",   INVITATION "/decline",      signed_in, NO_BODY,   0,         invitation_decline, NULL },
	{ "GET",    TEAMS,                      signed_in, NO_BODY,   0,         teams_list,       NULL },
	{ "POST",   TEAMS,                      signed_in, JSON_BODY, 0,         team_create,      NULL },
	{ "GET",    TEAMS "/{}",                signed_in, NO_BODY,   0,         team_get,         team_id },
	{ "PUT",    TEAMS "/{}",                signed_in, JSON_BODY, 0,         team_change,      team_id },
	{ "DELETE", TEAMS "/{}",                signed_in, NO_BODY,   0,         team_delete,      team_id },
	{ "POST",   TEAMS "/{}/leave",          signed_in, NO_BODY,   0,         team_leave,       team_id },
	{ "GET",    TEAMS "/{}/members",        signed_in, NO_BODY,   0,         members_list,     team_id },
	{ "PUT",    TEAMS "/{}/members/{}",     signed_in, JSON_BODY, 0,         member_change,    member_id },
	{ "DELETE", TEAMS "/{}/members/{}",     signed_in, NO_BODY,   0,         member_end,       member_id },
	{ "GET",    TEAMS "/{}/invitations",    signed_in, NO_BODY,   0,         team_invitations_list, team_id },
	{ "POST",   TEAMS "/{}/invitations",    signed_in, JSON_BODY, 0,         team_invite,      team_id },
	{ "DELETE", TEAMS "/{}/invitations/{}", signed_in, NO_BODY,   0,         team_invitation_end, invitation_id },
	{ "GET",    SERVERS "/{}/clients",      signed_in, NO_BODY,   0,         clients_list,     server_id },
	{ "POST",   SERVERS "/{}/clients",      signed_in, JSON_BODY, 0,         client_add,       server_id },
	{ "DELETE", SERVERS "/{}/clients/{}",   signed_in, NO_BODY,   0,         client_end,       client_id },
	{ "GET",    SERVERS "/{}/issuers",      signed_in, NO_BODY,   0,         issuers_list,     server_id },
	{ "POST",   SERVERS "/{}/issuers",      signed_in, JSON_BODY, 0,         issuer_add,       server_id },
	{ "DELETE", SERVERS "/{}/issuers/{}",   signed_in, NO_BODY,   0,         issuer_end,       issuer_id },
	{ "GET",    SERVERS "/{}/grants",       signed_in, NO_BODY,   0,         server_grants,    server_id },
	{ "GET",    "/api/v1/grants",           signed_in, NO_BODY,   0,         grants_list,      NULL },
	{ "DELETE", "/api/v1/grants/{}",        signed_in, NO_BODY,   0,         grant_end,        grant_id },
	{ "GET",    "/api/v1/identities",       signed_in, NO_BODY,   0,         identities_list,  NULL },
	{ "DELETE", "/api/v1/identities/{}",    signed_in, NO_BODY,   0,         identity_end,     identity_id },
	{ "GET",    "/api/v1/auth/{}/login",    anyone,    NO_BODY,   0,         provider_login,   NULL },
	{ "GET",    "/api/v1/auth/{}/callback", anyone,    NO_BODY,   0,         provider_callback, NULL },
	{ "GET",    "/oauth/link/{}",           anyone,    NO_BODY,   0,         link_page,        question_id },
	{ "POST",   "/oauth/link/{}",           anyone,    FORM_BODY, SIGN_MOST, link_post,        question_id },
	{ "GET",    "/api/v1/connections",      signed_in, NO_BODY,   0,         connections_list, NULL },
	{ "DELETE", "/api/v1/connections/{}",   signed_in, NO_BODY,   0,         connection_end,   connection_id },
	{ "GET",    "/api/v1/sessions",         signed_in, NO_BODY,   0,         sessions_list,    NULL },
	{ "DELETE", "/api/v1/sessions",         signed_in, NO_BODY,   0,         sessions_end,     NULL },
	{ "DELETE", "/api/v1/sessions/{}",      signed_in, NO_BODY,   0,         session_end,      session_id },
	{ "GET",    "/api/v1/audit",            signed_in, NO_BODY,   0,         audit_list,       NULL },
	{ "GET",    "/oauth/consent/{}",        anyone,    NO_BODY,   0,         consent_page,     question_id },
	{ "POST",   "/oauth/consent/{}",        signed_in, FORM_BODY, SIGN_MOST, consent_post,     question_id },
	{ "GET",    "/oauth/consent/{}/signin", anyone,    NO_BODY,   0,         signin_page,      question_id },
	{ "POST",   "/oauth/consent/{}/signin", anyone,    FORM_BODY, SIGN_MOST, signin_post,      question_id },
	{ "POST",   "/oauth/consent/{}/signup", anyone,    FORM_BODY, SIGN_MOST, signup_post,      question_id },
	{ "GET",    "/connect/{}",              anyone,    NO_BODY,   0,         connect_page,     connect_id },
	{ "POST",   "/connect/{}",              signed_in, FORM_BODY, SIGN_MOST, connect_post,     connect_id },
	{ "GET",    "/connect/{}/signin",       anyone,    NO_BODY,   0,         signin_page,      connect_id },
	{ "POST",   "/connect/{}/signin",       anyone,    FORM_BODY, SIGN_MOST, signin_post,      connect_id },
	{ "POST",   "/connect/{}/signup",       anyone,    FORM_BODY, SIGN_MOST, signup_post,      connect_id },
	{ "GET",    "/invitations/{}",          anyone,    NO_BODY,   0,         invitation_page,  NULL },
	{ "POST",   "/invitations/{}",          signed_in, FORM_BODY, SIGN_MOST, invitation_post,  NULL },
	{ "GET",    "/invitations/{}/signin",   anyone,    NO_BODY,   0,         signin_page,      NULL },
	{ "POST",   "/invitations/{}/signin",   anyone,    FORM_BODY, SIGN_MOST, signin_post,      NULL },
	{ "POST",   "/invitations/{}/signup",   anyone,    FORM_BODY, SIGN_MOST, signup_post,      NULL },
	{ "GET",    "/api/v1/checks",           anyone,    NO_BODY,   0,         checks,           NULL },
	{ 0 },
};
// clang-format on

static void answer(struct request *req, struct response *out)
{
	if (oauth_is_asked(req))
		oauth_answer(req, out);
	else
		api_answer(req, out);
}

static void close_passwords(void *passwords)
{
	passwords_close(passwords);
}

static CAN_FAIL open_accounts(struct app *app)
{
	TRY(providers_check(app));
	TRY(session_keys_open(app));
	TRY(start_outbound(app));
	TRY(passwords_open(app->mem, app->config.password_hash,
	                   app->config.hashes_at_once, &app->passwords));
	arena_defer(app->mem, close_passwords, app->passwords);
	return NULL;
}

int main(int count, char **arguments)
{
	struct app app = {
		.name = "api",
		.routes = routes,
		.kinds = registry,
		.answer = answer,
	};

	return start(&app, FOR_API, count, arguments, open_accounts);
}
