#include "check.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/config.h"
#include "core/deadline.h"
#include "core/text.h"
#include "outbound/outbound.h"
#include "vendor.h"

enum { LONG_MS = 20000, CROWD = 100, TURNS = 1000, LANES = 10 };

static const char *const hosts[] = { ".test", NULL };
static struct outbound *outbound;
static struct arena *mem;
static int port;

static struct deadline long_time(void)
{
	return deadline_in(LONG_MS);
}

static struct call *call_to(const char *host, const char *path)
{
	/* not url_fill(): these tests are not about URLs */
	const char *url = text_format(mem, "http://%s:%d%s", host, port, path);

	return call_new(mem, "GET", url, hosts, long_time());
}

static struct call *ended(struct call *call)
{
	outbound_send(outbound, call);
	while (outbound_wait(outbound, &call, 1, long_time(), -1) > 0)
		;
	return call;
}

static struct call *get(const char *path)
{
	return ended(call_to("vendor.test", path));
}

static void check_replies(void)
{
	struct call *call = get("/ok");

	CHECK_INT(call->end, CALL_ANSWERED);
	CHECK_INT(call->reply.status, 200);
	CHECK_TEXT(call->reply.type, "application/json");
	CHECK_TEXT(call->reply.body, "{\"ok\":true}");
	CHECK_INT(call->reply.retry_after, 0);
	CHECK_TEXT(call->note, NULL);
	CHECK_FINE(call_json(call));

	call = get("/nowhere");
	CHECK_INT(call->end, CALL_ANSWERED);
	CHECK_INT(call->reply.status, 404);
	CHECK_TEXT(call->reply.body, "");

	call = get("/busy");
	CHECK_INT(call->reply.status, 429);
	CHECK_INT(call->reply.retry_after, 7);
	call = get("/busy-long");
	CHECK_INT(call->reply.retry_after, 86400); /* a date, and its bound */

	CHECK_INT(get("/cut")->end, CALL_BROKEN);
	CHECK_INT(get("/not-http")->end, CALL_BROKEN);
	CHECK_INT(ended(call_to("nowhere.test", "/"))->end, CALL_UNREACHABLE);
}

static void check_questions(void)
{
	struct call *call = call_to("vendor.test", "/echo");
	const char *seen;

	call->method = "POST";
	call->bearer = "abc.def";
	call_header(call, "Accept", "application/json");
	call_body(call, "text/plain", "the body");
	seen = ended(call)->reply.body;
	CHECK(text_starts(seen, "POST /echo HTTP/1.1\r\n"));
	CHECK(strstr(seen, "\r\nAuthorization: Bearer abc.def\r\n"));
	CHECK(strstr(seen, "\r\nAccept: application/json\r\n"));
	CHECK(strstr(seen, "\r\nContent-Type: text/plain\r\n"));
	CHECK(strstr(seen, "\r\nUser-Agent: Gatehouse/"));
	CHECK(!strstr(seen, "Accept-Encoding"));
	CHECK(!strstr(seen, "Expect"));
	CHECK(text_ends(seen, "\r\n\r\nthe body"));

	call = call_to("vendor.test", "/echo");
	call->method = "POST";
	seen = ended(call)->reply.body;
	CHECK(strstr(seen, "\r\nContent-Length: 0\r\n"));

	/* OH-9: never gets to libcurl, so the vendor sees no extra header. */
	call = call_to("vendor.test", "/echo");
	call_header(call, "X-Note", "a\r\nX-Evil: 1");
	CHECK_INT(ended(call)->end, CALL_REFUSED);
	call = call_to("vendor.test", "/echo");
	call->bearer = "abc\r\nX-Evil: 1";
	CHECK_INT(ended(call)->end, CALL_REFUSED);
}

/* OH-3: no connection is made to what is not public, however it is named. */
static void check_addresses(void)
{
	int before = vendor_connections;
	struct call *call = ended(call_to("private.test", "/ok"));

	CHECK_INT(call->end, CALL_REFUSED);
	CHECK_TEXT(call->note, "the address is not public");
	CHECK_INT(ended(call_to("metadata.test", "/ok"))->end, CALL_REFUSED);
	CHECK_INT(ended(call_to("mapped.test", "/ok"))->end, CALL_REFUSED);
	CHECK_INT(vendor_connections, before);
}

