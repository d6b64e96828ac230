#include "core/domains.h"

#include <string.h>
#include <strings.h>

#include "core/arena.h"
#include "core/text.h"

enum { LABEL_MOST = 63, NAME_MOST = 253 };

static bool letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool good_label(const char *label, size_t size)
{
	if (size == 0 || size > LABEL_MOST)
		return false;
	if (!letter_or_digit(label[0]) || !letter_or_digit(label[size - 1]))
		return false;
	for (size_t i = 0; i < size; i++)
		if (!letter_or_digit(label[i]) && label[i] != '-')
			return false;
	return true;
}

static bool good_name(const char *name)
{
	size_t size = strlen(name);

	if (size > NAME_MOST)
		return false;
	for (;; name += size + 1) {
		size = strcspn(name, ".");
		if (!good_label(name, size))
			return false;
		if (!name[size])
			return true;
	}
}

char *domain_read(struct arena *mem, const char *text)
{
	char *name = text_lower(mem, text);
	char *port = strchr(name, ':');
	long number = 0;

	if (port) {
		*port++ = '\0';
		if (!text_number(port, 1, 65535, &number))
			return NULL;
	}
	if (text_ends(name, "."))
		name[strlen(name) - 1] = '\0';
	if (!good_name(name))
		return NULL;
	return port ? text_format(mem, "%s:%ld", name, number) : name;
}

bool domain_is_loopback(const char *domain)
{
	size_t size = strcspn(domain, ":");
	const char *last = "localhost";
	size_t tail = strlen(last);

	if (text_starts(domain, "127.") &&
	    strspn(domain, "0123456789.") == size)
		return true;
	return size >= tail && memcmp(domain + size - tail, last, tail) == 0 &&
	       (size == tail || domain[size - tail - 1] == '.');
}

/* Takes "http://" or "https://" off; scheme: set to the one that was there,
 * "" if none was. */
static const char *without_scheme(const char *text, const char **scheme)
{
	static const char *const schemes[] = { "https://", "http://" };

	for (size_t i = 0; i < 2; i++) {
		size_t size = strlen(schemes[i]);

		*scheme = schemes[i];
		if (strncasecmp(text, schemes[i], size) == 0)
			return text + size;
	}
	*scheme = "";
	return text;
}

/* The domain of "[scheme]domain[/]"; NULL if it has another form. */
static char *bare_domain(struct arena *mem, const char *text,
                         const char **scheme)
{
	const char *rest = without_scheme(text, scheme);
	size_t size = strlen(rest);

	return domain_read(mem,
	                   text_copy_n(mem, rest, size - text_ends(rest, "/")));
}

char *domain_origin(struct arena *mem, const char *text)
{
	const char *scheme;
	char *domain = bare_domain(mem, text, &scheme);

	if (!domain || !*scheme)
		return NULL;
	return text_format(mem, "%s%s", scheme, domain);
}

/* Pools are small and read rarely: comparing each with each is fine. */
static bool among(char *const *domains, size_t count, const char *domain)
{
	for (size_t i = 0; i < count; i++)
		if (text_same(domains[i], domain))
			return true;
	return false;
}

const char *domains_read(struct arena *mem, const char *text, char ***domains)
{
	size_t count;
	char **entries = text_split(mem, text, ',', &count);
	const char *scheme;

	*domains = entries;
	for (size_t i = 0; i < count; i++) {
		char *domain = bare_domain(mem, entries[i], &scheme);

		if (!domain)
			return text_format(mem,
			                   "entry %zu (%s) is no host name "
			                   "with an optional port; write it "
			                   "like mcp1.example.org or "
			                   "localhost:8081",
			                   i + 1,
			                   text_cut(mem, entries[i], 60));
		if (among(entries, i, domain))
			return text_format(mem,
			                   "entry %zu (%s) stands there twice; "
			                   "delete one of them",
			                   i + 1, domain);
		entries[i] = domain;
	}
	return NULL;
}
