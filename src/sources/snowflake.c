/* Snowflake, with a programmatic access token or a key pair: settings, calls,
 * what refusals mean, and trying a source. */
#include "sources/snowflake.h"

#include <ctype.h>
#include <string.h>
#include <time.h>

#include "auth/key_pair.h"
#include "core/arena.h"
#include "core/text.h"
#include "sources/registry.h"
#include "sources/snowflake_catalogue.h"
#include "sources/snowflake_statements.h"

enum {
	CHECK_MEMORY = 1 << 20, /* bytes for checking one setting */
	EARLIER = 60,           /* seconds, for clocks that differ */
	GOOD_FOR = 600,         /* seconds; Snowflake takes an hour at most */
};

/* ---- settings ---- */

static const char *account_wrong(const char *value)
{
	struct arena *mem = arena_new(CHECK_MEMORY);
	struct snowflake_account account;
	bool fine = snowflake_account_read(mem, value, &account);

	arena_free(mem);
	return fine ? NULL
	            : "must name an account of Snowflake, as in "
	              "https://myorg-account.snowflakecomputing.com or "
	              "myorg-account, without user, port or path.";
}

static const char *databases_wrong(const char *value)
{
	struct arena *mem = arena_new(CHECK_MEMORY);
	const char *names[CATALOGUE_DATABASES];
	size_t count =
		snowflake_names_read(mem, value, names, CATALOGUE_DATABASES);

	arena_free(mem);
	return count > 0 ? NULL
	                 : "must be one to eight names of databases, apart by "
	                   "commas; names with other characters in double "
	                   "quotes.";
}

static const char *key_wrong(const char *value)
{
	struct arena *mem = arena_new(CHECK_MEMORY);
	struct key_pair pair;
	bool fine = key_pair_read(mem, value, &pair);

	arena_free(mem);
	return fine ? NULL
	            : "must be an RSA private key of 2048 bits or more in PEM, "
	              "not encrypted, on one line.";
}

static const char *column_wrong(const char *value)
{
	return strpbrk(value, "\"\\") ? "must be a column's name, without "
	                                "quotes."
	                              : NULL;
}

/* Roles, warehouses and users go into JSON as they are. */
static const char *name_wrong(const char *value)
{
	return strpbrk(value, "\"\\") ? "must be a name, without quotes; "
	                                "Snowflake writes most of them in "
	                                "upper case."
	                              : NULL;
}

static const char *analyst_seconds_wrong(const char *value)
{
	long seconds;

	if (text_number(value, 0, SEARCH_SECONDS_MOST, &seconds))
		return NULL;
	return "must be a whole number from 0 to 60.";
}

// clang-format off
#define COLUMN(name, help) { name, false, false, 255, help, column_wrong }
#define NAME(name, help) { name, false, false, 255, help, name_wrong }
// clang-format on

static const struct kind_setting settings[] = {
	{ "name", false, false, 255, "What the source is called in answers.",
	  NULL },
	{ "snowflake_account_url", true, false, 300,
	  "The account's address, "
	  "https://myorg-account.snowflakecomputing.com.",
	  account_wrong },
	{ "snowflake_pat", true, true, 4096,
	  "A programmatic access token of the account. Not needed where "
	  "snowflake_private_key is given.",
	  NULL },
	{ "snowflake_private_key", false, true, 10000,
	  "In place of the token: the private key of a key pair, in PEM on one "
	  "line, not encrypted.",
	  key_wrong },
	NAME("snowflake_user", "The user whose key pair that is."),
	{ "snowflake_semantic_model_file", true, false, 1024,
	  "The semantic model for Cortex Analyst: a file in a stage, "
	  "@DB.SCHEMA.STAGE/model.yaml, or a semantic view, DB.SCHEMA.VIEW.",
	  NULL },
	/* The original took any text: such a source is kept, and told of when
	 * it is used. */
	{ "snowflake_cortex_search_service", true, false, 1024,
	  "The Cortex Search service, as in MY_DB.PUBLIC.DOCS; names with "
	  "other "
	  "characters in double quotes.",
	  NULL },
	NAME("snowflake_role",
	     "The role statements run in. Default: the user's own."),
	NAME("snowflake_warehouse",
	     "The warehouse they run in. Default: the user's own."),
	COLUMN("snowflake_text_column",
	       "The service's column that is searched. With it set, the "
	       "service is not asked for its columns at each search."),
	COLUMN("snowflake_id_column",
	       "The column that names a document; it has to be an attribute "
	       "of the service."),
	COLUMN("snowflake_title_column", "The column with its title."),
	COLUMN("snowflake_url_column", "The column with its address."),
	COLUMN("snowflake_time_column",
	       "The column that says when it changed."),
	{ "snowflake_catalogue", false, false, 3,
	  "Whether tables, views, schemas and databases are found by their "
	  "names: yes or no. Default: yes.",
	  yes_or_no_wrong },
	{ "snowflake_databases", false, false, 1024,
	  "The databases where they are, apart by commas, eight at most. "
	  "Default: the first eight that the role sees.",
	  databases_wrong },
	{ "snowflake_sample_rows", false, false, 3,
	  "Whether opening a table shows five of its rows: yes or no. "
	  "Default: no.",
	  yes_or_no_wrong },
	{ "snowflake_analyst_seconds", false, false, 2,
	  "How many seconds of a search Cortex Analyst may take, 0 to 60; 0: "
	  "searches do not ask it. Default: all but what its statement needs.",
	  analyst_seconds_wrong },
	TOOLS_SETTING,
	SEARCH_SECONDS_SETTING,
	{ 0 },
};

