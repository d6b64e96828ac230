/* Names of Snowflake's: of accounts, as people paste them, and of objects. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/snowflake.h"

#define HTTPS "https://"
#define SNOWSIGHT "app.snowflake.com/"
#define LABEL_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789-_"
#define WORD_CHARACTERS \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$"

enum { HOST_MOST = 253, LABEL_MOST = 63, LABELS_MOST = 6 };

static const char *const domains[] = {
	".snowflakecomputing.com",
	".snowflakecomputing.cn",
	NULL,
};

/* ---- accounts ---- */

static bool is_label(const char *text, size_t size)
{
	return size > 0 && size <= LABEL_MOST &&
	       strspn(text, LABEL_CHARACTERS) >= size && text[0] != '-' &&
	       text[0] != '_' && text[size - 1] != '-' && text[size - 1] != '_';
}

/* How many labels a text is of, with nothing else in it; 0: none. Host names
 * are told apart by what may stand in them, so no second reading can find
 * another host: no user, port, escape, and nothing beyond ASCII gets past. */
static size_t labels_of(const char *text)
{
	size_t count = 0;

	for (;;) {
		size_t size = strcspn(text, ".");

		if (!is_label(text, size) || ++count > LABELS_MOST)
			return 0;
		if (!text[size])
			return count;
		text += size + 1;
	}
}

static bool finish(struct arena *mem, const char *account, const char *domain,
                   struct snowflake_account *to)
{
	char *host = text_format(mem, "%s%s", account, domain);
	char *label = text_copy_n(mem, account, strcspn(account, "."));

	if (labels_of(account) == 0 || strlen(host) > HOST_MOST)
		return false;
	for (char *c = host; *c; c++)
		*c = *c == '_' ? '-' : *c;
	for (char *c = label; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	*to = (struct snowflake_account){ host, label };
	return true;
}

/* "org/account/…" behind Snowsight's host. */
static bool read_page(struct arena *mem, const char *path,
                      struct snowflake_account *to)
{
	size_t size = strcspn(path, "/");
	const char *account = path + size + (path[size] == '/');
	size_t length = strcspn(account, "/#?");

	if (!is_label(path, size) || !is_label(account, length))
		return false;
	return finish(mem,
	              text_format(mem, "%.*s-%.*s", (int)size, path,
	                          (int)length, account),
	              domains[0], to);
}

/* What is no host: a dot joins organization and account, unless it is a region
 * that follows, which has a hyphen where an account's name cannot. */
static bool read_plain(struct arena *mem, char *text,
                       struct snowflake_account *to)
{
	char *dot = strchr(text, '.');

	if (labels_of(text) == 2 && !strchr(dot, '-'))
		*dot = '-';
	if (labels_of(text) == 1 && !strchr(text, '-'))
		return false;
	return finish(mem, text, domains[0], to);
}

bool snowflake_account_read(struct arena *mem, const char *text,
                            struct snowflake_account *account)
{
	char *rest = text_lower(mem, text);
	bool is_address = text_starts(rest, HTTPS);
	size_t size;

	rest += is_address ? strlen(HTTPS) : 0;
	if (text_starts(rest, SNOWSIGHT))
		return read_page(mem, rest + strlen(SNOWSIGHT), account);
	size = strlen(rest);
	if (size > 0 && rest[size - 1] == '/')
		rest[--size] = '\0'; /* as an address bar copies it */
	for (size_t i = 0; domains[i]; i++) {
		if (text_ends(rest, domains[i])) {
			rest[size - strlen(domains[i])] = '\0';
			return finish(mem, rest, domains[i], account);
		}
	}
	return !is_address && read_plain(mem, rest, account);
}

const char *snowflake_host(struct job *job)
{
	struct snowflake_account account;

	if (!snowflake_account_read(
		    job->mem, vendor_setting(job, "snowflake_account_url"),
		    &account))
		return NULL;
	return account.host;
}

bool snowflake_account(struct job *job, const char **organization,
                       const char **account)
{
	const char *host = snowflake_host(job);
	const char *hyphen = host ? strchr(host, '-') : NULL;
	const char *end = host ? strchr(host, '.') : NULL;

	if (!hyphen || !end || hyphen > end || !text_same(end, domains[0]))
		return false;
	*organization = text_copy_n(job->mem, host, (size_t)(hyphen - host));
	*account =
		text_copy_n(job->mem, hyphen + 1, (size_t)(end - hyphen - 1));
	return true;
}

/* ---- objects ---- */

/* One part: "quoted as it is", with its quotes, or a plain word. end: set
 * behind it. */
static const char *read_part(struct arena *mem, const char *text,
                             const char **end)
{
	size_t size;
	char *word;

	if (*text == '"') {
		bool closed = false;

		for (*end = text + 1; **end && !closed; ++*end) {
			if (**end != '"')
				continue;
			closed = (*end)[1] != '"';
			*end += !closed;
		}
		if (!closed || *end - text < 3)
			return NULL;
		return text_copy_n(mem, text, (size_t)(*end - text));
	}
	size = strspn(text, WORD_CHARACTERS);
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

/* The inside of the quotes, if there are any. */
static const char *bare(struct arena *mem, const char *part)
{
	struct buffer out = { .mem = mem };

	if (*part != '"')
		return part;
	for (const char *c = part + 1; c[1]; c++) {
		buffer_add_n(&out, c, 1);
		c += *c == '"';
	}
	return buffer_text(&out);
}

size_t snowflake_names_read(struct arena *mem, const char *text,
                            const char **names, size_t most)
{
	size_t count = 0;

	for (;;) {
		const char *end, *part;

		text += strspn(text, " ");
		part = read_part(mem, text, &end);
		if (!part || count == most)
			return 0;
		names[count++] = bare(mem, part);
		end += strspn(end, " ");
		if (*end != ',')
			return *end ? 0 : count;
		text = end + 1;
	}
}