/* OH-3: a name that changes its answer. The connection that /cut closes forces
 * a second look-up once the first answer is forgotten: another thread's. */
static void check_rebinding(void)
{
	struct config config = { .outbound_threads = 1 };
	struct outbound *first = outbound;
	struct fault *fault = outbound_open(mem, &config, &outbound);

	CHECK_FINE(fault);
	CHECK_INT(ended(call_to("rebind.test", "/ok"))->end, CALL_ANSWERED);
	outbound_close(outbound);
	CHECK_FINE(outbound_open(mem, &config, &outbound));
	CHECK_INT(ended(call_to("rebind.test", "/ok"))->end, CALL_REFUSED);
	outbound_close(outbound);
	outbound = first;
}

/* OH-4 */
static const char *const redirects[] = {
	"/redirect/301/http://10.0.0.1/",
	"/redirect/302/https://10.0.0.1/",
	"/redirect/303/https://evil.test/",
	"/redirect/307/http://vendor.test/ok",
	"/redirect/308/file:///etc/passwd",
	NULL,
};

static void check_redirects(void)
{
	int before = vendor_requests;
	int count = 0;

	for (; redirects[count]; count++) {
		struct call *call = get(redirects[count]);
		const char *to = strchr(redirects[count] + 10, '/') + 1;

		CHECK_ROW(call->end == CALL_ANSWERED &&
		                  call->reply.status / 100 == 3 &&
		                  text_same(call->reply.location, to) &&
		                  text_same(call->reply.body, "moved"),
		          redirects[count]);
	}
	CHECK_INT(vendor_requests - before, count);
}

/* OH-5 */
static void check_hosts(void)
{
	int before = vendor_requests;
	struct call *call = call_to("vendor.test", "/ok");

	call->hosts = (const char *const[]){ "other.test", NULL };
	CHECK_INT(ended(call)->end, CALL_REFUSED);
	call = call_to("vendor.test", "/ok");
	call->hosts = NULL;
	CHECK_INT(ended(call)->end, CALL_REFUSED);
	CHECK_INT(ended(call_to("127.0.0.1", "/ok"))->end, CALL_REFUSED);
	call = call_to("vendor.test", "/ok");
	call->url = NULL;
	CHECK_INT(ended(call)->end, CALL_REFUSED);
	CHECK_INT(vendor_requests, before);
}

/* OH-6: each is cut off at the bound, and the vendor notices. */
static const char *const floods[] = {
	"/endless", "/until-close", "/announced", "/headers", "/hints", NULL,
};

static void check_bounds(void)
{
	struct call *call;

	for (int i = 0; floods[i]; i++) {
		int left = vendor_left;

		call = get(floods[i]);
		CHECK_ROW(call->end == CALL_TOO_LARGE && call->reply.size == 0,
		          floods[i]);
		CHECK(vendor_saw(&vendor_left, left + 1) > left);
	}
	call = call_to("vendor.test", "/bytes/50000");
	call->body_most = 50000;
	CHECK_INT(ended(call)->reply.size, 50000);
	call = call_to("vendor.test", "/bytes/50001");
	call->body_most = 50000;
	CHECK_INT(ended(call)->end, CALL_TOO_LARGE);
	call = call_to("vendor.test", "/bytes/1");
	call->body_most = 0;
	CHECK_INT(ended(call)->end, CALL_TOO_LARGE);

	/* sixteen million bytes, packed into less than 32,000 */
	call = get("/gzip");
	CHECK_INT(call->end, CALL_ANSWERED);
	CHECK_TEXT(call->reply.encoding, "gzip");
	CHECK(call->reply.size < 32000);
	CHECK(memcmp(call->reply.body, "\x1f\x8b", 2) == 0);
	CHECK(get("/transfer-gzip")->reply.size < CALL_BODY_MOST);
}