static bool is_given(json_object *metadata, const char *name)
{
	json_object *value = js_get(metadata, name);

	return js_is_text(value) ? *js_text(value) : !js_is_null(value);
}

static const char *settings_wrong(json_object *metadata)
{
	bool key = is_given(metadata, "snowflake_private_key");

	if (key != is_given(metadata, "snowflake_user"))
		return "snowflake_private_key and snowflake_user go together: "
		       "give both, or neither.";
	if (!key && !is_given(metadata, "snowflake_pat"))
		return "snowflake_pat must not be empty.";
	return NULL;
}

/* ---- credentials ---- */

/* Either of the two is enough, and the user is there with the key alone. */
static bool has_key(const struct job *job)
{
	return *vendor_setting(job, "snowflake_user");
}

/* As Snowflake has a user's name that was made without quotes. */
static const char *user_of(struct job *job)
{
	char *user = text_copy(job->mem, vendor_setting(job, "snowflake_user"));

	for (char *c = user; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	return user;
}

/* A token of our own for the user, signed with the user's key. */
static const char *signed_token(struct job *job)
{
	struct arena *mem = job->mem;
	struct snowflake_account account;
	struct key_pair pair;
	const char *token, *subject;
	struct key_claims claims;
	struct fault *wrong;

	if (!key_pair_read(mem, vendor_secret(job, "snowflake_private_key"),
	                   &pair) ||
	    !snowflake_account_read(
		    mem, vendor_setting(job, "snowflake_account_url"),
		    &account))
		return "";
	subject = text_format(mem, "%s.%s", account.label, user_of(job));
	claims = (struct key_claims){
		.issuer = text_format(mem, "%s.SHA256:%s", subject,
		                      pair.fingerprint),
		.subject = subject,
		.issued = time(NULL) - EARLIER,
		.expires = time(NULL) + GOOD_FOR,
	};
	wrong = key_pair_sign(mem, &pair, &claims, &token);
	return wrong ? "" : token;
}

static const char *bearer(struct job *job)
{
	return has_key(job) ? signed_token(job)
	                    : vendor_secret(job, "snowflake_pat");
}

/* ---- calls ---- */

static const char *const *hosts_of(struct job *job)
{
	const char **hosts = arena_array(job->mem, 2, sizeof(*hosts));

	hosts[0] = snowflake_host(job);
	return hosts;
}

static struct call *with_headers(struct job *job, struct call *call)
{
	call_header(call, "X-Snowflake-Authorization-Token-Type",
	            has_key(job) ? "KEYPAIR_JWT" : "PROGRAMMATIC_ACCESS_TOKEN");
	return call;
}

struct call *snowflake_get(struct job *job, const char *url)
{
	return with_headers(job, vendor_get(job, url, hosts_of(job)));
}

struct call *snowflake_post(struct job *job, const char *url, json_object *body)
{
	return with_headers(job,
	                    vendor_post(job, url, hosts_of(job), body, true));
}

const char *snowflake_service(struct job *job, const char *rest)
{
	struct snowflake_name name;

	if (!snowflake_name_read(
		    job->mem,
		    vendor_setting(job, "snowflake_cortex_search_service"),
		    &name))
		return NULL;
	return text_format(job->mem, "%s%s",
	                   url_fill(job->mem,
	                            "https://{}/api/v2/databases/{}/schemas/{}"
	                            "/cortex-search-services/{}",
	                            snowflake_host(job), name.parts[0],
	                            name.parts[1], name.parts[2]),
	                   rest);
}

/* ---- what refusals mean ---- */

#define KEY_REFUSED                                                        \
	"Snowflake refuses the key pair: check that snowflake_user has "   \
	"this key as its RSA_PUBLIC_KEY, that the account is the user's, " \
	"and that a network policy lets this gateway's address in."
#define SERVICE_NEEDS                                                     \
	"The role may not use the search service: grant it USAGE on the " \
	"database, the schema and the service."
#define NO_SERVICE                                                         \
	"The account has no such search service, or the role may not see " \
	"it: check snowflake_cortex_search_service and its grants."
#define ANALYST_NEEDS                                                      \
	"The role may not ask Cortex Analyst: grant it the database role " \
	"SNOWFLAKE.CORTEX_ANALYST_USER, and reading the semantic model."

static const struct {
	const char *code;
	const char *help;
} meanings[] = {
	{ "390318", "The programmatic access token has expired: make a new "
	            "one in Snowflake and put it into snowflake_pat." },
	{ "394400", "Snowflake does not know the programmatic access token: "
	            "check snowflake_pat and snowflake_account_url." },
	{ "390144", "Snowflake refuses the token: its user needs a network "
	            "policy that lets this gateway's address in, and the "
	            "token has to belong to this account." },
	{ "390186", "The role is not granted to the source's user: check "
	            "snowflake_role, which Snowflake writes in upper case." },
	{ "390201", "There is no such warehouse, or the role may not use it: "
	            "check snowflake_warehouse, which Snowflake writes in "
	            "upper case." },
	{ "000606", "No warehouse is at work for statements: set "
	            "snowflake_warehouse, or give the user a default one." },
	{ "392700", "Cortex Analyst does not find the semantic model, or the "
	            "role may not read it: check "
	            "snowflake_semantic_model_file." },
	{ "002003", "What the statement reads is not there, or the role may "
	            "not read it: its owner has to grant that in Snowflake." },
	{ "390403", SERVICE_NEEDS },
	{ "390404", NO_SERVICE },
};

const char *snowflake_code(struct job *job, const struct call *call)
{
	json_object *tree;
	struct fault *wrong =
		js_parse(job->mem, call->reply.body, call->reply.size, &tree);
	const char *code = wrong ? NULL : js_text(js_get(tree, "code"));

	return code ? code : "";
}

static const char *explain(struct job *job, const struct call *call)
{
	const char *code = snowflake_code(job, call);
	int status = call->reply.status;

	if (status == 401 && has_key(job))
		return KEY_REFUSED;
	if (strstr(call->url, "/cortex/analyst/") && status == 403)
		return ANALYST_NEEDS;
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++) {
		if (text_same(code, meanings[i].code))
			return meanings[i].help;
	}
	if (strstr(call->url, "/api/v2/statements"))
		return status == 422
		               ? "Snowflake could not run the statement: ask "
		                 "in other words."
		               : NULL;
	return status == 404   ? NO_SERVICE
	       : status == 403 ? SERVICE_NEEDS
	                       : NULL;
}

