#include "web/request.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/arena.h"
#include "core/config.h"
#include "core/text.h"
#include "web/app.h"

enum { HEADER_NAME = 64 };

/* "Mcp-Method" as "HTTP_MCP_METHOD=". Of two headers CGI has a name of its own
 * for the one that counts, beside the HTTP_ name for each that came. */
static size_t parameter_name(char *into, const char *header, bool counting)
{
	bool bare = !counting && (text_same_ascii(header, "Content-Type") ||
	                          text_same_ascii(header, "Content-Length"));
	size_t size = (size_t)snprintf(into, HEADER_NAME,
	                               "%s%s=", bare ? "" : "HTTP_", header);

	for (char *c = into; *c; c++) {
		if (*c == '-')
			*c = '_';
		else if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	}
	return size < HEADER_NAME ? size : HEADER_NAME - 1;
}

const char *request_header(const struct request *req, const char *name)
{
	char parameter[HEADER_NAME];
	size_t size = parameter_name(parameter, name, false);

	for (const char *const *p = req->params; *p; p++)
		if (strncmp(*p, parameter, size) == 0)
			return (*p)[size] ? *p + size : NULL;
	return NULL;
}

bool request_header_twice(const struct request *req, const char *name)
{
	char parameter[HEADER_NAME];
	size_t size = parameter_name(parameter, name, true);
	size_t count = 0;

	for (const char *const *p = req->params; *p; p++)
		if (strncmp(*p, parameter, size) == 0)
			count++;
	return count > 1;
}

CAN_FAIL request_query(struct request *req, const char *name,
                       const char **value)
{
	size_t size = strlen(name);
	const char *part = req->query;

	*value = NULL;
	while (*part) {
		size_t length = strcspn(part, "&");

		if (strncmp(part, name, size) == 0 &&
		    (part[size] == '=' || length == size)) {
			size_t skip = length == size ? size : size + 1;

			if (*value)
				return fault_told(
					req->mem, FAULT_BAD_FIELD,
					"The parameter %s is given twice.",
					name);
			*value = text_unpercent(req->mem, part + skip,
			                        length - skip, true);
			if (!*value)
				return fault_told(
					req->mem, FAULT_BAD_FIELD,
					"The parameter %s has a broken "
					"escape.",
					name);
		}
		part += length;
		part += *part == '&';
	}
	return NULL;
}

CAN_FAIL request_cookie(struct request *req, const char *name,
                        const char **value)
{
	const char *part = request_header(req, "Cookie");
	size_t size = strlen(name);

	*value = NULL;
	if (request_header_twice(req, "Cookie"))
		return fault(req->mem, FAULT_BAD_TOKEN, "two Cookie headers");
	while (part && *part) {
		size_t length;

		part += strspn(part, "; \t");
		length = strcspn(part, ";");
		if (strncmp(part, name, size) == 0 && part[size] == '=') {
			if (*value)
				return fault(req->mem, FAULT_BAD_TOKEN,
				             "the cookie %s came twice", name);
			*value = text_trim(
				req->mem, text_copy_n(req->mem, part + size + 1,
			                              length - size - 1));
		}
		part += length;
	}
	return NULL;
}

static CAN_FAIL page_number(struct request *req, const char *name, long least,
                            long most, long *number)
{
	const char *text;

	TRY(request_query(req, name, &text));
	if (text && !text_number(text, least, most, number))
		return fault_told(req->mem, FAULT_BAD_FIELD,
		                  "%s must be a whole number from %ld to %ld.",
		                  name, least, most);
	return NULL;
}

CAN_FAIL request_in_time(const struct request *req)
{
	int64_t waited = clock_ms() - req->came;

	if (waited <= req->app->config.wait_ms && !deadline_over(req->deadline))
		return NULL;
	return fault(req->mem, FAULT_BUSY, "%" PRId64 " ms for a thread",
	             waited);
}

void request_take_longer(struct request *req, long ms)
{
	assert(ms <= DEADLINE_MS_MOST);
	if (req->came + ms > req->deadline.at)
		req->deadline.at = req->came + ms;
	req->db.deadline = req->deadline;
}

CAN_FAIL request_page(struct request *req, long most, struct page *page)
{
	*page = (struct page){ .limit = most, .offset = 0 };
	TRY(page_number(req, "limit", 1, most, &page->limit));
	return page_number(req, "offset", 0, 1000000, &page->offset);
}
