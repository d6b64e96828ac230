#include "outbound/exchange.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/text.h"
#include "outbound/address.h"
#include "outbound/rules.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0"
#endif

enum {
	LIFETIME_SECONDS = 300, /* older connections are not used (OH-10) */
	NAMES_SECONDS = 60,     /* how long an address is remembered */
	RETRY_AFTER_MOST = 86400,
	MAX_AGE_MOST = 1 << 30,
	BODY_START = 4096,
};

static const struct {
	CURLcode code;
	enum call_end end;
} endings[] = {
	{ CURLE_OK, CALL_ANSWERED },
	{ CURLE_COULDNT_RESOLVE_HOST, CALL_UNREACHABLE },
	{ CURLE_COULDNT_CONNECT, CALL_UNREACHABLE },
	{ CURLE_PEER_FAILED_VERIFICATION, CALL_UNTRUSTED },
	{ CURLE_SSL_CONNECT_ERROR, CALL_UNTRUSTED },
	{ CURLE_SSL_CACERT_BADFILE, CALL_UNTRUSTED },
	{ CURLE_SSL_ISSUER_ERROR, CALL_UNTRUSTED },
	{ CURLE_OPERATION_TIMEDOUT, CALL_TIMED_OUT },
	{ CURLE_FILESIZE_EXCEEDED, CALL_TOO_LARGE },
	{ 0 },
};

/* Counted here, after chunks are put together, since libcurl 7.88.1's own
 * bound lets bodies of unknown length through (security OH-6). */
static size_t take_body(char *bytes, size_t one, size_t size, void *to)
{
	struct exchange *exchange = to;

	(void)one;
	if (size > exchange->body_most - exchange->size) {
		exchange->too_large = true;
		return 0;
	}
	if (exchange->size + size >= exchange->room) {
		size_t room = exchange->room ? exchange->room : BODY_START;
		char *body;

		while (room <= exchange->size + size)
			room *= 2;
		body = realloc(exchange->body, room);
		if (!body)
			return 0;
		exchange->body = body;
		exchange->room = room;
	}
	memcpy(exchange->body + exchange->size, bytes, size);
	exchange->size += size;
	exchange->body[exchange->size] = '\0';
	return size;
}

/* Trailers come here too, and they end with an empty line as well. */
static size_t count_head(char *bytes, size_t one, size_t size, void *to)
{
	struct exchange *exchange = to;

	(void)one;
	if (size > exchange->head_most - exchange->head) {
		exchange->too_large = true;
		return 0;
	}
	exchange->head += size;
	exchange->head_whole = size <= 2 && bytes[size - 1] == '\n';
	return size;
}

/* The one place where a connection begins (security OH-3). */
static curl_socket_t open_socket(void *to, curlsocktype purpose,
                                 struct curl_sockaddr *address)
{
	struct exchange *exchange = to;

	if (purpose != CURLSOCKTYPE_IPCXN ||
	    !outbound_rules.address(&address->addr)) {
		exchange->address_refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family,
	              address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
	              address->protocol);
}

/* The same for every call: peers are verified, nothing comes from the
 * environment, nothing happens that was not asked for. */
static void set_rules(CURL *easy)
{
	const char *schemes = outbound_rules.plain ? "http,https" : "https";

	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, schemes);
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L); /* OH-4 */
	curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "https");

	curl_easy_setopt(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L); /* OH-2 */
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(easy, CURLOPT_CAINFO, outbound_rules.ca_file);
	curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);

	curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* OH-8 */
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(easy, CURLOPT_COOKIEFILE, NULL);
	curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);

	curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, NULL); /* OH-6 */
	curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
	curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);

	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L); /* OH-7 */
	/* Without it, ending a call waits for its name look-up to end. */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);

	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long)IDLE_SECONDS);
	curl_easy_setopt(easy, CURLOPT_MAXLIFETIME_CONN,
	                 (long)LIFETIME_SECONDS);
	curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, (long)NAMES_SECONDS);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "Gatehouse/" PACKAGE_VERSION);
}