/* ---- the cheapest real calls ---- */

struct notes {
	struct snowflake_work work;
	struct call *service;
	struct snowflake_query *session;
};

/* Roles of Snowflake's own, which manage accounts. */
static const char *const managing[] = {
	"ACCOUNTADMIN", "GLOBALORGADMIN", "ORGADMIN", "SECURITYADMIN",
	"SYSADMIN",     "USERADMIN",      NULL,
};

/* Of a token nothing shows; of a session, its role. */
static const char *beyond(struct job *job, const char *token)
{
	const struct notes *notes = job->notes;
	const char *role =
		js_text(js_item(js_item(notes->session->rows, 0), 0));

	(void)token;
	for (size_t i = 0; role && managing[i]; i++) {
		if (text_same(role, managing[i]))
			return text_format(job->mem, "all that the role %s may",
			                   managing[i]);
	}
	return NULL;
}

static const struct vendor snowflake = {
	.name = "Snowflake",
	.bearer = bearer,
	.explain = explain,
	.rights = "the rights to use, read and query what shall be found, and "
	          "the "
		  "database role SNOWFLAKE.CORTEX_ANALYST_USER",
	.beyond = beyond,
};

static struct step tested(struct job *job)
{
	const struct notes *notes = job->notes;
	json_object *service;
	struct step end;

	if (vendor_failed(job, notes->service, &end))
		return end;
	service = vendor_json(job, notes->service, &end);
	if (!service)
		return end;
	if (text_same(js_text(js_get(service, "serving_state")), "SUSPENDED"))
		return job_fail(job, COVERAGE_FAILED,
		                "The search service is suspended: resume it in "
		                "Snowflake.",
		                "suspended");
	if (!notes->session->done)
		return job_fail(job, notes->session->coverage,
		                notes->session->help, "no statement runs");
	job->help = vendor_beyond(job);
	return DONE;
}

static struct step test(struct job *job)
{
	struct notes *notes = arena_alloc(job->mem, sizeof(*notes));

	job->notes = notes;
	if (!snowflake_service(job, ""))
		return job_fail(job, COVERAGE_FAILED, SNOWFLAKE_NO_SERVICE,
		                "the service's name has another form");
	notes->service = snowflake_get(job, snowflake_service(job, ""));
	notes->session = snowflake_query(job, SNOWFLAKE_SESSION, 1);
	snowflake_run(job, notes->session);
	return snowflake_ask(job, tested);
}

const struct source_kind snowflake_kind = {
	.name = "snowflake",
	.label = "Snowflake",
	.settings = settings,
	.optional = "snowflake_pat",
	.instead = "snowflake_private_key",
	.wrong = settings_wrong,
	.vendor = &snowflake,
	.search = snowflake_search,
	.fetch = snowflake_fetch,
	.test = test,
};
