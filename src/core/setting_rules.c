#include "core/setting_rules.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "core/arena.h"
#include "core/config.h"
#include "core/domains.h"
#include "core/text.h"

enum { SECRET_LEAST = 32, SECRET_DISTINCT = 10 };

/* What examples and guides put in a secret's place. 48 random bytes in base64
 * hold one of these once in many thousand years of trying. */
static const char *const placeholders[] = {
	"change",  "placeholder", "your-",      "your_",      "example",
	"replace", "secret-key",  "secretkey",  "secret_key", "insecure",
	"default", "password",    "1234567890", NULL,
};

static size_t distinct_bytes(const char *text)
{
	bool seen[256] = { 0 };
	size_t count = 0;

	for (; *text; text++) {
		count += !seen[(unsigned char)*text];
		seen[(unsigned char)*text] = true;
	}
	return count;
}

#define MAKE_ONE "; make one with: openssl rand -base64 48"

const char *secret_wrong(const char *secret)
{
	if (!secret || !*secret)
		return "is missing" MAKE_ONE;
	if (strlen(secret) < SECRET_LEAST)
		return "is shorter than 32 bytes" MAKE_ONE;
	for (size_t i = 0; placeholders[i]; i++)
		if (strcasestr(secret, placeholders[i]))
			return "looks like a placeholder" MAKE_ONE;
	if (distinct_bytes(secret) < SECRET_DISTINCT)
		return "repeats a few characters" MAKE_ONE;
	return NULL;
}

static const char *check_secret(struct arena *mem, const char **value)
{
	(void)mem;
	return secret_wrong(*value);
}

static const char *check_database(struct arena *mem, const char **value)
{
	static const char schemes[] = "postgresql://, or the original's "
				      "postgresql+asyncpg://";
	const char *host = strstr(*value, "://");

	if (!text_starts(*value, "postgresql://") &&
	    !text_starts(*value, "postgres://") &&
	    !(text_starts(*value, "postgresql+") && host))
		return text_format(mem, "does not begin with %s", schemes);
	if (strchr(*value, ' '))
		return "holds a blank; write it as %20";
	return NULL;
}

static const char *check_pool(struct arena *mem, const char **value)
{
	char **domains;
	const char *wrong = domains_read(mem, *value, &domains);

	if (wrong)
		return text_format(mem, "is wrong: %s", wrong);
	return domains[0] ? NULL : "names no domain";
}

static const char *check_app_url(struct arena *mem, const char **value)
{
	char *origin = domain_origin(mem, *value);

	if (!origin)
		return "is no address like https://app.example.org, without "
		       "a path";
	if (text_starts(origin, "http://") &&
	    !domain_is_loopback(origin + strlen("http://")))
		return "is http, but not on this machine: browsers would send "
		       "passwords in clear; use https";
	*value = origin;
	return NULL;
}

static const char *check_origins(struct arena *mem, const char **value)
{
	struct buffer all = { .mem = mem };
	size_t count;
	char **each = text_split(mem, *value, ',', &count);

	for (size_t i = 0; i < count; i++) {
		const char *origin = domain_origin(mem, each[i]);

		if (!origin)
			return text_format(mem,
			                   "has entry %zu, which is no origin "
			                   "like https://app.example.org",
			                   i + 1);
		buffer_format(&all, "%s%s", i ? "," : "", origin);
	}
	*value = buffer_text(&all);
	return NULL;
}

/* words: ended by NULL; told: all of them in a sentence. */
static const char *check_word(struct arena *mem, const char *value,
                              const char *const *words, const char *told)
{
	for (; *words; words++)
		if (text_same(value, *words))
			return NULL;
	return text_format(mem, "is none of %s", told);
}

static const char *check_scheme(struct arena *mem, const char **value)
{
	static const char *const words[] = { "https", "http", NULL };

	return check_word(mem, *value, words, "https and http");
}

static const char *check_hash(struct arena *mem, const char **value)
{
	static const char *const words[] = { "bcrypt", "argon2id", NULL };

	return check_word(mem, *value, words, "bcrypt and argon2id");
}

static const char *check_level(struct arena *mem, const char **value)
{
	static const char *const words[] = { "debug", "info", "warning",
		                             "error", NULL };

	return check_word(mem, *value, words, "debug, info, warning and error");
}

/* https://host[/path], the path of plain characters; a slash at the end is
 * dropped. What a connection is held to besides is outbound's business. */
static const char *check_rerank_url(struct arena *mem, const char **value)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~/";
	static const char start[] = "https://";
	const char *host = *value + strlen(start);
	char *url = text_copy(mem, *value), *name = NULL;
	size_t length = strlen(url);

	while (length > 0 && url[length - 1] == '/')
		url[--length] = '\0';
	if (text_starts(url, start))
		name = text_copy_n(mem, host, strcspn(host, "/"));
	if (!name || !text_same(domain_read(mem, name), name) ||
	    strchr(name, ':') || host[strspn(host, plain)])
		return "is no address like https://api.openai.com/v1, with a "
		       "host in lower case and no port";
	*value = url;
	return NULL;
}

static const char *check_tenant(struct arena *mem, const char **value)
{
	const char *id = text_uuid(mem, *value);

	if (!id)
		return "is no UUID: it is the directory (tenant) id, never a "
		       "domain, common or organizations";
	*value = id;
	return NULL;
}

/* Compared byte for byte with what the provider says of itself. */
static const char *check_issuer(struct arena *mem, const char **value)
{
	const char *wrong = check_rerank_url(mem, &(const char *){ *value });

	return wrong ? "is no address like https://id.example.com, with a host "
	               "in lower case and no port"
	             : NULL;
}

// clang-format off
static const struct rule {
	const char *name;
	const char *(*wrong)(struct arena *mem, const char **value);
} rules[] = {
	{ "DATABASE_URL",                  check_database },
	{ "GATEHOUSE_API_DATABASE_URL",    check_database },
	{ "GATEHOUSE_MCP_DATABASE_URL",    check_database },
	{ "GATEHOUSE_JWT_SECRET_PREVIOUS", check_secret },
	{ "JWT_SECRET",                    check_secret },
	{ "MCP_GATEWAY_URL_POOLS",         check_pool },
	{ "GATEHOUSE_APP_URL",             check_app_url },
	{ "GATEHOUSE_GATEWAY_SCHEME",      check_scheme },
	{ "GATEHOUSE_ORIGINS",             check_origins },
	{ "GATEHOUSE_RERANK_URL",          check_rerank_url },
	{ "AZURE_TENANT_ID",               check_tenant },
	{ "GATEHOUSE_OIDC_ISSUER",         check_issuer },
	{ "PASSWORD_HASH",                 check_hash },
	{ "GATEHOUSE_LOG_LEVEL",           check_level },
	{ 0 },
};
// clang-format on

const char *setting_rule(struct arena *mem, const char *name,
                         const char **value)
{
	for (const struct rule *rule = rules; rule->name; rule++)
		if (text_same(rule->name, name))
			return rule->wrong(mem, value);
	return NULL;
}
