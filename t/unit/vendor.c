#include "vendor.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <zlib.h>

#include "core/text.h"
#include "outbound/address.h"
#include "outbound/rules.h"

enum { HEAD_MOST = 65536, BLOCK = 16384, TEN_SECONDS = 10000 };

atomic_int vendor_connections, vendor_requests, vendor_waiting, vendor_left,
	vendor_ended, vendor_mixed, names_asked;
char vendor_ca_file[256];

static bool loopback_too(const struct sockaddr *address)
{
	const struct sockaddr_in *four = (const void *)address;

	return (four->sin_family == AF_INET &&
	        four->sin_addr.s_addr == htonl(INADDR_LOOPBACK)) ||
	       address_public(address);
}

const struct outbound_rules outbound_rules = {
	.plain = true,
	.any_port = true,
	.ca_file = vendor_ca_file,
	.address = loopback_too,
};

int vendor_saw(atomic_int *count, int wanted)
{
	for (int i = 0; i < TEN_SECONDS && *count < wanted; i++)
		usleep(1000);
	return *count;
}

/* ---- names ---- */

static atomic_bool names_answer;
static atomic_int rebinds;

void vendor_names_answer(void)
{
	names_answer = true;
}

static const struct {
	const char *name, *address, *later;
} names[] = {
	{ "vendor.test", "127.0.0.1", NULL },
	{ "private.test", "10.0.0.1", NULL },
	{ "metadata.test", "169.254.169.254", NULL },
	{ "mapped.test", "::ffff:10.0.0.1", NULL },
	{ "rebind.test", "127.0.0.1", "10.0.0.1" },
	{ 0 },
};

struct answer {
	struct addrinfo info;
	struct sockaddr_storage address;
};

static int answer_with(const char *address, const char *port,
                       struct addrinfo **result)
{
	struct answer *answer = calloc(1, sizeof(*answer));
	struct sockaddr_in *four = (void *)&answer->address;
	struct sockaddr_in6 *six = (void *)&answer->address;
	in_port_t number =
		htons((in_port_t)strtol(port ? port : "0", NULL, 10));

	answer->info.ai_socktype = SOCK_STREAM;
	answer->info.ai_addr = (void *)&answer->address;
	if (inet_pton(AF_INET, address, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = number;
		answer->info.ai_addrlen = sizeof(*four);
	} else {
		inet_pton(AF_INET6, address, &six->sin6_addr);
		six->sin6_family = AF_INET6;
		six->sin6_port = number;
		answer->info.ai_addrlen = sizeof(*six);
	}
	answer->info.ai_family = answer->address.ss_family;
	*result = &answer->info;
	return 0;
}

/* In place of the C library's, for libcurl too. */
int getaddrinfo(const char *name, const char *port,
                const struct addrinfo *hints, struct addrinfo **result)
{
	(void)hints;
	names_asked++;
	if (text_same(name, "hang.test"))
		while (!names_answer)
			usleep(1000);
	for (size_t i = 0; names[i].name; i++) {
		if (!text_same(name, names[i].name))
			continue;
		if (names[i].later && rebinds++ > 0)
			return answer_with(names[i].later, port, result);
		return answer_with(names[i].address, port, result);
	}
	return EAI_NONAME;
}

void freeaddrinfo(struct addrinfo *info)
{
	free(info);
}

/* ---- answers ---- */

struct hit {
	int fd;
	const char *path;
	const char *head; /* the request line and headers */
	const char *body;
};

/* False once the other side has gone. */
static bool say_n(int fd, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		bytes += sent;
		size -= (size_t)sent;
	}
	return true;
}

static bool say(int fd, const char *text)
{
	return say_n(fd, text, strlen(text));
}

static bool answer(int fd, const char *status, const char *headers,
                   const char *body, size_t size)
{
	char head[4096];

	snprintf(head, sizeof(head),
	         "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n", status,
	         headers, size);
	return say(fd, head) && say_n(fd, body, size);
}

/* Keeps the other side waiting until it leaves. */
static bool keep_waiting(int fd)
{
	char byte;

	vendor_waiting++;
	while (recv(fd, &byte, 1, 0) > 0)
		;
	vendor_waiting--;
	vendor_left++;
	return false;
}

static bool ok(struct hit *hit)
{
	static const char body[] = "{\"ok\":true}";

	return answer(hit->fd, "200 OK", "Content-Type: application/json\r\n",
	              body, sizeof(body) - 1);
}

