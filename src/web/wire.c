#include "web/wire.h"

#include <poll.h>
#include <string.h>

#include <fcgiapp.h>

#include "core/arena.h"
#include "core/text.h"
#include "web/request.h"
#include "web/response.h"

bool wire_read(void *wire, char *bytes, size_t size)
{
	FCGX_Request *fcgi = wire;

	return FCGX_GetStr(bytes, (int)size, fcgi->in) == (int)size;
}

struct phrase {
	int status;
	const char *text;
};

/* nginx passes the status line on as it stands. Without a phrase it would also
 * lack the blank behind the number, which RFC 9112 demands. */
static const struct phrase phrases[] = {
	{ 200, "OK" },
	{ 201, "Created" },
	{ 202, "Accepted" },
	{ 204, "No Content" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 409, "Conflict" },
	{ 410, "Gone" },
	{ 413, "Content Too Large" },
	{ 415, "Unsupported Media Type" },
	{ 421, "Misdirected Request" },
	{ 429, "Too Many Requests" },
	{ 500, "Internal Server Error" },
	{ 503, "Service Unavailable" },
	{ 504, "Gateway Timeout" },
	{ 0, "Other" },
};

static const char *phrase_of(int status)
{
	const struct phrase *row = phrases;

	while (row->status && row->status != status)
		row++;
	return row->text;
}

/* Status and headers; a status without a body (202, 204, 304) has no type. */
static void put_head(struct response *out, struct buffer *head,
                     const char *type)
{
	int status = out->status ? out->status : 200;

	buffer_format(head, "Status: %d %s\r\n", status, phrase_of(status));
	if (type)
		buffer_format(head, "Content-Type: %s\r\n", type);
	for (const struct header *h = out->headers; h; h = h->next)
		buffer_format(head, "%s: %s\r\n", h->name, h->value);
}

void wire_send(void *wire, const struct request *req, struct response *out)
{
	FCGX_Request *fcgi = wire;
	struct buffer head = { .mem = out->mem };
	const char *body = out->text;
	const char *type = out->type;
	size_t size;

	if (out->streaming)
		return;
	if (out->json) {
		body = js_print(out->mem, out->json);
		type = type ? type : "application/json";
	}
	size = body ? strlen(body) : 0;
	put_head(out, &head, body ? type : NULL);
	buffer_format(&head, "Content-Length: %zu\r\n\r\n", size);
	FCGX_PutStr(head.text, (int)head.size, fcgi->out);
	if (size && strcmp(req->method, "HEAD") != 0)
		FCGX_PutStr(body, (int)size, fcgi->out);
}

/* Whether the client, or nginx for it, has closed its end. */
static bool client_left(const FCGX_Request *fcgi)
{
	struct pollfd polled = { .fd = fcgi->ipcFd, .events = POLLRDHUP };

	return poll(&polled, 1, 0) > 0 &&
	       polled.revents & (POLLRDHUP | POLLHUP | POLLERR);
}

static CAN_FAIL put_now(struct response *out, const struct buffer *bytes)
{
	FCGX_Request *fcgi = out->wire;

	if (client_left(fcgi) ||
	    FCGX_PutStr(bytes->text, (int)bytes->size, fcgi->out) < 0 ||
	    FCGX_FFlush(fcgi->out) < 0)
		return fault(out->mem, FAULT_BUSY, "the client left");
	return NULL;
}

CAN_FAIL response_stream(struct response *out)
{
	struct buffer head = { .mem = out->mem };

	out->status = 200;
	out->streaming = true;
	response_header(out, "Cache-Control", "no-store");
	response_header(out, "X-Accel-Buffering", "no");
	put_head(out, &head, "text/event-stream");
	buffer_add(&head, "\r\n");
	return put_now(out, &head);
}

CAN_FAIL response_event(struct response *out, json_object *json)
{
	struct buffer event = { .mem = out->mem };

	buffer_add(&event, "event: message\ndata: ");
	buffer_add(&event, js_print(out->mem, json));
	buffer_add(&event, "\n\n");
	return put_now(out, &event);
}
