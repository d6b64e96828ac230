/* Files of Box, by client credentials: settings, token, what refusals mean, and
 * the parts that searching and fetching share. */
#include "sources/box.h"

#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/clean.h"
#include "sources/registry.h"
#include "sources/window.h"

enum {
	READING_MS = 50, /* kept of a job's time to read a token */
	TOKEN_SECONDS = 3600,
	ID_MOST = 20,
	ITEM_MOST = 10000, /* Box's own bound */
};

const char *const box_hosts[] = { ".box.com", ".boxcloud.com", NULL };

/* ---- settings ---- */

static const char *subject_type_wrong(const char *value)
{
	if (text_same(value, "user") || text_same(value, "enterprise"))
		return NULL;
	return "must be user or enterprise.";
}

bool box_is_id(const char *text)
{
	size_t size = text ? strlen(text) : 0;

	return size > 0 && size <= ID_MOST &&
	       strspn(text, "0123456789") == size;
}

bool box_id_read(struct arena *mem, const char *text, struct box_id *id)
{
	id->folder = text_starts(text, "folder-");
	id->number =
		window_id(mem, id->folder ? text + strlen("folder-") : text,
	                  id->folder ? ITEM_MOST : WINDOW_FROM_MOST, &id->from);
	return box_is_id(id->number);
}

static const char *id_wrong(const char *value)
{
	return box_is_id(value) ? NULL : "must be a number, as Box shows it.";
}

static const struct kind_setting settings[] = {
	{ "name", false, false, 255, "What the source is called in answers.",
	  NULL },
	{ "box_client_id", true, false, 255, "The id of the Box app.", NULL },
	{ "box_client_secret", true, true, 1024,
	  "The secret of the Box app (client credentials grant).", NULL },
	ACCESS_SETTING,
	{ "box_subject_type", true, false, 20,
	  "Whom the app acts as: user or enterprise. As enterprise it sees "
	  "only what its service account was invited to.",
	  subject_type_wrong },
	{ "box_subject_id", true, false, 255,
	  "The id of that user or enterprise.", NULL },
	{ "box_folder_id", false, false, 20,
	  "Search only below this folder. Default: everywhere.", id_wrong },
	TOOLS_SETTING,
	SEARCH_SECONDS_SETTING,
	{ 0 },
};

/* ---- tokens ---- */

static const char *proof_of(struct job *job)
{
	if (source_is_personal(job->source))
		return vendor_proof(job);
	return form_fill(job->mem,
	                 "grant_type=client_credentials&box_subject_type={}"
	                 "&box_subject_id={}",
	                 vendor_setting(job, "box_subject_type"),
	                 vendor_setting(job, "box_subject_id"));
}

static struct call *token_call(struct job *job)
{
	struct deadline until = { job->deadline.at - READING_MS };
	struct call *call =
		call_new(job->mem, "POST", "https://api.box.com/oauth2/token",
	                 box_hosts, until);
	const char *application =
		form_fill(job->mem, "&client_id={}&client_secret={}",
	                  vendor_setting(job, "box_client_id"),
	                  vendor_secret(job, "box_client_secret"));

	call_header(call, "Accept", "application/json");
	call_body(call, "application/x-www-form-urlencoded",
	          text_format(job->mem, "%s%s", proof_of(job), application));
	return call;
}

/* Decided by Box's word for the error, never by its sentence. */
static const char *refusal_help(const char *error)
{
	if (text_same(error, "invalid_client"))
		return "Box knows no such app: check box_client_id.";
	if (text_same(error, "unauthorized_client"))
		return "The Box app may not use client credentials: choose "
		       "\"Server Authentication (Client Credentials Grant)\" "
		       "for it in Box's developer console.";
	return "Box refuses this source's settings: check box_client_secret, "
	       "box_subject_type and box_subject_id, that the app may act as "
	       "that user (App + Enterprise Access, Generate User Access "
	       "Tokens), and that an administrator has approved the app "
	       "again since its settings changed.";
}

static struct vendor_token token_read(struct job *job, struct call *call)
{
	struct vendor_token got = { .seconds = TOKEN_SECONDS };
	json_object *tree = call_json(call) ? NULL : call->reply.json;
	long seconds = (long)js_integer(js_get(tree, "expires_in"));

	(void)job;
	if (call->reply.status == 200)
		got.token = js_text(js_get(tree, "access_token"));
	else
		got.help = refusal_help(js_text(js_get(tree, "error")));
	got.refresh = js_text(js_get(tree, "refresh_token"));
	got.over = text_same(js_text(js_get(tree, "error")), "invalid_grant");
	if (seconds > 0)
		got.seconds = seconds;
	return got;
}

/* ---- what Box's refusals mean ---- */

static const struct {
	int status;
	const char *code; /* NULL: any */
	const char *help;
} meanings[] = {
	{ 403, "forbidden_by_policy",
	  "A policy of the Box enterprise keeps this file from being read." },
	{ 403, "access_from_location_blocked",
	  "Box does not let this gateway's address in: an administrator of "
	  "the enterprise has to allow it." },
	{ 403, "insufficient_scope",
	  "The Box app may not read files: give it the scope \"Read all files "
	  "and folders\", and have it approved again." },
	{ 403, NULL,
	  "Box does not let the app do this: give it the scope \"Read all "
	  "files and folders\", have it approved again, and see that its user "
	  "is invited to the folder." },
	{ 404, NULL,
	  "Box shows no such folder to this source's user: check "
	  "box_folder_id and folder:, and that the user is invited to it." },
};