/* OH-7: each ends at its bound, although the vendor never would. */
static const char *const slow[] = { "/silent", "/drip", "/stalled", NULL };

static void check_times(void)
{
	struct call *call;

	for (int i = 0; slow[i]; i++) {
		int left = vendor_left;

		call = call_to("vendor.test", slow[i]);
		call->deadline = deadline_in(100);
		CHECK_ROW(ended(call)->end == CALL_TIMED_OUT, slow[i]);
		CHECK(vendor_saw(&vendor_left, left + 1) > left);
	}
	CHECK_INT(get("/half")->end, CALL_BROKEN);
	call = call_to("vendor.test", "/drip");
	call->slow_seconds = 1; /* a byte a second is too slow */
	CHECK_INT(ended(call)->end, CALL_TIMED_OUT);

	call = call_to("vendor.test", "/ok");
	call->deadline = deadline_in(0);
	CHECK_INT(ended(call)->end, CALL_TIMED_OUT);
}

/* OH-7: a name server that is silent holds nobody up but its own call. */
static void check_names(void)
{
	struct call *hanging = call_to("hang.test", "/ok");
	int asked = names_asked;

	outbound_send(outbound, hanging);
	CHECK(vendor_saw(&names_asked, asked + 1) > asked);
	CHECK_INT(get("/ok")->end, CALL_ANSWERED);
	CHECK_INT(outbound_wait(outbound, &hanging, 1, deadline_in(50), -1), 0);
	CHECK_INT(hanging->end, CALL_TIMED_OUT);
	CHECK_INT(get("/ok")->end, CALL_ANSWERED);
	vendor_names_answer();
}

/* The deadline of the wait ends what is away, at the vendor too. */
static void check_deadline(void)
{
	int left = vendor_left;
	struct call *calls[] = { call_to("vendor.test", "/silent"),
		                 call_to("vendor.test", "/ok"),
		                 call_to("vendor.test", "/silent") };
	int64_t start;

	for (int i = 0; i < 3; i++)
		outbound_send(outbound, calls[i]);
	CHECK_INT(outbound_wait(outbound, calls, 3, long_time(), -1), 2);
	CHECK_INT(calls[0]->end, CALL_OPEN);
	CHECK_INT(calls[1]->end, CALL_ANSWERED);
	start = clock_ms();
	CHECK_INT(outbound_wait(outbound, calls, 3, deadline_in(50), -1), 0);
	CHECK_INT(calls[0]->end, CALL_TIMED_OUT);
	CHECK_INT(calls[1]->end, CALL_ANSWERED);
	CHECK_INT(calls[2]->end, CALL_TIMED_OUT);
	CHECK_INT(vendor_saw(&vendor_left, left + 2), left + 2);
	CHECK(clock_ms() - start < 50 + 1000);
	CHECK_INT(outbound_wait(outbound, calls, 3, long_time(), -1), 0);
}

/* The client of the request below: leaves once its call is at the vendor. */
static void *leave(void *arg)
{
	const int *client = arg;

	vendor_saw(&vendor_waiting, 1);
	close(*client);
	return NULL;
}

static void check_hang_up(void)
{
	struct call *call = call_to("vendor.test", "/silent");
	int left = vendor_left;
	int ends[2];
	pthread_t client;
	int64_t start;

	while (vendor_waiting > 0)
		usleep(1000);
	CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	outbound_send(outbound, call);
	pthread_create(&client, NULL, leave, &ends[1]);
	CHECK_INT(outbound_wait(outbound, &call, 1, long_time(), ends[0]), 0);
	start = clock_ms();
	CHECK_INT(call->end, CALL_CANCELLED);
	CHECK_INT(vendor_saw(&vendor_left, left + 1), left + 1);
	CHECK(clock_ms() - start < 1000);
	pthread_join(client, NULL);
	close(ends[0]);
}

