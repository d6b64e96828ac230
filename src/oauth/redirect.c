#include "oauth/redirect.h"

#include <string.h>

#include "core/text.h"

enum { URI_MOST = 2000, SCHEME_MOST = 64 };

#define LOWER_DIGITS "abcdefghijklmnopqrstuvwxyz0123456789"

/* Schemes that applications have registered for themselves on people's
 * machines, and clients that register themselves may name. */
static const char *const applications[] = {
	"cursor", "vscode", "vscode-insiders", "windsurf", "zed", NULL,
};

/* Of no application: what a browser does by itself. */
static const char *const never[] = {
	"about",      "blob",   "content",  "data", "file", "filesystem", "ftp",
	"javascript", "mailto", "vbscript", "ws",   "wss",  NULL,
};

/* What an answer says, and therefore no redirect URI of itself. */
static const char *const answers[] = {
	"code", "error", "error_description", "iss", "state", NULL,
};

static const char *const loopbacks[] = {
	"127.0.0.1",
	"[::1]",
	"localhost",
	NULL,
};

/* A URI in pieces, where it is one: lengths of what begins there. */
struct pieces {
	size_t scheme;
	const char *host; /* NULL: no authority */
	size_t host_size;
	const char *port; /* its digits; NULL: none */
	size_t port_size;
	const char *rest; /* path and query */
};

static bool listed(const char *const *list, const char *text, size_t size)
{
	for (; *list; list++)
		if (strlen(*list) == size && strncmp(*list, text, size) == 0)
			return true;
	return false;
}

static bool port_fine(const char *port, size_t size)
{
	enum { DIGITS_MOST = 5 };

	return size > 0 && size <= DIGITS_MOST && *port != '0' &&
	       strspn(port, "0123456789") == size &&
	       (size < DIGITS_MOST || strncmp(port, "65535", size) <= 0);
}

/* Takes host and port apart; false for a user, or a port that is none. */
static bool read_authority(const char *from, size_t size, struct pieces *to)
{
	const char *end = from + size;
	const char *close = *from == '[' ? memchr(from, ']', size) : NULL;
	const char *after = close ? close + 1 : from + strcspn(from, ":/?");

	if (memchr(from, '@', size))
		return false;
	if (after > end)
		after = end;
	to->host = from;
	to->host_size = (size_t)(after - from);
	if (after == end)
		return to->host_size > 0;
	to->port = after + 1;
	to->port_size = (size_t)(end - to->port);
	return to->host_size > 0 && *after == ':' &&
	       port_fine(to->port, to->port_size);
}

static bool read_pieces(const char *uri, struct pieces *to)
{
	const char *start;

	*to = (struct pieces){ .scheme = strspn(uri, LOWER_DIGITS "+-.") };
	start = uri + to->scheme;
	if (to->scheme == 0 || to->scheme > SCHEME_MOST || *start++ != ':' ||
	    *uri < 'a')
		return false;
	to->rest = start;
	if (strncmp(start, "//", 2) != 0)
		return *start != '\0';
	start += 2;
	to->rest = start + strcspn(start, "/?");
	return read_authority(start, (size_t)(to->rest - start), to);
}

static bool is_scheme(const char *uri, const struct pieces *of,
                      const char *scheme)
{
	return strlen(scheme) == of->scheme &&
	       strncmp(uri, scheme, of->scheme) == 0;
}

static bool on_loopback(const char *uri, const struct pieces *of)
{
	return is_scheme(uri, of, "http") && of->host &&
	       listed(loopbacks, of->host, of->host_size);
}

static bool host_fine(const struct pieces *of)
{
	size_t fine = strspn(of->host, LOWER_DIGITS "-.");

	return fine == of->host_size && of->host[0] != '.' &&
	       of->host[0] != '-' && of->host[fine - 1] != '.' &&
	       !memmem(of->host, of->host_size, "..", 2);
}