static bool echo(struct hit *hit)
{
	char *all = malloc(2 * HEAD_MOST + 1);
	bool on;

	snprintf(all, 2 * HEAD_MOST, "%s%s", hit->head, hit->body);
	on = answer(hit->fd, "200 OK", "Content-Type: text/plain\r\n", all,
	            strlen(all));
	free(all);
	return on;
}

/* /token/NAME wants the token NAME. */
static bool token(struct hit *hit)
{
	const char *sent = strcasestr(hit->head, "\r\nAuthorization: Bearer ");
	const char *name = hit->path + strlen("/token/");
	size_t size = strcspn(name, " ");

	sent = sent ? strchr(sent, ':') + strlen(": Bearer ") : "";
	if (strncmp(sent, name, size) != 0 || sent[size] != '\r')
		vendor_mixed++;
	return answer(hit->fd, "200 OK", "", name, size);
}

static bool bytes(struct hit *hit)
{
	size_t size = strtoul(hit->path + strlen("/bytes/"), NULL, 10);
	char *body = calloc(1, size + 1);
	bool on = answer(hit->fd, "200 OK", "", body, size);

	free(body);
	return on;
}

static bool flood(int fd, const char *before, const char *block, size_t size)
{
	if (!say(fd, before))
		return false;
	while (say_n(fd, block, size))
		;
	vendor_left++;
	return false;
}

static bool endless(struct hit *hit)
{
	static const char chunk[] = "10\r\n0123456789abcdef\r\n";

	return flood(hit->fd,
	             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
	             chunk, sizeof(chunk) - 1);
}

static bool until_close(struct hit *hit)
{
	static const char block[BLOCK];

	return flood(hit->fd, "HTTP/1.1 200 OK\r\n\r\n", block, BLOCK);
}

static bool announced(struct hit *hit)
{
	static const char block[BLOCK];

	return flood(hit->fd,
	             "HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n",
	             block, BLOCK);
}

static bool headers(struct hit *hit)
{
	static const char line[] = "X-More: and more and more and more\r\n";

	return flood(hit->fd, "HTTP/1.1 200 OK\r\n", line, sizeof(line) - 1);
}

static bool hints(struct hit *hit)
{
	static const char hint[] =
		"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";

	return flood(hit->fd, "", hint, sizeof(hint) - 1);
}

/* Sixteen million zeros; how: Content-Encoding, or Transfer-Encoding. */
static bool bomb(struct hit *hit, const char *how)
{
	static char zeros[1 << 20];
	static _Thread_local unsigned char packed[1 << 16];
	z_stream stream = { .next_out = packed, .avail_out = sizeof(packed) };
	char head[256];

	deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, 0);
	for (int i = 0; i < 16; i++) {
		stream.next_in = (unsigned char *)zeros;
		stream.avail_in = sizeof(zeros);
		deflate(&stream, i < 15 ? Z_NO_FLUSH : Z_FINISH);
	}
	deflateEnd(&stream);
	snprintf(head, sizeof(head), "HTTP/1.1 200 OK\r\n%s: gzip\r\n\r\n",
	         how);
	if (say(hit->fd, head))
		say_n(hit->fd, (char *)packed, stream.total_out);
	return false;
}

static bool gzip(struct hit *hit)
{
	return bomb(hit, "Content-Encoding");
}

static bool transfer_gzip(struct hit *hit)
{
	return bomb(hit, "Transfer-Encoding");
}

static bool redirect(struct hit *hit)
{
	char status[32];
	const char *code = hit->path + strlen("/redirect/");
	const char *to = strchr(code, '/') + 1;
	char header[256];

	snprintf(status, sizeof(status), "%.3s Moved", code);
	snprintf(header, sizeof(header), "Location: %.*s\r\n",
	         (int)strcspn(to, " "), to);
	return answer(hit->fd, status, header, "moved", 5);
}

static bool trouble(struct hit *hit)
{
	return answer(hit->fd, "500 Internal Server Error", "", "no", 2);
}

static bool busy(struct hit *hit)
{
	return answer(hit->fd, "429 Too Many Requests", "Retry-After: 7\r\n",
	              "wait", 4);
}

static bool busy_long(struct hit *hit)
{
	return answer(hit->fd, "503 Service Unavailable",
	              "Retry-After: Fri, 31 Dec 2999 23:59:59 GMT\r\n", "", 0);
}

static bool silent(struct hit *hit)
{
	return keep_waiting(hit->fd);
}

