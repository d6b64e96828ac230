/* Mail of Microsoft 365, through Microsoft Graph with an application's own
 * credentials: settings, token, what its refusals mean, and the parts that
 * searching and fetching share. */
#include "sources/outlook.h"

#include <ctype.h>
#include <string.h>

#include "auth/compact.h"
#include "core/arena.h"
#include "core/text.h"
#include "sources/registry.h"

enum {
	READING_MS = 50, /* kept of a job's time to read a token */
	TOKEN_SECONDS = 3600,
	TOKEN_MOST = 16 << 10,
};

/* ---- clouds ---- */

static const struct outlook_cloud clouds[] = {
	{ "global", "graph.microsoft.com", "login.microsoftonline.com" },
	{ "us-government", "graph.microsoft.us", "login.microsoftonline.us" },
	{ "us-defense", "dod-graph.microsoft.us", "login.microsoftonline.us" },
	{ "china", "microsoftgraph.chinacloudapi.cn",
	  "login.chinacloudapi.cn" },
	{ 0 },
};

const char *const outlook_hosts[] = {
	"graph.microsoft.com",       "graph.microsoft.us",
	"dod-graph.microsoft.us",    "microsoftgraph.chinacloudapi.cn",
	"login.microsoftonline.com", "login.microsoftonline.us",
	"login.chinacloudapi.cn",    NULL,
};

static const struct outlook_cloud *cloud_of(const char *name)
{
	for (const struct outlook_cloud *cloud = clouds; cloud->name; cloud++) {
		if (text_same(cloud->name, name))
			return cloud;
	}
	return NULL;
}

const struct outlook_cloud *outlook_cloud(const struct job *job)
{
	const struct outlook_cloud *cloud =
		cloud_of(vendor_setting(job, "cloud"));

	return cloud ? cloud : &clouds[0];
}

/* ---- settings ---- */

static const char *cloud_wrong(const char *value)
{
	if (cloud_of(value))
		return NULL;
	return "must be global, us-government, us-defense or china.";
}

/* Which tenant it is cannot be left to whoever signs in: nobody does. */
static const char *tenant_wrong(const char *value)
{
	static const char *const any[] = { "common", "organizations",
		                           "consumers", NULL };

	for (size_t i = 0; any[i]; i++) {
		if (text_same_ascii(value, any[i]))
			return "must name one tenant, by its id or a domain "
			       "of its.";
	}
	for (const char *c = value; *c; c++) {
		if (!isalnum((unsigned char)*c) && !strchr("-._", *c))
			return "must be a tenant's id or a domain of its.";
	}
	return isalnum((unsigned char)*value)
	               ? NULL
	               : "must be a tenant's id or a domain of its.";
}

static const char *mailbox_wrong(const char *value)
{
	if (text_same(value, ".") || text_same(value, "..") ||
	    strpbrk(value, " /?#\\"))
		return "must be a user's id or principal name, such as "
		       "ann@example.com.";
	return NULL;
}

static const struct kind_setting settings[] = {
	{ "name", false, false, 255, "What the source is called in answers.",
	  NULL },
	{ "tenant_id", true, false, 255,
	  "The Entra (Azure AD) tenant: its id, or a domain of its.",
	  tenant_wrong },
	ACCESS_SETTING,
	{ "graph_client_id", true, false, 255,
	  "The id of the app registration.", NULL },
	{ "graph_client_secret", true, true, 1024,
	  "The secret of the app registration: its value, not its id.", NULL },
	{ "graph_user_id", true, false, 320,
	  "The mailbox: a user's id or principal name.", mailbox_wrong },
	{ "cloud", false, false, 20,
	  "Which of Microsoft's clouds the tenant is in: global, "
	  "us-government, us-defense or china. Default: global.",
	  cloud_wrong },
	TOOLS_SETTING,
	SEARCH_SECONDS_SETTING,
	{ 0 },
};

/* ---- tokens ---- */

/* What the numbers of a refusal mean, and what its owner can do. */
static const struct refusal {
	long number; /* AADSTS… */
	const char *help;
} refusals[] = {
	{ 7000215, "Microsoft Entra refuses the client secret: put the value "
	           "of a secret of the app registration into "
	           "graph_client_secret, not the secret's id." },
	{ 7000222, "The client secret has expired: make a new one in the app "
	           "registration, and put its value into "
	           "graph_client_secret." },
	{ 700016, "This tenant has no application of that id: check "
	          "graph_client_id and tenant_id, and that the app is "
	          "registered or consented to in that tenant." },
	{ 90002, "There is no such tenant: check tenant_id, and cloud if the "
	         "tenant is in a national one." },
	{ 900023, "There is no such tenant: tenant_id is neither a tenant's "
	          "id nor a domain of one." },
	{ 900382, "The tenant is in another of Microsoft's clouds: set cloud "
	          "to that one." },
	{ 7000112, "The application is disabled in its tenant: an "
	           "administrator has to enable it again." },
	{ 7000218, "The app registration is a public client or wants a "
	           "certificate: give it a client secret." },
	{ 500011, "The tenant does not know Microsoft Graph: check that "
	          "tenant_id and cloud belong together." },
	{ 53003, "A conditional access policy of the tenant keeps this "
	         "application out: an administrator has to allow it." },
	{ 0 },
};

