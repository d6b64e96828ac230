#include "web/route.h"

#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "web/app.h"
#include "web/form.h"
#include "web/request.h"
#include "web/wire.h"

/* Whether a path has the row's form; parts: what {} stood for, of mem. */
static bool matches(struct arena *mem, const char *form, const char *path,
                    const char **parts)
{
	size_t n = 0;

	memset(parts, 0, (REQUEST_PARTS + 1) * sizeof(*parts));
	while (*form) {
		size_t length = strcspn(path, "/");

		if (strncmp(form, "{}", 2) != 0) {
			if (*form++ != *path++)
				return false;
		} else if (length == 0 || n == REQUEST_PARTS) {
			return false;
		} else {
			parts[n++] = text_copy_n(mem, path, length);
			path += length;
			form += 2;
		}
	}
	return *path == '\0';
}

/* A HEAD is answered as its GET is, without the body; the handler of a row
 * with * looks at the method itself. */
static bool same_method(const char *row, const char *method)
{
	return strcmp(row, "*") == 0 || strcmp(row, method) == 0 ||
	       (strcmp(row, "GET") == 0 && strcmp(method, "HEAD") == 0);
}

CAN_FAIL route_find(const struct route *routes, struct request *req,
                    const struct route **found)
{
	for (const struct route *row = routes; row->method; row++) {
		if (!same_method(row->method, req->method) ||
		    !matches(req->mem, row->path, req->path, req->parts))
			continue;
		*found = row;
		return NULL;
	}
	return fault(req->mem, FAULT_NO_ROUTE, "no such route");
}

CAN_FAIL read_parts(const struct route *route, struct request *req)
{
	if (!route->bad_part)
		return NULL;
	for (size_t i = 0; req->parts[i]; i++) {
		req->parts[i] = text_uuid(req->mem, req->parts[i]);
		if (!req->parts[i])
			return fault_told(req->mem, FAULT_BAD_ID, "%s",
			                  route->bad_part);
	}
	return NULL;
}

/* The media type without its parameters must be the one the row asks for. */
static CAN_FAIL check_type(struct request *req, enum body_kind body)
{
	const char *wanted = body == FORM_BODY
	                             ? "application/x-www-form-urlencoded"
	                             : "application/json";
	const char *type = request_header(req, "Content-Type");
	size_t size = type ? strcspn(type, "; \t") : 0;

	if (request_header_twice(req, "Content-Type"))
		return fault(req->mem, FAULT_BAD_REQUEST,
		             "two Content-Type headers");
	if (!text_same_ascii(text_copy_n(req->mem, type ? type : "", size),
	                     wanted))
		return fault_told(req->mem, FAULT_BAD_TYPE,
		                  "Send this request as %s.", wanted);
	return NULL;
}

CAN_FAIL read_body(const struct route *route, struct request *req)
{
	size_t most = route->most ? route->most : req->app->body_most;
	const char *length = request_header(req, "Content-Length");
	long size = 0;

	if (route->body == NO_BODY)
		return NULL;
	TRY(check_type(req, route->body));
	if (length && !text_number(length, 0, 1L << 40, &size))
		return fault(req->mem, FAULT_BAD_REQUEST, "Content-Length");
	if ((size_t)size > most)
		return fault(req->mem, FAULT_TOO_LARGE, "%ld bytes", size);
	char *body = arena_alloc(req->mem, (size_t)size + 1);
	if (!wire_read(req->wire, body, (size_t)size))
		return fault(req->mem, FAULT_BAD_REQUEST,
		             "the body is shorter than announced");
	req->body = body;
	req->body_size = (size_t)size;
	if (route->body == JSON_BODY)
		return js_parse(req->mem, body, req->body_size, &req->json);
	if (route->body == FORM_BODY)
		return form_read(req->mem, body, req->body_size, &req->json);
	return NULL;
}

CAN_FAIL route_serve(struct request *req, const struct route **found,
                     struct response *out)
{
	TRY(request_in_time(req));
	TRY(route_find(req->app->routes, req, found)); /* which row? */
	TRY((*found)->who(req));           /* who asks, and may they? */
	TRY(read_parts(*found, req));      /* about which things? */
	TRY(read_body(*found, req));       /* what do they say? */
	return (*found)->handle(req, out); /* do it */
}