/* A byte a second, as long as somebody reads. */
static bool drip(struct hit *hit)
{
	struct pollfd gone = { .fd = hit->fd, .events = POLLRDHUP };

	say(hit->fd, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
	while (say(hit->fd, "x") && poll(&gone, 1, 1000) == 0)
		;
	vendor_left++;
	return false;
}

static bool half(struct hit *hit)
{
	say(hit->fd, "HTTP/1.1 200 OK\r\n");
	shutdown(hit->fd, SHUT_WR);
	return keep_waiting(hit->fd);
}

static bool stalled(struct hit *hit)
{
	say(hit->fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
	return keep_waiting(hit->fd);
}

static bool cut(struct hit *hit)
{
	say(hit->fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
	return false;
}

static bool not_http(struct hit *hit)
{
	say(hit->fd, "220 mail.test ESMTP\r\n");
	return false;
}

/* Answers only once a hundred wait at the same time. */
static bool crowd(struct hit *hit)
{
	static atomic_int here;

	here++;
	vendor_saw(&here, 100);
	return ok(hit);
}

static const struct {
	const char *path;
	bool (*answer)(struct hit *hit); /* whether the connection goes on */
} answers[] = {
	{ "/ok", ok },
	{ "/echo", echo },
	{ "/token/", token },
	{ "/bytes/", bytes },
	{ "/endless", endless },
	{ "/until-close", until_close },
	{ "/announced", announced },
	{ "/headers", headers },
	{ "/hints", hints },
	{ "/gzip", gzip },
	{ "/transfer-gzip", transfer_gzip },
	{ "/redirect/", redirect },
	{ "/trouble", trouble },
	{ "/busy-long", busy_long },
	{ "/busy", busy },
	{ "/silent", silent },
	{ "/drip", drip },
	{ "/half", half },
	{ "/stalled", stalled },
	{ "/cut", cut },
	{ "/not-http", not_http },
	{ "/crowd", crowd },
	{ 0 },
};

/* ---- connections ---- */

/* One request, read whole: its head ends where the body begins. False when
 * there is none any more. */
static bool read_request(int fd, char *head, char *body)
{
	size_t size = 0;
	size_t wanted;
	const char *length;

	while (size < HEAD_MOST - 1 && recv(fd, head + size, 1, 0) == 1) {
		head[++size] = '\0';
		if (size >= 4 && strcmp(head + size - 4, "\r\n\r\n") == 0)
			break;
	}
	if (size < 4 || strcmp(head + size - 4, "\r\n\r\n") != 0)
		return false;
	length = strcasestr(head, "\r\nContent-Length: ");
	wanted = length ? strtoul(strchr(length, ':') + 1, NULL, 10) : 0;
	if (wanted >= HEAD_MOST)
		return false;
	body[wanted] = '\0';
	return wanted == 0 ||
	       recv(fd, body, wanted, MSG_WAITALL) == (ssize_t)wanted;
}

static bool answer_one(struct hit *hit)
{
	hit->path = strchr(hit->head, ' ') + 1;
	vendor_requests++;
	for (size_t i = 0; answers[i].path; i++)
		if (text_starts(hit->path, answers[i].path))
			return answers[i].answer(hit);
	return answer(hit->fd, "404 Not Found", "", "", 0);
}

static void *serve(void *arg)
{
	int fd = (int)(long)arg;
	char *head = malloc(HEAD_MOST);
	char *body = malloc(HEAD_MOST);
	struct hit hit = { .fd = fd, .head = head, .body = body };

	while (read_request(fd, head, body) && answer_one(&hit))
		;
	free(body);
	free(head);
	close(fd);
	vendor_ended++;
	return NULL;
}

static void *accept_all(void *arg)
{
	int listening = (int)(long)arg;
	const int on = 1;
	int fd;

	while ((fd = accept(listening, NULL, NULL)) >= 0) {
		pthread_t thread;

		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		vendor_connections++;
		pthread_create(&thread, NULL, serve, (void *)(long)fd);
		pthread_detach(thread);
	}
	return NULL;
}

int vendor_start(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof(address);
	int listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pthread_t thread;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(listening, (void *)&address, size) < 0 ||
	    listen(listening, SOMAXCONN) < 0 ||
	    getsockname(listening, (void *)&address, &size) < 0) {
		perror("no vendor");
		exit(1);
	}
	pthread_create(&thread, NULL, accept_all, (void *)(long)listening);
	pthread_detach(thread);
	return ntohs(address.sin_port);
}