static const char *refusal_help(json_object *tree)
{
	json_object *numbers = js_get(tree, "error_codes");
	const char *error = js_text(js_get(tree, "error"));

	for (size_t i = 0; i < js_count(numbers); i++) {
		for (const struct refusal *r = refusals; r->number; r++) {
			if (js_integer(js_item(numbers, i)) == r->number)
				return r->help;
		}
	}
	if (text_same(error, "invalid_client"))
		return "Microsoft Entra refuses the application's "
		       "credentials: check graph_client_id and "
		       "graph_client_secret.";
	if (text_same(error, "unauthorized_client"))
		return "Microsoft Entra does not let this application in: "
		       "check graph_client_id and tenant_id.";
	return "Microsoft Entra refuses this source's settings: check "
	       "tenant_id, graph_client_id, graph_client_secret and cloud.";
}

/* What a person lets the application do: read their mail, also later; and tell
 * their name. */
static const char *own_scopes(struct arena *mem, const char *graph)
{
	return text_format(mem,
	                   "https://%s/Mail.Read offline_access openid profile",
	                   graph);
}

static const char *token_form(struct job *job)
{
	const char *graph = outlook_cloud(job)->graph;
	const char *application =
		form_fill(job->mem, "&client_id={}&client_secret={}",
	                  vendor_setting(job, "graph_client_id"),
	                  vendor_secret(job, "graph_client_secret"));

	if (source_is_personal(job->source))
		return text_format(job->mem, "%s%s%s", vendor_proof(job),
		                   application,
		                   form_fill(job->mem, "&scope={}",
		                             own_scopes(job->mem, graph)));
	return text_format(
		job->mem, "grant_type=client_credentials%s%s", application,
		form_fill(job->mem, "&scope=https%3A%2F%2F{}%2F.default",
	                  graph));
}

static struct call *token_call(struct job *job)
{
	const struct outlook_cloud *cloud = outlook_cloud(job);
	struct deadline until = { job->deadline.at - READING_MS };
	struct call *call = call_new(
		job->mem, "POST",
		url_fill(job->mem, "https://{}/{}/oauth2/v2.0/token",
	                 cloud->login, vendor_setting(job, "tenant_id")),
		outlook_hosts, until);

	call_header(call, "Accept", "application/json");
	call_body(call, "application/x-www-form-urlencoded", token_form(job));
	return call;
}

static bool is_over(const char *error)
{
	return text_same(error, "invalid_grant") ||
	       text_same(error, "interaction_required");
}

static struct vendor_token token_read(struct job *job, struct call *call)
{
	struct vendor_token got = { .seconds = TOKEN_SECONDS };
	struct fault *wrong = call_json(call);
	json_object *tree = wrong ? NULL : call->reply.json;
	long seconds = (long)js_integer(js_get(tree, "expires_in"));

	(void)job;
	if (call->reply.status == 200)
		got.token = js_text(js_get(tree, "access_token"));
	else
		got.help = refusal_help(tree);
	got.refresh = js_text(js_get(tree, "refresh_token"));
	got.over = is_over(js_text(js_get(tree, "error")));
	if (seconds > 0)
		got.seconds = seconds;
	return got;
}

/* ---- what Graph's refusals mean ---- */

const char *outlook_code(struct job *job, const struct call *call)
{
	json_object *tree;
	struct fault *wrong =
		js_parse(job->mem, call->reply.body, call->reply.size, &tree);
	const char *code =
		wrong ? NULL : js_text(js_get(tree, "error", "code"));

	return code ? code : "";
}

static const struct {
	const char *code;
	const char *help;
} meanings[] = {
	{ "ErrorAccessDenied",
	  "Microsoft Graph does not let the application read this mailbox: "
	  "give the app registration the application permission Mail.Read "
	  "with an administrator's consent, and see that no access policy of "
	  "Exchange keeps it from this mailbox." },
	{ "Authorization_RequestDenied",
	  "The application lacks the permission for mail: give the app "
	  "registration the application permission Mail.Read, with an "
	  "administrator's consent." },
	{ "MailboxNotEnabledForRESTAPI",
	  "Microsoft Graph cannot open this mailbox: it has no Exchange "
	  "Online licence, is inactive, or lies on premises." },
	{ "ErrorInvalidUser",
	  "The tenant has no such mailbox: check graph_user_id." },
	{ "Request_ResourceNotFound",
	  "The tenant has no such mailbox: check graph_user_id." },
	{ "ErrorNonExistentMailbox",
	  "The tenant has no such mailbox: check graph_user_id." },
	{ "ResourceNotFound",
	  "The tenant has no such mailbox: check graph_user_id." },
};