static void set_bounds(CURL *easy, const struct call *call)
{
	long connect =
		call->connect_ms > 0 ? call->connect_ms : CALL_CONNECT_MS;

	/* 0 would mean without end, so exchange_new() refuses that. */
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
	                 (long)deadline_left(call->deadline));
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, connect);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, (long)CALL_SLOW_BYTES);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, call->slow_seconds);
	curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE,
	                 (curl_off_t)call->body_most);
}

static void set_callbacks(CURL *easy, struct exchange *exchange)
{
	curl_easy_setopt(easy, CURLOPT_PRIVATE, exchange);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, count_head);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, exchange);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange->error);
}

static bool add_header(struct exchange *exchange, const char *line)
{
	struct curl_slist *longer = curl_slist_append(exchange->headers, line);

	if (longer)
		exchange->headers = longer;
	return longer;
}

/* False without memory. */
static bool set_headers(struct exchange *exchange, const struct call *call)
{
	struct arena *mem = call->mem;
	/* libcurl would wait a second for leave to send a long body. */
	bool whole = add_header(exchange, "Expect:");

	for (const struct call_header *h = call->headers; h; h = h->next)
		whole = add_header(exchange, text_format(mem, "%s: %s", h->name,
		                                         h->value)) &&
		        whole;
	/* Not by libcurl's option, of which the connection keeps a copy. */
	if (call->bearer)
		whole = add_header(exchange,
		                   text_format(mem, "Authorization: Bearer %s",
		                               call->bearer)) &&
		        whole;
	curl_easy_setopt(exchange->easy, CURLOPT_HTTPHEADER, exchange->headers);
	return whole;
}

/* What is asked. False without memory. */
static bool set_question(struct exchange *exchange, const struct call *call)
{
	CURL *easy = exchange->easy;

	curl_easy_setopt(easy, CURLOPT_CURLU, exchange->url);
	/* Rather share a connection that is being made than make another: TLS
	 * soon tells if it can be shared. Plain http would tell only with its
	 * first reply. */
	curl_easy_setopt(easy, CURLOPT_PIPEWAIT,
	                 (long)text_starts(call->url, "https:"));
	/* A POST of nothing still has to say so. */
	if (call->body || !text_same(call->method, "GET")) {
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS,
		                 call->body ? call->body : "");
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
		                 (curl_off_t)call->body_size);
	}
	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, call->method);
	return set_headers(exchange, call);
}

/* A connection of HTTP/2 could be shared, and would then go on. */
static void set_alone(CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
}

/* False without memory. */
static bool set_elsewhere(struct exchange *exchange)
{
	const char *to = NULL;
	char *host;

	if (!outbound_rules.connect_to)
		return true;
	if (curl_url_get(exchange->url, CURLUPART_HOST, &host, 0) != CURLUE_OK)
		return false;
	to = outbound_rules.connect_to(host);
	curl_free(host);
	if (!to)
		return true;
	exchange->elsewhere = curl_slist_append(NULL, to);
	curl_easy_setopt(exchange->easy, CURLOPT_CONNECT_TO,
	                 exchange->elsewhere);
	return exchange->elsewhere;
}

struct exchange *exchange_new(const struct call *call, CURLSH *sessions,
                              const char **wrong)
{
	struct exchange *exchange;
	CURLU *url;

	*wrong = call_wrong(call);
	if (*wrong)
		return NULL;
	url = url_open(call->url, call->hosts, wrong);
	if (!url)
		return NULL;
	exchange = calloc(1, sizeof(*exchange));
	*wrong = "no memory";
	if (!exchange) {
		curl_url_cleanup(url);
		return NULL;
	}
	exchange->url = url;
	exchange->body_most = call->body_most;
	exchange->head_most = call->head_most;
	exchange->easy = curl_easy_init();
	if (!exchange->easy || !set_question(exchange, call) ||
	    !set_elsewhere(exchange)) {
		exchange_free(exchange);
		return NULL;
	}
	set_rules(exchange->easy);
	if (call->alone)
		set_alone(exchange->easy);
	set_bounds(exchange->easy, call);
	set_callbacks(exchange->easy, exchange);
	curl_easy_setopt(exchange->easy, CURLOPT_SHARE, sessions);
	return exchange;
}

