#include "outbound/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include <curl/curl.h>

#include "core/text.h"
#include "outbound/rules.h"

enum { ADDRESS_SIZE = 16, HOST_MOST = 253, LABEL_MOST = 63 };

/* IPv6 prefixes that carry an IPv4 address, and where in them it stands. */
static const struct {
	const char *prefix;
	unsigned bits;
	size_t at;
} carriers[] = {
	{ "::ffff:0:0", 96, 12 }, /* mapped */
	{ "64:ff9b::", 96, 12 },  /* NAT64, RFC 6052 */
	{ "2002::", 16, 2 },      /* 6to4 */
	{ 0 },
};

// clang-format off
static const struct {
	const char *prefix;
	unsigned bits;
} set_aside[] = {
	{ "0.0.0.0",       8 },  /* this network */
	{ "10.0.0.0",      8 },  /* private */
	{ "100.64.0.0",    10 }, /* carrier-grade NAT */
	{ "127.0.0.0",     8 },  /* loopback */
	{ "169.254.0.0",   16 }, /* link-local; clouds keep their keys there */
	{ "172.16.0.0",    12 }, /* private */
	{ "192.0.0.0",     24 }, /* IETF protocols */
	{ "192.0.2.0",     24 }, /* documentation */
	{ "192.31.196.0",  24 }, /* AS112 */
	{ "192.52.193.0",  24 }, /* AMT */
	{ "192.88.99.0",   24 }, /* 6to4 relays */
	{ "192.168.0.0",   16 }, /* private */
	{ "192.175.48.0",  24 }, /* AS112 */
	{ "198.18.0.0",    15 }, /* benchmarks */
	{ "198.51.100.0",  24 }, /* documentation */
	{ "203.0.113.0",   24 }, /* documentation */
	{ "224.0.0.0",     4 },  /* multicast */
	{ "240.0.0.0",     4 },  /* reserved, broadcast */
	{ "2001::",        23 }, /* IETF protocols: Teredo, ORCHID, benchmarks */
	{ "2001:db8::",    32 }, /* documentation */
	{ "2620:4f:8000::", 48 }, /* AS112 */
	{ "3fff::",        20 }, /* documentation */
	{ 0 },
};
// clang-format on

/* All of IPv6 that is not 2000::/3 is set aside or not given out: unspecified,
 * loopback, IPv4-compatible, local NAT64, discard, unique local, link-local,
 * site-local, multicast, segment routing. */
static const unsigned char global_unicast[] = { 0x20 };

static bool within(const unsigned char *address, const unsigned char *prefix,
                   unsigned bits)
{
	unsigned whole = bits / 8;
	unsigned char mask = (unsigned char)(0xff00u >> (bits % 8));

	if (memcmp(address, prefix, whole) != 0)
		return false;
	return !mask || ((address[whole] ^ prefix[whole]) & mask) == 0;
}

/* Every address in the form of 16 bytes, IPv4 as ::ffff:a.b.c.d. */
static void widen(const void *four, unsigned char *address)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	memcpy(address, mapped, sizeof(mapped));
	memcpy(address + sizeof(mapped), four, 4);
}

static bool is_set_aside(const unsigned char *address)
{
	unsigned char prefix[ADDRESS_SIZE];

	for (size_t i = 0; set_aside[i].prefix; i++) {
		unsigned bits = set_aside[i].bits;
		unsigned char four[4];

		if (inet_pton(AF_INET, set_aside[i].prefix, four) == 1) {
			widen(four, prefix);
			bits += 96;
		} else {
			inet_pton(AF_INET6, set_aside[i].prefix, prefix);
		}
		if (within(address, prefix, bits))
			return true;
	}
	return false;
}

/* Whether address is an IPv4 one, after taking it out of what carries it. */
static bool unwrap(unsigned char *address)
{
	unsigned char prefix[ADDRESS_SIZE];

	for (size_t i = 0; carriers[i].prefix; i++) {
		inet_pton(AF_INET6, carriers[i].prefix, prefix);
		if (within(address, prefix, carriers[i].bits)) {
			unsigned char four[4];

			memcpy(four, address + carriers[i].at, sizeof(four));
			widen(four, address);
			return true;
		}
	}
	return false;
}

