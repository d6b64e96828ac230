#include <string.h>

#include "core/text.h"
#include "sources/registry.h"
#include "sources/source.h"

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

static const struct kind_setting settings[] = {
	{ "snowflake_account_url", true, false, 300,
	  "The account's address, "
	  "https://myorg-account.snowflakecomputing.com.",
	  account_url_wrong },
	{ "snowflake_pat", true, true, 4096,
	  "A programmatic access token of the account.", NULL },
	{ "snowflake_semantic_model_file", true, false, 1024,
	  "The semantic model for Cortex Analyst: a path in a stage.", NULL },
	{ "snowflake_cortex_search_service", true, false, 1024,
	  "The name of the Cortex Search service.", NULL },
	{ 0 },
};

/* Searching and fetching come with the outbound calls they need. */
const struct source_kind snowflake_kind = {
	.name = "snowflake",
	.label = "Snowflake",
	.settings = settings,
};