void exchange_ended(struct exchange *exchange, CURLcode code)
{
	exchange->end = CALL_BROKEN;
	for (size_t i = 0; i == 0 || endings[i].code; i++)
		if (endings[i].code == code)
			exchange->end = endings[i].end;
	/* libcurl 7.88.1, t/unit/outbound_test.c: takes a head that breaks off
	 * after its first line for a whole one. */
	if (exchange->end == CALL_ANSWERED && !exchange->head_whole)
		exchange->end = CALL_BROKEN;
	if (exchange->too_large)
		exchange->end = CALL_TOO_LARGE;
	if (exchange->end == CALL_UNREACHABLE && exchange->address_refused)
		exchange->end = CALL_REFUSED;
	if (code != CURLE_OK && !exchange->error[0])
		strncat(exchange->error, curl_easy_strerror(code),
		        sizeof(exchange->error) - 1);
}

/* A reply's header as text of mem; NULL if it is absent, or no plain text. */
static const char *header_text(CURL *easy, struct arena *mem, const char *name)
{
	struct curl_header *header;

	if (curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) !=
	    CURLHE_OK)
		return NULL;
	for (const char *at = header->value; *at; at++)
		if (*at < ' ' || *at > '~')
			return NULL;
	return text_copy(mem, header->value);
}

/* What a Cache-Control says; text: NULL without one. */
static long max_age_of(struct arena *mem, const char *text)
{
	size_t count;
	char **parts = text_split(mem, text ? text : "", ',', &count);
	long age = -1;

	for (size_t i = 0; i < count; i++) {
		const char *part = text_lower(mem, text_trim(mem, parts[i]));

		if (text_same(part, "no-store") || text_same(part, "no-cache"))
			return 0;
		if (text_starts(part, "max-age=") &&
		    !text_number(part + strlen("max-age="), 0, MAX_AGE_MOST,
		                 &age))
			age = -1;
	}
	return age;
}

static void read_reply(struct exchange *exchange, struct call *call)
{
	struct reply *reply = &call->reply;
	CURL *easy = exchange->easy;
	curl_off_t retry_after = 0;
	long status = 0;

	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	reply->status = (int)status;
	reply->type = header_text(easy, call->mem, "Content-Type");
	reply->encoding = header_text(easy, call->mem, "Content-Encoding");
	reply->location = header_text(easy, call->mem, "Location");
	reply->max_age = max_age_of(
		call->mem, header_text(easy, call->mem, "Cache-Control"));
	/* Seconds or a date: libcurl reads both forms. */
	curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &retry_after);
	if (retry_after > RETRY_AFTER_MOST)
		retry_after = RETRY_AFTER_MOST;
	reply->retry_after = retry_after > 0 ? (long)retry_after : 0;
	if (exchange->body) {
		reply->body = exchange->body;
		reply->size = exchange->size;
		arena_defer(call->mem, free, exchange->body);
		exchange->body = NULL;
	}
}

void exchange_read(struct exchange *exchange, struct call *call)
{
	curl_off_t microseconds = 0;

	call->end = exchange->end;
	curl_easy_getinfo(exchange->easy, CURLINFO_TOTAL_TIME_T, &microseconds);
	call->ms = (long)(microseconds / 1000);
	if (exchange->end == CALL_ANSWERED)
		read_reply(exchange, call);
	else if (exchange->address_refused)
		call->note = "the address is not public";
	else
		call->note = text_copy(call->mem, exchange->error);
}

void exchange_free(struct exchange *exchange)
{
	if (!exchange)
		return;
	curl_easy_cleanup(exchange->easy);
	curl_slist_free_all(exchange->headers);
	curl_slist_free_all(exchange->elsewhere);
	curl_url_cleanup(exchange->url);
	free(exchange->body);
	free(exchange);
}
