#include "check.h"

#include <string.h>

#include "core/arena.h"
#include "core/json.h"
#include "core/text.h"
#include "search/embed.h"
#include "search/fuse.h"
#include "search/rerank.h"

static struct arena *mem;

static CAN_FAIL read_reply(const char *json, struct vector *vectors)
{
	return embed_read(mem, js_literal(mem, json), 2, vectors);
}

static char *packed(const float *parts, size_t count)
{
	return text_base64(mem, parts, count * sizeof(*parts));
}

/* What a service may answer, in each encoding and any order. */
static void right_replies(void)
{
	const float one[] = { 3, 4 }, two[] = { 0, 2 };
	struct vector vectors[2];

	CHECK_FINE(read_reply("{\"data\":[{\"index\":1,\"embedding\":[0,2]},"
	                      "{\"index\":0,\"embedding\":[3,4.0]}]}",
	                      vectors));
	CHECK_INT(vectors[0].parts[0] * 1000, 600);
	CHECK_INT(vectors[1].parts[1] * 1000, 1000);
	CHECK_INT(vector_nearness(&vectors[0], &vectors[1]) * 1000, 800);
	CHECK_FINE(read_reply(
		text_format(mem,
	                    "{\"data\":[{\"index\":0,\"embedding\":\"%s\"},"
	                    "{\"index\":1,\"embedding\":\"%s\"}]}",
	                    packed(one, 2), packed(two, 2)),
		vectors));
	CHECK_INT(vector_nearness(&vectors[0], &vectors[1]) * 1000, 800);
}

#define A "{\"index\":0,\"embedding\":[1,2]}"

static const char *const wrong_replies[] = {
	"{}",
	"[]",
	"{\"data\":{}}",
	"{\"data\":[" A "]}",
	"{\"data\":[" A "," A "]}",
	"{\"data\":[" A "," A "," A "]}",
	"{\"data\":[" A ",{\"index\":2,\"embedding\":[1,2]}]}",
	"{\"data\":[" A ",{\"index\":-1,\"embedding\":[1,2]}]}",
	"{\"data\":[" A ",{\"index\":\"1\",\"embedding\":[1,2]}]}",
	"{\"data\":[" A ",{\"embedding\":[1,2]}]}",
	"{\"data\":[" A ",{\"index\":1}]}",
	"{\"data\":[" A ",{\"index\":1,\"embedding\":[]}]}",
	"{\"data\":[" A ",{\"index\":1,\"embedding\":[0,0]}]}",
	"{\"data\":[" A ",{\"index\":1,\"embedding\":[1]}]}",
	"{\"data\":[" A ",{\"index\":1,\"embedding\":[1,2,3]}]}",
	"{\"data\":[" A ",{\"index\":1,\"embedding\":[1,\"2\"]}]}",
	"{\"data\":[" A ",{\"index\":1,\"embedding\":[1,null]}]}",
	"{\"data\":[" A ",{\"index\":1,\"embedding\":[1e300,1]}]}",
	"{\"data\":[" A ",{\"index\":1,\"embedding\":\"AACAPw\"}]}",
	"{\"data\":[" A ",{\"index\":1,\"embedding\":\"AAC\"}]}",
	"{\"data\":[" A ",{\"index\":1,\"embedding\":\"\"}]}",
	"{\"data\":[" A ",{\"index\":1,\"embedding\":\"AADAfwAAgD8=\"}]}",
	NULL,
};

static void wrong_ones(void)
{
	struct vector vectors[2];

	for (const char *const *reply = wrong_replies; *reply; reply++) {
		struct fault *wrong = read_reply(*reply, vectors);

		CHECK_ROW(wrong && wrong->kind == FAULT_BUSY, *reply);
	}
}

static const char *order(const struct hit *hits, size_t count)
{
	static char text[100];

	text[0] = '\0';
	for (size_t i = 0; i < count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s",
		         hits[i].result->native_id);
	return text;
}

/* By hand, in ten thousandths, for nearness 0, 0.9, 0.5, 0.9:
 *   a 1/61 + 2/64 = 476.4    c 1/63 + 2/63 = 476.2
 *   b 1/62 + 2/61 = 489.2    d 1/64 + 2/62 = 478.8 */
static void orders(void)
{
	static const struct result results[] = {
		{ .native_id = "a" },
		{ .native_id = "b" },
		{ .native_id = "c" },
		{ .native_id = "d" },
	};
	struct hit hits[4];

	for (size_t i = 0; i < 4; i++)
		hits[i] = (struct hit){ .result = &results[i] };
	rerank_by(mem, hits, 4, (const double[]){ 0.5, 0.5, 0.5, 0.5 });
	CHECK_TEXT(order(hits, 4), "abcd"); /* nothing learnt, nothing moved */
	rerank_by(mem, hits, 4, (const double[]){ 0, 0.9, 0.5, 0.9 });
	CHECK_TEXT(order(hits, 4), "bdac");
	rerank_by(mem, hits, 0, NULL);
}

int main(void)
{
	mem = arena_new(1 << 20);
	right_replies();
	wrong_ones();
	orders();
	arena_free(mem);
	return check_end();
}
