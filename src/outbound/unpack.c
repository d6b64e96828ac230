/* Undoing a reply's gzip: by us and not by libcurl, so that what comes out is
 * counted before it is kept. */
#include <stdint.h>
#include <stdlib.h>

#include <zlib.h>

#include "core/arena.h"
#include "core/text.h"
#include "outbound/call.h"

enum { GZIP_ONLY = 16 + MAX_WBITS, FIRST_BYTES = 64 << 10 };

/* What comes out, at most `most` bytes and one more that tells of more. */
struct unpacked {
	unsigned char *bytes;
	size_t room;
	size_t most;
};

static bool ended_as(struct call *call, enum call_end end, const char *note)
{
	call->end = end;
	call->note = note;
	return false;
}

static void grow(struct unpacked *to, size_t room)
{
	unsigned char *grown;

	to->room = room > to->most ? to->most + 1 : room;
	grown = realloc(to->bytes, to->room + 1);
	if (!grown)
		abort(); /* as arenas do */
	to->bytes = grown;
}

/* Z_STREAM_END: whole. Z_BUF_ERROR: more than may be. Several members in a row
 * are one text (RFC 1952, section 2.2). */
static int unpack(z_stream *stream, struct unpacked *to, size_t *size)
{
	int end = Z_OK;

	for (*size = 0; end == Z_OK; *size = to->room - stream->avail_out) {
		if (*size > to->most)
			return Z_BUF_ERROR;
		if (*size == to->room)
			grow(to, to->room * 2);
		stream->next_out = to->bytes + *size;
		stream->avail_out = (uInt)(to->room - *size);
		end = inflate(stream, Z_NO_FLUSH);
		if (end == Z_STREAM_END && stream->avail_in > 0)
			end = inflateReset(stream);
		else if (end == Z_BUF_ERROR)
			return Z_DATA_ERROR; /* it breaks off */
	}
	return *size > to->most ? Z_BUF_ERROR : end;
}

bool call_unpack(struct call *call)
{
	struct reply *reply = &call->reply;
	struct unpacked to = { .most = call->body_most };
	z_stream stream = { 0 };
	size_t size;
	int end;

	if (!reply->encoding || text_same_ascii(reply->encoding, "identity"))
		return true;
	if (!text_same_ascii(reply->encoding, "gzip") ||
	    inflateInit2(&stream, GZIP_ONLY) != Z_OK)
		return ended_as(call, CALL_BROKEN, "an unknown encoding");
	grow(&to, FIRST_BYTES);
	stream.next_in = (unsigned char *)(uintptr_t)reply->body;
	stream.avail_in = (uInt)reply->size;
	end = unpack(&stream, &to, &size);
	inflateEnd(&stream);
	arena_defer(call->mem, free, to.bytes);
	if (end == Z_BUF_ERROR)
		return ended_as(call, CALL_TOO_LARGE, "too large unpacked");
	if (end != Z_STREAM_END)
		return ended_as(call, CALL_BROKEN, "broken gzip");
	to.bytes[size] = '\0';
	reply->body = (const char *)to.bytes;
	reply->size = size;
	reply->encoding = NULL;
	return true;
}