bool address_public(const struct sockaddr *address)
{
	unsigned char bytes[ADDRESS_SIZE];
	bool four;

	if (address->sa_family == AF_INET)
		widen(&((const struct sockaddr_in *)address)->sin_addr, bytes);
	else if (address->sa_family == AF_INET6)
		memcpy(bytes,
		       &((const struct sockaddr_in6 *)address)->sin6_addr,
		       sizeof(bytes));
	else
		return false;

	four = unwrap(bytes);
	if (!four && !within(bytes, global_unicast, 3))
		return false;
	return !is_set_aside(bytes);
}

/* Labels of letters, digits and inner hyphens (RFC 1123), the last of them no
 * number, which would make it an address. */
static bool is_name(const char *host)
{
	const char *last = strrchr(host, '.');
	size_t label = 0;

	if (!last || strlen(host) > HOST_MOST)
		return false;
	if (last[1] >= '0' && last[1] <= '9')
		return false;
	for (const char *at = host;; at++) {
		if (*at == '.' || !*at) {
			if (label == 0 || label > LABEL_MOST || at[-1] == '-')
				return false;
			if (!*at)
				return true;
			label = 0;
			continue;
		}
		if (!(*at >= 'a' && *at <= 'z') &&
		    !(*at >= '0' && *at <= '9') && !(*at == '-' && label > 0))
			return false;
		label++;
	}
}

bool host_allowed(const char *host, const char *const *allowed)
{
	if (!is_name(host))
		return false;
	for (size_t i = 0; allowed && allowed[i]; i++) {
		const char *entry = allowed[i];

		if (text_same(entry, "*") ||
		    (entry[0] == '.' ? text_ends(host, entry)
		                     : text_same(host, entry)))
			return true;
	}
	return false;
}

/* libcurl takes blanks, backslashes and other alphabets in places where other
 * parsers see an end; what url_fill() makes has none of them. */
static bool plain_ascii(const char *url)
{
	for (; *url; url++)
		if (*url <= ' ' || *url > '~' || *url == '\\')
			return false;
	return true;
}

static bool part_is(CURLU *url, CURLUPart part, unsigned flags,
                    const char *wanted)
{
	char *text = NULL;
	bool same = curl_url_get(url, part, &text, flags) == CURLUE_OK &&
	            text_same(text, wanted);

	curl_free(text);
	return same;
}

static bool part_absent(CURLU *url, CURLUPart part)
{
	char *text = NULL;
	CURLUcode code = curl_url_get(url, part, &text, 0);

	curl_free(text);
	return code != CURLUE_OK;
}

static bool host_listed(CURLU *url, const char *const *allowed)
{
	char *host = NULL;
	bool listed =
		curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
		host_allowed(host, allowed);

	curl_free(host);
	return listed;
}

/* What is wrong with a URL that libcurl could read; NULL if nothing is. */
static const char *url_wrong(CURLU *url, const char *const *allowed)
{
	if (!part_is(url, CURLUPART_SCHEME, 0, "https") &&
	    !(outbound_rules.plain &&
	      part_is(url, CURLUPART_SCHEME, 0, "http")))
		return "the scheme is not https";
	if (!outbound_rules.any_port &&
	    !part_is(url, CURLUPART_PORT, CURLU_DEFAULT_PORT, "443"))
		return "the port is not 443";
	if (!part_absent(url, CURLUPART_USER) ||
	    !part_absent(url, CURLUPART_PASSWORD) ||
	    !part_absent(url, CURLUPART_OPTIONS))
		return "the URL names a user";
	if (!part_absent(url, CURLUPART_FRAGMENT))
		return "the URL has a fragment";
	if (!host_listed(url, allowed))
		return "the host is not on the list";
	return NULL;
}

CURLU *url_open(const char *url, const char *const *allowed, const char **wrong)
{
	CURLU *parsed;

	*wrong = "the URL is malformed";
	if (!url || !plain_ascii(url))
		return NULL;
	parsed = curl_url();
	if (parsed && curl_url_set(parsed, CURLUPART_URL, url,
	                           CURLU_PATH_AS_IS) == CURLUE_OK)
		*wrong = url_wrong(parsed, allowed);
	if (*wrong) {
		curl_url_cleanup(parsed);
		return NULL;
	}
	return parsed;
}
