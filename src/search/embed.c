#include "search/embed.h"

#include <math.h>
#include <string.h>

#include "core/arena.h"
#include "core/breaker.h"
#include "core/json.h"
#include "core/text.h"
#include "outbound/outbound.h"
#include "web/app.h"
#include "web/request.h"

enum {
	PARTS = 256,       /* asked for, where the model lets us choose */
	PARTS_MOST = 4096, /* taken */
	REPLY_MOST = 1 << 20,
	ANSWERING_MS = 100, /* kept of the request's time */
};

/* ---- reading ---- */

/* Length 1, so that a product is a cosine. False: it has no direction. */
static bool normalise(float *parts, size_t count)
{
	double square = 0;

	for (size_t i = 0; i < count; i++)
		square += (double)parts[i] * parts[i];
	if (!isfinite(square) || square <= 0)
		return false;
	for (size_t i = 0; i < count; i++)
		parts[i] = (float)(parts[i] / sqrt(square));
	return true;
}

/* As asked for: base64 of little-endian floats. */
static bool read_packed(struct arena *mem, const char *text,
                        struct vector *vector)
{
	size_t size = 0;
	const unsigned char *bytes = text_unbase64(mem, text, &size);
	float *parts;

	vector->count = size / sizeof(float);
	if (!bytes || size % sizeof(float) || vector->count > PARTS_MOST)
		return false;
	parts = arena_array(mem, vector->count + 1, sizeof(float));
	memcpy(parts, bytes, size);
	vector->parts = parts;
	return normalise(parts, vector->count);
}

/* As services answer that know no encoding_format. */
static bool read_numbers(struct arena *mem, json_object *numbers,
                         struct vector *vector)
{
	float *parts;

	vector->count = js_count(numbers);
	if (vector->count > PARTS_MOST)
		return false;
	parts = arena_array(mem, vector->count + 1, sizeof(float));
	for (size_t i = 0; i < vector->count; i++) {
		if (!js_is_number(js_item(numbers, i)))
			return false;
		parts[i] = (float)js_number(js_item(numbers, i));
	}
	vector->parts = parts;
	return normalise(parts, vector->count);
}

static bool read_vector(struct arena *mem, json_object *embedding,
                        struct vector *vector)
{
	if (js_is_text(embedding))
		return read_packed(mem, js_text(embedding), vector);
	return read_numbers(mem, embedding, vector);
}

/* Each vector names the text it is of; none may lack or come twice. */
CAN_FAIL embed_read(struct arena *mem, json_object *reply, size_t count,
                    struct vector *vectors)
{
	json_object *data = js_get(reply, "data");

	memset(vectors, 0, count * sizeof(*vectors));
	if (js_count(data) != count)
		return fault(mem, FAULT_BUSY, "%zu vectors for %zu texts",
		             js_count(data), count);
	for (size_t i = 0; i < count; i++) {
		json_object *item = js_item(data, i);
		int64_t index = js_integer(js_get(item, "index"));

		if (!js_is_integer(js_get(item, "index")) || index < 0 ||
		    (size_t)index >= count || vectors[index].parts)
			return fault(mem, FAULT_BUSY, "vectors out of order");
		if (!read_vector(mem, js_get(item, "embedding"),
		                 &vectors[index]))
			return fault(mem, FAULT_BUSY, "a vector is none");
	}
	for (size_t i = 1; i < count; i++) {
		if (vectors[i].count != vectors[0].count)
			return fault(mem, FAULT_BUSY, "vectors of two sizes");
	}
	return NULL;
}

double vector_nearness(const struct vector *a, const struct vector *b)
{
	double sum = 0;

	for (size_t i = 0; i < a->count; i++)
		sum += (double)a->parts[i] * b->parts[i];
	return sum;
}

/* ---- asking ---- */

static json_object *question(struct request *req, const char *const *texts,
                             size_t count)
{
	const char *model = req->app->config.rerank_model;
	json_object *body = js_object(req->mem), *input;

	js_put_text(body, "model", model);
	/* Older models have one size only, and refuse to be asked. */
	if (text_starts(model, "text-embedding-3"))
		js_put_integer(body, "dimensions", PARTS);
	js_put_text(body, "encoding_format", "base64");
	input = js_put_array(body, "input");
	for (size_t i = 0; i < count; i++)
		js_add_text(input, texts[i]);
	return body;
}

/* The one host the setting names; its form was checked at the start. */
static const char *const *hosts_of(struct request *req, const char *url)
{
	const char **hosts = arena_array(req->mem, 2, sizeof(*hosts));
	const char *host = url + strlen("https://");

	hosts[0] = text_copy_n(req->mem, host, strcspn(host, "/"));
	return hosts;
}

static struct deadline time_for(const struct request *req)
{
	struct deadline until = { req->deadline.at - ANSWERING_MS };

	return deadline_sooner(until, deadline_in(req->app->config.rerank_ms));
}

/* A call that ended with its request says nothing of the service. */
static void learn(const struct request *req, const struct call *call)
{
	bool answered = call->end == CALL_ANSWERED;

	if (call->end != CALL_CANCELLED)
		breaker_told(req->app->rerank,
		             answered && call->reply.status == 200,
		             answered ? call->reply.retry_after * 1000 : 0);
}

CAN_FAIL embed(struct request *req, const char *const *texts, size_t count,
               struct vector *vectors)
{
	const struct config *config = &req->app->config;
	struct deadline until = time_for(req);
	/* An operator's setting and a constant: nothing of a user. */
	const char *url =
		text_format(req->mem, "%s/embeddings", config->rerank_url);
	struct call *call = call_new(req->mem, "POST", url,
	                             hosts_of(req, config->rerank_url), until);

	call->bearer = config->openai_api_key;
	call->body_most = REPLY_MOST;
	call_header(call, "Accept", "application/json");
	call_body_json(call, question(req, texts, count));
	outbound_send(req->app->outbound, call);
	outbound_wait(req->app->outbound, (struct call *const[]){ call }, 1,
	              until, req->db.watched);
	learn(req, call);
	if (call->end != CALL_ANSWERED)
		return fault(req->mem, FAULT_BUSY, "%s",
		             call->note ? call->note
		                        : call_end_text(call->end));
	if (call->reply.status != 200)
		return fault(req->mem, FAULT_BUSY, "status %d",
		             call->reply.status);
	TRY(call_json(call));
	return embed_read(req->mem, call->reply.json, count, vectors);
}
