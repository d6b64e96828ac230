/* Rows of Snowflake, through Cortex Search with a programmatic access token:
 * settings, what refusals mean, and the parts that searching and fetching
 * share. */
#include "sources/snowflake.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/registry.h"

#define HTTPS "https://"

/* Host names are told apart from everything else by what may stand in them, so
 * no second reading of the URL can find another host in it (OH-5): no user, no
 * port, no path, no escape and nothing beyond ASCII gets past. */
static bool is_host(const char *text, size_t size)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789-_.";

	return strspn(text, allowed) >= size && text[0] != '.' &&
	       text[0] != '-' && !memmem(text, size, "..", 2);
}

static bool ends_as(const char *host, size_t size, const char *suffix)
{
	size_t length = strlen(suffix);

	return size > length &&
	       strncasecmp(host + size - length, suffix, length) == 0;
}

static const char *account_url_wrong(const char *value)
{
	const char *host = value + strlen(HTTPS);
	size_t size;

	if (strncasecmp(value, HTTPS, strlen(HTTPS)) != 0)
		return "must begin with https://, as in "
		       "https://myorg-account.snowflakecomputing.com";
	size = strlen(host);
	if (size > 0 && host[size - 1] == '/')
		size--; /* as a browser's address bar copies it */
	if (size == 0 || size > 253 || !is_host(host, size))
		return "must be https:// and a host name alone, without user, "
		       "port or path, as in "
		       "https://myorg-account.snowflakecomputing.com";
	if (!ends_as(host, size, ".snowflakecomputing.com") &&
	    !ends_as(host, size, ".snowflakecomputing.cn"))
		return "must be a host of Snowflake, ending in "
		       ".snowflakecomputing.com or .snowflakecomputing.cn";
	return NULL;
}

/* ---- names ---- */

/* One part: "quoted as it is" or a plain word. end: set behind it. */
static const char *read_part(struct arena *mem, const char *text,
                             const char **end)
{
	size_t size;
	char *word;

	if (*text == '"') {
		*end = strchr(text + 1, '"');
		if (!*end || *end == text + 1)
			return NULL;
		++*end;
		return text_copy_n(mem, text, (size_t)(*end - text));
	}
	size = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                    "abcdefghijklmnopqrstuvwxyz0123456789_$");
	*end = text + size;
	if (size == 0 || isdigit((unsigned char)*text))
		return NULL;
	word = text_copy_n(mem, text, size);
	for (char *c = word; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	return word;
}

bool snowflake_name_read(struct arena *mem, const char *text,
                         struct snowflake_name *name)
{
	for (size_t i = 0; i < 3; i++) {
		const char *end;

		name->parts[i] = read_part(mem, text, &end);
		if (!name->parts[i] || *end != (i < 2 ? '.' : '\0'))
			return false;
		text = end + 1;
	}
	return true;
}

static const char *column_wrong(const char *value)
{
	return strpbrk(value, "\"\\") ? "must be a column's name, without "
	                                "quotes."
	                              : NULL;
}

// clang-format off
#define COLUMN(name, help) { name, false, false, 255, help, column_wrong }
// clang-format on

static const struct kind_setting settings[] = {
	{ "name", false, false, 255, "What the source is called in answers.",
	  NULL },
	{ "snowflake_account_url", true, false, 300,
	  "The account's address, "
	  "https://myorg-account.snowflakecomputing.com.",
	  account_url_wrong },
	{ "snowflake_pat", true, true, 4096,
	  "A programmatic access token of the account.", NULL },
	{ "snowflake_semantic_model_file", true, false, 1024,
	  "The semantic model for Cortex Analyst: a path in a stage.", NULL },
	{ "snowflake_cortex_search_service", true, false, 1024,
	  "The Cortex Search service with its database and schema, as in "
	  "MY_DB.PUBLIC.DOCS.",
	  NULL },
	COLUMN("snowflake_text_column",
	       "The service's column that is searched. With it set, the "
	       "service is not asked for its columns at each search."),
	COLUMN("snowflake_id_column", "The column that names a document."),
	COLUMN("snowflake_title_column", "The column with its title."),
	COLUMN("snowflake_url_column", "The column with its address."),
	COLUMN("snowflake_time_column",
	       "The column that says when it changed."),
	SEARCH_SECONDS_SETTING,
	{ 0 },
};

/* ---- the account ---- */

const char *snowflake_host(struct job *job)
{
	const char *url = vendor_setting(job, "snowflake_account_url");
	char *host = text_lower(job->mem, url);
	size_t size;

	host += text_starts(host, HTTPS) ? strlen(HTTPS) : 0;
	size = strlen(host);
	if (size > 0 && host[size - 1] == '/')
		host[size - 1] = '\0';
	for (char *c = host; *c; c++) {
		if (*c == '_')
			*c = '-';
	}
	return host;
}