const char *box_explain(struct job *job, const struct call *call)
{
	json_object *tree;
	struct fault *wrong =
		js_parse(job->mem, call->reply.body, call->reply.size, &tree);
	const char *code = wrong ? NULL : js_text(js_get(tree, "code"));

	if (call->reply.status == 404 && !job->query)
		return NULL; /* only a search names folders that it is not at */
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++) {
		if (meanings[i].status == call->reply.status &&
		    (!meanings[i].code || text_same(code, meanings[i].code)))
			return meanings[i].help;
	}
	return NULL;
}

/* All who stand behind one user share that user's searches. */
static const char *limit_key(struct job *job)
{
	if (source_is_personal(job->source))
		return text_format(job->mem, "%s %s",
		                   vendor_setting(job, "box_client_id"),
		                   job->subject);
	return text_format(job->mem, "%s %s %s",
	                   vendor_setting(job, "box_client_id"),
	                   vendor_setting(job, "box_subject_type"),
	                   vendor_setting(job, "box_subject_id"));
}

/* ---- a person's own files ---- */

/* Box checks no proof key where a client has a secret; sent all the same. */
static const char *consent_url(struct arena *mem, json_object *metadata,
                               const char *redirect, const char *state,
                               const char *challenge)
{
	return url_fill(mem,
	                "https://account.box.com/api/oauth2/authorize"
	                "?response_type=code&client_id={}&redirect_uri={}"
	                "&state={}&code_challenge={}"
	                "&code_challenge_method=S256",
	                js_text(js_get(metadata, "box_client_id")), redirect,
	                state, challenge);
}

static const struct vendor_account own_files = {
	.reads = "your files and folders",
	.consent_url = consent_url,
	.page = "https://api.box.com/2.0/users/me?fields=login",
	.member = "login",
	.hosts = box_hosts,
};

static const struct vendor box = {
	.name = "Box",
	.limit_key = limit_key,
	.per_second = 6,
	.per_minute = 60,
	.token_call = token_call,
	.token_read = token_read,
	.account = &own_files,
	.explain = box_explain,
	.rights = "Read all files and folders stored in Box",
};

/* ---- shared ---- */

const char *box_name(struct arena *mem, json_object *entry)
{
	const char *name =
		clean_line(mem, js_text(js_get(entry, "name")), BOX_NAME_MOST);

	return *name ? name : "(no name)";
}

const char *box_page(struct arena *mem, const char *type, const char *id)
{
	if (!box_is_id(id))
		return NULL;
	return text_format(mem, "https://app.box.com/%s/%s",
	                   text_same(type, "folder") ? "folder" : "file", id);
}

const char *box_person(struct arena *mem, json_object *entry)
{
	static const char *const by[] = { "modified_by", "created_by",
		                          "owned_by", NULL };

	for (size_t i = 0; by[i]; i++) {
		json_object *person = js_get(entry, by[i]);
		const char *name = js_text(js_get(person, "name"));

		if (!name || !*name)
			name = js_text(js_get(person, "login"));
		if (name && *name)
			return clean_line(mem, name, BOX_NAME_MOST);
	}
	return NULL;
}

const char *box_time(struct arena *mem, json_object *entry)
{
	const char *time = js_text(js_get(entry, "content_modified_at"));
	size_t size;

	if (!time)
		time = js_text(js_get(entry, "modified_at"));
	size = time ? strlen(time) : 0;
	if (size < 10 || size > 40 || strspn(time, "0123456789-:.TZ+") != size)
		return NULL;
	return text_copy(mem, time);
}

const char *box_path(struct arena *mem, json_object *entry)
{
	json_object *folders = js_get(entry, "path_collection", "entries");
	struct buffer path = { .mem = mem };

	for (size_t i = 0; i < js_count(folders); i++) {
		const char *name = js_text(js_get(js_item(folders, i), "name"));

		if (name)
			buffer_format(&path, "%s%s", path.size ? "/" : "",
			              name);
	}
	return clean_line(mem, buffer_text(&path), BOX_SNIPPET_MOST);
}

bool box_is_inside(const struct job *job, json_object *entry)
{
	const char *only = vendor_setting(job, "box_folder_id");
	json_object *folders = js_get(entry, "path_collection", "entries");

	if (!*only || text_same(only, "0"))
		return true;
	if (text_same(js_text(js_get(entry, "type")), "folder") &&
	    text_same(js_text(js_get(entry, "id")), only))
		return true;
	for (size_t i = 0; i < js_count(folders); i++) {
		if (text_same(js_text(js_get(js_item(folders, i), "id")), only))
			return true;
	}
	return false;
}

struct step box_unreadable(struct job *job, const char *note)
{
	return job_fail(job, COVERAGE_FAILED,
	                "Box answered something unreadable: try again later.",
	                note);
}

/* ---- the cheapest real call ---- */

static struct step tested(struct job *job)
{
	struct call *call = vendor_call(job, 0);
	struct step end = DONE;

	if (vendor_failed(job, call, &end) || !vendor_json(job, call, &end))
		return end;
	if (text_same(vendor_setting(job, "box_subject_type"), "enterprise"))
		job->help = "Box answers. As enterprise, the app sees only "
			    "the folders that its service account was invited "
			    "to.";
	return DONE;
}

static struct step test(struct job *job)
{
	vendor_get(job, "https://api.box.com/2.0/users/me", box_hosts);
	return vendor_ask(job, tested);
}

const struct source_kind box_kind = {
	.name = "box",
	.label = "Box",
	.settings = settings,
	.only_shared = (const char *const[]){ "box_subject_type",
	                                      "box_subject_id", NULL },
	.vendor = &box,
	.search = box_search,
	.fetch = box_fetch,
	.test = test,
};