static const char *explain(struct job *job, const struct call *call)
{
	const char *code = outlook_code(job, call);

	if (call->reply.status == 403 && source_is_personal(job->source))
		return "Microsoft Graph does not let the application read this "
		       "user's mail: the app registration needs the delegated "
		       "permission Mail.Read, and the user a mailbox.";
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++) {
		if (text_same(code, meanings[i].code))
			return meanings[i].help;
	}
	return call->reply.status == 403 ? meanings[0].help : NULL;
}

/* Four at once for an application and a mailbox, whichever source it is. */
static const char *limit_key(struct job *job)
{
	const char *mailbox = source_is_personal(job->source)
	                              ? job->subject
	                              : vendor_setting(job, "graph_user_id");

	return text_format(
		job->mem, "%s %s",
		text_lower(job->mem, vendor_setting(job, "graph_client_id")),
		text_lower(job->mem, mailbox));
}

/* ---- a person's own mailbox ---- */

static const char *consent_url(struct arena *mem, json_object *metadata,
                               const char *redirect, const char *state,
                               const char *challenge)
{
	const char *name = js_text(js_get(metadata, "cloud"));
	const struct outlook_cloud *cloud = name ? cloud_of(name) : NULL;

	cloud = cloud ? cloud : &clouds[0];
	return url_fill(mem,
	                "https://{}/{}/oauth2/v2.0/authorize"
	                "?response_type=code&response_mode=query&client_id={}"
	                "&redirect_uri={}&scope={}&state={}&code_challenge={}"
	                "&code_challenge_method=S256&prompt=select_account",
	                cloud->login, js_text(js_get(metadata, "tenant_id")),
	                js_text(js_get(metadata, "graph_client_id")), redirect,
	                own_scopes(mem, cloud->graph), state, challenge);
}

/* The id token came from Microsoft itself and is only shown, so nobody's
 * signature has to be checked (OpenID Connect Core 3.1.3.7). */
static const char *account_name(struct job *job, json_object *answer)
{
	const char *token = js_text(js_get(answer, "id_token"));
	struct compact compact;
	json_object *claims;

	if (!token || compact_read(job->mem, token, TOKEN_MOST, &compact) ||
	    compact_json(job->mem, &compact.payload, &claims))
		return NULL;
	return js_text(js_get(claims, "preferred_username"));
}

static const struct vendor_account own_mailbox = {
	.reads = "your mail",
	.consent_url = consent_url,
	.name = account_name,
};

static const struct vendor graph = {
	.name = "Microsoft Graph",
	.limit_key = limit_key,
	.at_once = 4,
	.token_call = token_call,
	.token_read = token_read,
	.account = &own_mailbox,
	.explain = explain,
	.rights = OUTLOOK_RIGHT,
	.beyond = outlook_beyond,
};

/* ---- shared ---- */

struct call *outlook_get(struct job *job, const char *url)
{
	struct call *call = vendor_get(job, url, outlook_hosts);

	call_header(call, "Prefer", "IdType=\"ImmutableId\"");
	return call;
}

const char *outlook_url(struct job *job, const char *rest)
{
	const char *host = outlook_cloud(job)->graph;
	const char *mailbox =
		source_is_personal(job->source)
			? url_fill(job->mem, "https://{}/v1.0/me", host)
			: url_fill(job->mem, "https://{}/v1.0/users/{}", host,
	                           vendor_setting(job, "graph_user_id"));

	return mailbox && rest ? text_format(job->mem, "%s%s", mailbox, rest)
	                       : NULL;
}

const char *outlook_mails_url(struct job *job, const char *folder,
                              const char *query)
{
	const char *list = outlook_url(
		job,
		folder ? url_fill(job->mem, "/mailFolders/{}/messages", folder)
		       : "/messages");

	return list && query ? text_format(job->mem, "%s%s", list, query)
	                     : NULL;
}

bool outlook_is_gone(struct job *job, const struct call *call)
{
	const char *code;

	if (call->end != CALL_ANSWERED ||
	    (call->reply.status != 404 && call->reply.status != 400))
		return false;
	code = outlook_code(job, call);
	return text_same(code, "ErrorItemNotFound") ||
	       text_same(code, "ErrorInvalidIdMalformed");
}

struct step outlook_unreadable(struct job *job, const char *note)
{
	return job_fail(job, COVERAGE_FAILED,
	                "Microsoft Graph answered something unreadable: try "
	                "again later.",
	                note);
}

/* ---- the cheapest real call ---- */

static struct step tested(struct job *job)
{
	struct call *call = vendor_call(job, 0);
	struct step end = DONE;

	if (!vendor_failed(job, call, &end) && vendor_json(job, call, &end))
		job->help = vendor_beyond(job);
	return end;
}

static struct step test(struct job *job)
{
	outlook_get(
		job,
		outlook_url(job, "/mailFolders/inbox?$select=id,displayName"));
	return vendor_ask(job, tested);
}

const struct source_kind outlook_kind = {
	.name = "outlook",
	.label = "Outlook",
	.settings = settings,
	.only_shared = (const char *const[]){ "graph_user_id", NULL },
	.vendor = &graph,
	.search = outlook_search,
	.fetch = outlook_fetch,
	.test = test,
};
