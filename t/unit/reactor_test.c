/* How long connections to vendors are kept. */
#include "check.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/deadline.h"
#include "core/text.h"
#include "outbound/reactor.h"
#include "vendor.h"

enum { LONG_MS = 20000, NEVER_MS = 3600000 };

static const char *const hosts[] = { "vendor.test", NULL };
static struct arena *mem;
static struct reactor reactor;
static int port;
static int ended;

static void over(struct exchange *exchange)
{
	(void)exchange;
	ended++;
}

/* Makes a call; in this test there is no other thread. */
static enum call_end call(const char *path, bool alone)
{
	const char *url =
		text_format(mem, "http://vendor.test:%d%s", port, path);
	struct call *call =
		call_new(mem, "GET", url, hosts, deadline_in(LONG_MS));
	struct exchange *exchange;
	const char *wrong;
	int before = ended;

	call->alone = alone;
	exchange = exchange_new(call, NULL, &wrong);
	if (!exchange)
		return CALL_REFUSED;
	reactor_add(&reactor, exchange);
	while (ended == before)
		reactor_turn(&reactor);
	exchange_read(exchange, call);
	exchange_free(exchange);
	return call->end;
}

int main(void)
{
	int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	mem = arena_new(1 << 20);
	port = vendor_start();
	CHECK(reactor_open(&reactor, wake, over));
	CHECK_INT(reactor.idle_ms, IDLE_SECONDS * 1000);
	reactor.idle_ms = NEVER_MS;

	CHECK_INT(call("/ok", false), CALL_ANSWERED);
	CHECK_INT(call("/ok", false), CALL_ANSWERED);
	CHECK_INT(vendor_connections, 1);

	/* SE-6: one that carries a secret takes another, which ends with it. */
	CHECK_INT(call("/ok", true), CALL_ANSWERED);
	CHECK_INT(vendor_connections, 2);
	CHECK_INT(vendor_saw(&vendor_ended, 1), 1);
	CHECK_INT(call("/ok", false), CALL_ANSWERED);
	CHECK_INT(vendor_connections, 2);
	CHECK_INT(vendor_ended, 1);

	/* SE-6: and what nobody uses is closed, though nobody calls again. */
	reactor.idle_ms = 1;
	while (reactor.quiet_at >= 0)
		reactor_turn(&reactor);
	CHECK_INT(vendor_saw(&vendor_ended, 2), 2);
	CHECK_INT(call("/ok", false), CALL_ANSWERED);
	CHECK_INT(vendor_connections, 3);

	reactor_close(&reactor);
	close(wake);
	arena_free(mem);
	return check_end();
}
