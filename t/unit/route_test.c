/* Routes, ids in paths, query parameters, headers and cookies. */
#include "web/route.h"

#include "core/arena.h"
#include "core/text.h"
#include "check.h"
#include "web/app.h"
#include "web/request.h"

#define ID "0a1b2c3d-0000-4000-8000-00000000000f"

static const struct route routes[] = {
	{ "GET", "/a" },
	{ "GET", "/a/{}", .bad_part = "Invalid ID format" },
	{ "PUT", "/a/{}/b/{}", .bad_part = "Invalid ID format" },
	{ "GET", "/a/{}/c" },
	{ 0 },
};

static struct request ask(struct arena *mem, const char *method,
                          const char *path)
{
	return (struct request){ .mem = mem, .method = method, .path = path };
}

/* RP-12: what is not exactly a row's path is no route. */
static void finding(struct arena *mem)
{
	static const char *const none[] = {
		"",       "/",       "/a/",       "//a",     "/A",
		"/a//b/", "/a/x/b/", "/a/x/b/y/", "/a/x/c/", "/a/x/d",
	};
	const struct route *row = NULL;
	struct request req = ask(mem, "GET", "/a/x");

	CHECK_FINE(route_find(routes, &req, &row));
	CHECK(row == &routes[1]);
	CHECK_TEXT(req.parts[0], "x");
	req = ask(mem, "PUT", "/a/x/b/y");
	CHECK_FINE(route_find(routes, &req, &row));
	CHECK_TEXT(req.parts[1], "y");
	req = ask(mem, "GET", "/a/x/c");
	CHECK_FINE(route_find(routes, &req, &row));
	CHECK_TEXT(req.parts[1], NULL);
	req = ask(mem, "HEAD", "/a");
	CHECK_FINE(route_find(routes, &req, &row));
	req = ask(mem, "DELETE", "/a");
	CHECK_FAULT(route_find(routes, &req, &row), NO_ROUTE);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		req = ask(mem, "GET", none[i]);
		CHECK_ROW(route_find(routes, &req, &row) != NULL, none[i]);
	}
}

/* RP-13: ids have one form before anything is looked up. */
static void parts(struct arena *mem)
{
	struct request req =
		ask(mem, "GET", "/a/{0A1B2C3D-0000-4000-8000-00000000000F}");
	const struct route *row = NULL;

	CHECK_FINE(route_find(routes, &req, &row));
	CHECK_FINE(read_parts(row, &req));
	CHECK_TEXT(req.parts[0], ID);
	req = ask(mem, "PUT", "/a/" ID "/b/../x");
	CHECK_FAULT(route_find(routes, &req, &row), NO_ROUTE);
	req = ask(mem, "PUT", "/a/" ID "/b/7");
	CHECK_FINE(route_find(routes, &req, &row));
	CHECK_FAULT(read_parts(row, &req), BAD_ID);
}

static void queries(struct arena *mem)
{
	struct request req = { .mem = mem,
		               .query = "a=1&ab=2&c=%41+b&d&e=%zz&f=1&f=2" };
	const char *value = NULL;
	struct page page;

	CHECK_FINE(request_query(&req, "a", &value));
	CHECK_TEXT(value, "1");
	CHECK_FINE(request_query(&req, "c", &value));
	CHECK_TEXT(value, "A b");
	CHECK_FINE(request_query(&req, "d", &value));
	CHECK_TEXT(value, "");
	CHECK_FINE(request_query(&req, "b", &value));
	CHECK_TEXT(value, NULL);
	CHECK_FAULT(request_query(&req, "e", &value), BAD_FIELD);
	CHECK_FAULT(request_query(&req, "f", &value), BAD_FIELD);

	req.query = "limit=5&offset=10";
	CHECK_FINE(request_page(&req, 100, &page));
	CHECK_INT(page.limit, 5);
	CHECK_INT(page.offset, 10);
	req.query = "";
	CHECK_FINE(request_page(&req, 100, &page));
	CHECK_INT(page.limit, 100);
	req.query = "limit=101";
	CHECK_FAULT(request_page(&req, 100, &page), BAD_FIELD);
	req.query = "offset=-1";
	CHECK_FAULT(request_page(&req, 100, &page), BAD_FIELD);
}

