/* DATABASE_URL as libpq wants it. The original's form names a driver, and has
 * parameters of that driver in its query. */
#include "core/config.h"

#include <string.h>

#include "core/arena.h"
#include "core/text.h"

/* ssl=… of asyncpg and sslmode=… of libpq have the same words, but for the
 * booleans, which libpq's own URLs take as these. */
static const struct {
	const char *ssl, *sslmode;
} modes[] = {
	{ "true", "require" }, { "1", "require" },     { "on", "require" },
	{ "yes", "require" },  { "false", "disable" }, { "0", "disable" },
	{ "off", "disable" },  { "no", "disable" },    { 0 },
};

/* Parameters that mean something to the original's driver only. */
static const char *const strange[] = {
	"async_fallback",
	"command_timeout",
	"prepared_statement_cache_size",
	"server_settings",
	"statement_cache_size",
	"prepared_statement_name_func",
	NULL,
};

static const char *sslmode_of(struct arena *mem, const char *ssl)
{
	for (size_t i = 0; modes[i].ssl; i++)
		if (text_same_ascii(ssl, modes[i].ssl))
			return modes[i].sslmode;
	return text_lower(mem, ssl);
}

static bool is_strange(const char *parameter)
{
	for (size_t i = 0; strange[i]; i++) {
		size_t size = strlen(strange[i]);

		if (text_starts(parameter, strange[i]) &&
		    parameter[size] == '=')
			return true;
	}
	return false;
}

static void add_parameter(struct buffer *to, const char *separator,
                          const char *parameter)
{
	if (text_starts(parameter, "ssl="))
		buffer_format(to, "%ssslmode=%s", separator,
		              sslmode_of(to->mem, parameter + 4));
	else
		buffer_format(to, "%s%s", separator, parameter);
}

char *config_libpq(struct arena *mem, const char *url)
{
	struct buffer to = { .mem = mem };
	const char *rest = strstr(url, "://");
	const char *query = strchr(url, '?');
	size_t count;
	char **parameters;
	bool first = true;

	if (!rest || !text_starts(url, "postgres"))
		return text_copy(mem, url);
	buffer_add(&to, "postgresql");
	buffer_add_n(&to, rest, strcspn(rest, "?"));
	parameters = text_split(mem, query ? query + 1 : "", '&', &count);
	for (size_t i = 0; i < count; i++) {
		if (is_strange(parameters[i]))
			continue;
		add_parameter(&to, first ? "?" : "&", parameters[i]);
		first = false;
	}
	return text_copy(mem, buffer_text(&to));
}