const char *const *snowflake_hosts(struct job *job)
{
	const char **hosts = arena_array(job->mem, 2, sizeof(*hosts));

	hosts[0] = snowflake_host(job);
	return hosts;
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

static struct call *with_headers(struct call *call)
{
	call_header(call, "X-Snowflake-Authorization-Token-Type",
	            "PROGRAMMATIC_ACCESS_TOKEN");
	return call;
}

struct call *snowflake_get(struct job *job, const char *url)
{
	return with_headers(vendor_get(job, url, snowflake_hosts(job)));
}

struct call *snowflake_post(struct job *job, const char *url, json_object *body)
{
	return with_headers(
		vendor_post(job, url, snowflake_hosts(job), body, true));
}

/* ---- columns ---- */

/* What a column says, by its name: the whole, or how it ends. */
static const struct {
	const char *setting;
	size_t place; /* of struct snowflake_columns */
	const char *names[8];
} roles[] = {
	{ "snowflake_text_column",
	  offsetof(struct snowflake_columns, text),
	  { NULL } },
	{ "snowflake_title_column",
	  offsetof(struct snowflake_columns, title),
	  { "TITLE", "SUBJECT", "HEADLINE", "HEADING", "NAME", NULL } },
	{ "snowflake_url_column",
	  offsetof(struct snowflake_columns, url),
	  { "URL", "LINK", "URI", "HREF", NULL } },
	{ "snowflake_id_column",
	  offsetof(struct snowflake_columns, id),
	  { "ID", "DOC_ID", "DOCUMENT_ID", "KEY", "_ID", NULL } },
	{ "snowflake_time_column",
	  offsetof(struct snowflake_columns, time),
	  { "UPDATED_AT", "MODIFIED_AT", "LAST_MODIFIED", "CREATED_AT", "_AT",
	    "DATE", NULL } },
	{ NULL,
	  offsetof(struct snowflake_columns, author),
	  { "AUTHOR", "OWNER", "CREATED_BY", NULL } },
};

enum { ROLES = sizeof(roles) / sizeof(*roles) };

static bool named(const char *column, const char *name)
{
	size_t size = strlen(name), length = strlen(column);

	if (name[0] == '_')
		return length > size &&
		       strcasecmp(column + length - size, name) == 0;
	return strcasecmp(column, name) == 0;
}

static const char *column_like(json_object *columns, const char *const *names)
{
	for (size_t n = 0; names[n]; n++) {
		for (size_t i = 0; i < js_count(columns); i++) {
			const char *column = js_text(js_item(columns, i));

			if (column && named(column, names[n]))
				return column;
		}
	}
	return NULL;
}

static bool has_column(json_object *columns, const char *name)
{
	for (size_t i = 0; name && i < js_count(columns); i++) {
		if (text_same(js_text(js_item(columns, i)), name))
			return true;
	}
	return false;
}

static const char **place_of(struct snowflake_columns *columns, size_t role)
{
	return (const char **)((char *)columns + roles[role].place);
}

struct snowflake_columns snowflake_columns_set(struct job *job)
{
	struct snowflake_columns columns = { .id_filters = true };

	for (size_t i = 0; i < ROLES; i++) {
		const char *set =
			roles[i].setting ? vendor_setting(job, roles[i].setting)
					 : "";

		if (*set)
			*place_of(&columns, i) = set;
	}
	return columns;
}

struct snowflake_columns snowflake_columns_of(struct job *job,
                                              json_object *service)
{
	struct snowflake_columns columns = snowflake_columns_set(job);
	json_object *all = js_get(service, "columns");

	for (size_t i = 0; i < ROLES; i++) {
		if (!*place_of(&columns, i))
			*place_of(&columns, i) =
				column_like(all, roles[i].names);
	}
	if (!columns.text)
		columns.text = js_text(js_get(service, "search_column"));
	columns.id_filters =
		has_column(js_get(service, "attribute_columns"), columns.id);
	return columns;
}

/* ---- what refusals mean ---- */

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
	{ "390186", "Snowflake's role is not granted to the token's user: give "
	            "the token a role that it holds." },
	{ "390403", "The token's role may not use the search service: grant it "
	            "USAGE on the database, the schema and the service." },
	{ "390404", "The account has no such search service, or the token's "
	            "role may not see it: check "
	            "snowflake_cortex_search_service and its grants." },
};

static const char *explain(struct job *job, const struct call *call)
{
	json_object *tree;
	struct fault *wrong =
		js_parse(job->mem, call->reply.body, call->reply.size, &tree);
	const char *code = wrong ? NULL : js_text(js_get(tree, "code"));

	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++) {
		if (text_same(code, meanings[i].code))
			return meanings[i].help;
	}
	if (call->reply.status == 404)
		return meanings[5].help;
	return call->reply.status == 403 ? meanings[4].help : NULL;
}

static const char *bearer(struct job *job)
{
	return vendor_secret(job, "snowflake_pat");
}

static const struct vendor snowflake = {
	.name = "Snowflake",
	.bearer = bearer,
	.explain = explain,
};

/* ---- the cheapest real call ---- */

static struct step tested(struct job *job)
{
	struct call *call = vendor_call(job, 0);
	struct step end = DONE;
	json_object *service;

	if (vendor_failed(job, call, &end))
		return end;
	service = vendor_json(job, call, &end);
	if (!service)
		return end;
	if (text_same(js_text(js_get(service, "serving_state")), "SUSPENDED"))
		return job_fail(job, COVERAGE_FAILED,
		                "The search service is suspended: resume it in "
		                "Snowflake.",
		                "suspended");
	return DONE;
}

static struct step test(struct job *job)
{
	snowflake_get(job, snowflake_service(job, ""));
	return vendor_ask(job, tested);
}

const struct source_kind snowflake_kind = {
	.name = "snowflake",
	.label = "Snowflake",
	.settings = settings,
	.vendor = &snowflake,
	.search = snowflake_search,
	.fetch = snowflake_fetch,
	.test = test,
};