/* TV-11, AC-13 */
static void headers(struct arena *mem)
{
	const char *const params[] = { "HTTP_MCP_METHOD=tools/list",
		                       "HTTP_ORIGIN=https://a",
		                       "HTTP_ORIGIN=https://b",
		                       "CONTENT_TYPE=application/json",
		                       "HTTP_CONTENT_TYPE=application/json",
		                       "HTTP_CONTENT_TYPE=text/plain",
		                       "HTTP_EMPTY=",
		                       "HTTP_COOKIE=x=1; access_token= t ; y=2",
		                       NULL };
	const char *const twice[] = { "HTTP_COOKIE=a=1; a=2", NULL };
	const char *const both[] = { "HTTP_COOKIE=a=1", "HTTP_COOKIE=b=2",
		                     NULL };
	struct request req = { .mem = mem, .params = params };
	const char *value = NULL;

	CHECK_TEXT(request_header(&req, "Mcp-Method"), "tools/list");
	CHECK_TEXT(request_header(&req, "mcp-method"), "tools/list");
	CHECK_TEXT(request_header(&req, "Mcp"), NULL);
	CHECK_TEXT(request_header(&req, "Empty"), NULL);
	CHECK_TEXT(request_header(&req, "Content-Type"), "application/json");
	CHECK(request_header_twice(&req, "Origin"));
	CHECK(request_header_twice(&req, "Content-Type")); /* TV-11 */
	CHECK(!request_header_twice(&req, "Mcp-Method"));
	CHECK_FINE(request_cookie(&req, "access_token", &value));
	CHECK_TEXT(value, "t");
	CHECK_FINE(request_cookie(&req, "y", &value));
	CHECK_TEXT(value, "2");
	CHECK_FINE(request_cookie(&req, "z", &value));
	CHECK_TEXT(value, NULL);
	req.params = twice;
	CHECK_FAULT(request_cookie(&req, "a", &value), BAD_TOKEN);
	req.params = both;
	CHECK_FAULT(request_cookie(&req, "a", &value), BAD_TOKEN);
}

/* RL-2: more time is counted from when the request came, so that asking for it
 * again and again, as the items of a batch can, gives no more. */
static void times(void)
{
	struct request req = { .came = 5000, .deadline = { 13000 } };

	req.db.deadline = req.deadline;
	request_take_longer(&req, 1000);
	CHECK_INT(req.deadline.at, 13000);
	for (int i = 0; i < 20; i++)
		request_take_longer(&req, 45000);
	CHECK_INT(req.deadline.at, 50000);
	CHECK_INT(req.db.deadline.at, 50000);
}

/* RL-3: what has waited too long, or has no time left, is not begun. Nobody
 * waits here: what is in time has a minute to spare. */
static void waits(struct arena *mem)
{
	static const struct {
		int64_t waited, may_take;
		bool in_time;
	} rows[] = {
		{ 0, 600000, true },      { 20000, 600000, true },
		{ 80001, 600000, false }, { 700000, 600000, false },
		{ 20000, 20000, false },  { 0 },
	};
	static struct app app;

	app.config.wait_ms = 80000;
	for (size_t i = 0; rows[i].may_take; i++) {
		int64_t came = clock_ms() - rows[i].waited;
		struct request req = { .mem = mem,
			               .app = &app,
			               .came = came,
			               .deadline = {
					       came + rows[i].may_take } };
		struct fault *wrong = request_in_time(&req);

		CHECK((wrong == NULL) == rows[i].in_time);
		CHECK(!wrong || wrong->kind == FAULT_BUSY);
	}
}

int main(void)
{
	struct arena *mem = arena_new(1 << 20);

	waits(mem);
	times();
	finding(mem);
	parts(mem);
	queries(mem);
	headers(mem);
	arena_free(mem);
	return check_end();
}