static bool has_dot_segment(const char *path)
{
	size_t size = strcspn(path, "?");

	while (size > 0) {
		size_t step = 1 + strcspn(path + 1, "/?");
		size_t name = step - 1;

		if (step > size)
			step = size;
		if (name > 0 && name <= 2 && strncmp(path + 1, "..", name) == 0)
			return true;
		path += step;
		size -= step;
	}
	return false;
}

/* Whether a query has a parameter that answers have, as it is or escaped. */
static bool answers_itself(const char *rest)
{
	for (const char *at = strchr(rest, '?'); at; at = strchr(at, '&')) {
		size_t size = strcspn(++at, "=&");

		if (listed(answers, at, size) || memchr(at, '%', size))
			return true;
	}
	return false;
}

const char *redirect_wrong(const char *uri, bool registered)
{
	struct pieces of;

	if (strlen(uri) > URI_MOST)
		return "A redirect URI is longer than 2,000 bytes.";
	for (const char *c = uri; *c; c++)
		if (*c <= ' ' || *c > '~' || strchr("\"<>\\^`{|}#", *c))
			return "A redirect URI has a fragment, or a character "
			       "that may not stand in one as it is.";
	if (!read_pieces(uri, &of))
		return "A redirect URI is no absolute URI in lower case "
		       "without a user.";
	if (has_dot_segment(of.rest))
		return "A redirect URI has a dot segment.";
	if (answers_itself(of.rest))
		return "A redirect URI has a parameter that answers have, or "
		       "one with an escaped name.";
	if (on_loopback(uri, &of))
		return NULL;
	if (is_scheme(uri, &of, "https"))
		return of.host && host_fine(&of)
		               ? NULL
		               : "A redirect URI has no host name.";
	if (is_scheme(uri, &of, "http") || listed(never, uri, of.scheme) ||
	    (!registered && !listed(applications, uri, of.scheme)))
		return "A redirect URI must be https, http on loopback, or of "
		       "a known application's scheme.";
	return NULL;
}

/* Without its port, if it is on loopback. */
static bool same_but_port(const char *known, const char *uri)
{
	struct pieces a, b;

	return read_pieces(known, &a) && read_pieces(uri, &b) &&
	       on_loopback(known, &a) && on_loopback(uri, &b) &&
	       a.host_size == b.host_size &&
	       strncmp(a.host, b.host, a.host_size) == 0 &&
	       text_same(a.rest, b.rest);
}

bool redirect_known(json_object *uris, const char *uri)
{
	if (redirect_wrong(uri, true))
		return false;
	for (size_t i = 0; i < js_count(uris); i++) {
		const char *known = js_text(js_item(uris, i));

		if (known &&
		    (text_same(known, uri) || same_but_port(known, uri)))
			return true;
	}
	return false;
}

bool redirect_is_local(const char *uri)
{
	struct pieces of;

	return read_pieces(uri, &of) && !is_scheme(uri, &of, "https");
}

const char *redirect_place(struct arena *mem, const char *uri)
{
	struct pieces of;

	if (!read_pieces(uri, &of))
		return "";
	if (is_scheme(uri, &of, "https") || on_loopback(uri, &of))
		return text_copy_n(mem, of.host, of.host_size);
	return text_format(mem, "%.*s://", (int)of.scheme, uri);
}

const char *redirect_source(struct arena *mem, const char *uri)
{
	struct pieces of;

	if (!read_pieces(uri, &of))
		return "";
	if (is_scheme(uri, &of, "https") || on_loopback(uri, &of))
		return text_copy_n(mem, uri, (size_t)(of.rest - uri));
	return text_format(mem, "%.*s:", (int)of.scheme, uri);
}

const char *redirect_with(struct arena *mem, const char *uri, size_t count,
                          const char *const *names, const char *const *values)
{
	struct buffer to = { .mem = mem };
	char joint = strchr(uri, '?') ? '&' : '?';

	buffer_add(&to, uri);
	for (size_t i = 0; i < count; i++) {
		if (!values[i])
			continue;
		buffer_format(&to, "%c%s=%s", joint, names[i],
		              text_percent(mem, values[i]));
		joint = '&';
	}
	return buffer_text(&to);
}