/* A request that ends without asking for its calls leaves nothing behind. */
static void check_forgotten(void)
{
	struct arena *kept = mem;
	int waiting = vendor_waiting;
	int left = vendor_left;

	mem = arena_new(SIZE_MAX);
	outbound_send(outbound, call_to("vendor.test", "/silent"));
	outbound_send(outbound, call_to("vendor.test", "/ok"));
	CHECK_INT(vendor_saw(&vendor_waiting, waiting + 1), waiting + 1);
	arena_free(mem);
	mem = kept;
	CHECK_INT(vendor_saw(&vendor_left, left + 1), left + 1);
}

/* None of them is answered before all of them have been asked. */
static void check_crowd(void)
{
	struct call *calls[CROWD];
	int answered = 0;

	for (int i = 0; i < CROWD; i++) {
		calls[i] = call_to("vendor.test", "/crowd");
		outbound_send(outbound, calls[i]);
	}
	while (outbound_wait(outbound, calls, CROWD, long_time(), -1) > 0)
		;
	for (int i = 0; i < CROWD; i++)
		answered += calls[i]->end == CALL_ANSWERED;
	CHECK_INT(answered, CROWD);
}

static void *alternate(void *arg)
{
	atomic_int *right = arg;

	for (int i = 0; i < TURNS / LANES; i++) {
		struct arena *own = arena_new(SIZE_MAX);
		const char *name = i % 2 ? "alice" : "bob";
		const char *url = text_format(
			own, "http://vendor.test:%d/token/%s", port, name);
		struct call *call =
			call_new(own, "GET", url, hosts, long_time());

		call->bearer = name;
		outbound_send(outbound, call);
		outbound_wait(outbound, &call, 1, long_time(), -1);
		*right += text_same(call->reply.body, name);
		arena_free(own);
	}
	return NULL;
}

/* OH-10: connections are shared, tokens are not. */
static void check_tenants(void)
{
	int before = vendor_connections;
	pthread_t threads[LANES];
	atomic_int right = 0;

	for (int i = 0; i < LANES; i++)
		pthread_create(&threads[i], NULL, alternate, &right);
	for (int i = 0; i < LANES; i++)
		pthread_join(threads[i], NULL);
	CHECK_INT(right, TURNS);
	CHECK_INT(vendor_mixed, 0);
	CHECK(vendor_connections - before <= LANES);
}

static void *wait_silently(void *arg)
{
	struct call *call = arg;

	outbound_send(outbound, call);
	outbound_wait(outbound, &call, 1, long_time(), -1);
	return NULL;
}

/* Closing takes a second at most, even with calls on their way. */
static void check_close(void)
{
	struct call *call = call_to("vendor.test", "/silent");
	struct config none = { .outbound_threads = 0 };
	int waiting = vendor_waiting;
	int64_t start;
	pthread_t thread;

	pthread_create(&thread, NULL, wait_silently, call);
	vendor_saw(&vendor_waiting, waiting + 1);
	start = clock_ms();
	outbound_close(outbound);
	CHECK(clock_ms() - start < 1500);
	pthread_join(thread, NULL);
	CHECK_INT(call->end, CALL_CANCELLED);

	CHECK_FINE(outbound_open(mem, &none, &outbound));
	CHECK(!outbound);
	CHECK_INT(get("/ok")->end, CALL_REFUSED);
	outbound_close(NULL);
}

int main(void)
{
	struct config config = { .outbound_threads = 1 };

	/* OH-8: none of these is looked at; every call below would fail. */
	setenv("http_proxy", "http://127.0.0.1:1/", 1);
	setenv("HTTPS_PROXY", "http://127.0.0.1:1/", 1);
	setenv("ALL_PROXY", "socks5h://127.0.0.1:1/", 1);
	setenv("SSLKEYLOGFILE", "/nonexistent/keys", 1);

	mem = arena_new(SIZE_MAX);
	port = vendor_start();
	CHECK_FINE(outbound_open(mem, &config, &outbound));
	CHECK(!getenv("SSLKEYLOGFILE"));
	check_replies();
	check_questions();
	check_addresses();
	check_redirects();
	check_hosts();
	check_bounds();
	check_times();
	check_names();
	check_deadline();
	check_hang_up();
	check_forgotten();
	check_crowd();
	check_tenants();
	check_rebinding();
	check_close();
	arena_free(mem);
	return check_end();
}
