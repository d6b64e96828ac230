/* Replies that came gzipped (security OH-6). */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "core/arena.h"
#include "outbound/call.h"

static struct arena *mem;

/* What a vendor would send for a text: gzip, whole. */
static char *gzipped(const char *text, size_t size, size_t *packed)
{
	z_stream stream = { 0 };
	char *to = arena_alloc(mem, size + 1000);

	deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8,
	             Z_DEFAULT_STRATEGY);
	stream.next_in = (unsigned char *)(uintptr_t)text;
	stream.avail_in = (uInt)size;
	stream.next_out = (unsigned char *)to;
	stream.avail_out = (uInt)(size + 1000);
	deflate(&stream, Z_FINISH);
	*packed = stream.total_out;
	deflateEnd(&stream);
	return to;
}

static struct call *came(const char *body, size_t size, const char *encoding)
{
	static const char *const hosts[] = { "a.example", NULL };
	struct call *call = call_new(mem, "GET", "https://a.example/", hosts,
	                             deadline_in(1000));

	call->end = CALL_ANSWERED;
	call->reply = (struct reply){
		.status = 200, .body = body, .size = size, .encoding = encoding
	};
	return call;
}

static void test_whole(void)
{
	size_t size, twice;
	char *packed = gzipped("{\"a\": 1}", 8, &size);
	char *more = gzipped("!", 1, &twice);
	char *both = arena_alloc(mem, size + twice);
	struct call *call = came(packed, size, "gzip");

	CHECK(call_unpack(call));
	CHECK_TEXT(call->reply.body, "{\"a\": 1}");
	CHECK_INT(call->reply.size, 8);
	CHECK(!call->reply.encoding);
	CHECK(call_unpack(call)); /* once is enough */
	CHECK_TEXT(call->reply.body, "{\"a\": 1}");

	memcpy(both, packed, size);
	memcpy(both + size, more, twice);
	call = came(both, size + twice, "GZIP");
	CHECK(call_unpack(call));
	CHECK_TEXT(call->reply.body, "{\"a\": 1}!");

	call = came("plain", 5, NULL);
	CHECK(call_unpack(call));
	CHECK_TEXT(call->reply.body, "plain");
	call = came("plain", 5, "identity");
	CHECK(call_unpack(call));
	CHECK_TEXT(call->reply.body, "plain");
}

static void test_broken(void)
{
	static const char *const encodings[] = { "br", "deflate", "gzip, gzip",
		                                 "gzip", NULL };
	size_t size;
	char *packed = gzipped("something long enough", 21, &size);

	for (size_t i = 0; encodings[i]; i++) {
		struct call *call = came("plain", 5, encodings[i]);

		CHECK(!call_unpack(call));
		CHECK_INT(call->end, CALL_BROKEN);
	}
	for (size_t cut = 0; cut < size; cut++) {
		struct call *call = came(packed, cut, "gzip");

		CHECK(!call_unpack(call));
		CHECK_INT(call->end, CALL_BROKEN);
	}
}

/* 64 MB of nothing in 64 KB: cut off at the bound, and that much memory. */
static void test_bomb(void)
{
	size_t size, most = 1 << 20;
	char *nothing = calloc(1, 64 << 20);
	char *packed = gzipped(nothing, 64 << 20, &size);
	struct call *call = came(packed, size, "gzip");

	call->body_most = most;
	CHECK(!call_unpack(call));
	CHECK_INT(call->end, CALL_TOO_LARGE);

	packed = gzipped(nothing, most, &size);
	call = came(packed, size, "gzip");
	call->body_most = most;
	CHECK(call_unpack(call));
	CHECK_INT(call->reply.size, most);
	packed = gzipped(nothing, most + 1, &size);
	call = came(packed, size, "gzip");
	call->body_most = most;
	CHECK(!call_unpack(call));
	CHECK_INT(call->end, CALL_TOO_LARGE);
	free(nothing);
}

int main(void)
{
	mem = arena_new(256 << 20);
	test_whole();
	test_broken();
	test_bomb();
	arena_free(mem);
	return check_end();
}
