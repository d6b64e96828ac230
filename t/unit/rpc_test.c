/* JSON-RPC messages as they come off the wire, without a network or a
 * database: shapes, batches, which revision, headers, and the order in which
 * things are refused. */
#include "mcp/rpc.h"

#include <stdlib.h>
#include <unistd.h>

#include "auth/principal.h"
#include "check.h"
#include "core/arena.h"
#include "core/text.h"
#include "mcp/gateway.h"
#include "mcp/offer.h"
#include "mcp/round.h"
#include "mcp/turn.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/request.h"
#include "web/response.h"

#define V "io.modelcontextprotocol/protocolVersion"
#define C "io.modelcontextprotocol/clientCapabilities"
#define META "\"_meta\":{\"" V "\":\"2026-07-28\",\"" C "\":{}}"
#define ASK(method, params)                                                    \
	"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" method                   \
	"\",\"params\":{" params "}}"

static struct arena *mem;
static struct vault *vault;
static struct pool *pool; /* leads nowhere */
static int64_t now = 1000000;

/* A tool that needs a second round, to see what its state is bound to. */
static CAN_FAIL twice(struct turn *turn)
{
	const char *kept;

	TRY(round_kept(turn, now, &kept));
	if (!kept)
		return round_keep(turn, "first", now);
	turn_text(turn, kept);
	return NULL;
}

static const struct offer_tool tools[] = {
	{ "twice", "Twice", "Twice.", "{\"type\":\"object\"}", NULL, 0, twice },
	{ "again", "Again", "Again.", "{\"type\":\"object\"}", NULL, 0, twice },
	{ 0 },
};
static const struct offer test_offer = { .tools = tools };
static const struct offer *const offers[] = { &gateway_offer, &test_offer,
	                                      NULL };

static struct principal principal = { .user_id = "u", .server_id = "s" };
static long tool_rate = 1000000;
static const char *rates = "{}"; /* what was called lately */

/* What came back of one body with some headers ("NAME=value" ended by NULL). */
struct got {
	int status;
	json_object *json;
	const char *fault; /* where the whole body was refused */
	long code;         /* of the error, or 0 */
};

static struct got send(const char *body, const char *const *headers)
{
	struct app *app = arena_alloc(mem, sizeof(*app));
	struct response *out = arena_alloc(mem, sizeof(*out));
	struct request *req = arena_alloc(mem, sizeof(*req));
	struct fault *wrong;

	app->offers = offers;
	app->vault = vault;
	app->config.tool_rate = tool_rate;
	principal.rates = js_literal(mem, rates);
	out->mem = mem;
	*req = (struct request){ .mem = mem,
		                 .app = app,
		                 .id = "0",
		                 .principal = &principal,
		                 .db = { .pool = pool, .mem = mem,
		                         .tenant = "u", .watched = -1,
		                         .deadline = deadline_in(1000) },
		                 .body = body,
		                 .body_size = strlen(body),
		                 .params = headers };
	wrong = rpc_answer(req, out);
	if (wrong)
		return (struct got){ fault_row(wrong->kind)->http, NULL,
			             fault_row(wrong->kind)->name,
			             fault_row(wrong->kind)->rpc };
	return (struct got){ out->status, out->json, NULL,
		             js_integer(js_get(out->json, "error", "code")) };
}

static const char *const none[] = { NULL };
static const char *const list_headers[] = {
	"HTTP_MCP_PROTOCOL_VERSION=2026-07-28", "HTTP_MCP_METHOD=tools/list",
	NULL
};

/* Rows of doc/mcp.md's table: body, header, status, code. */
struct row {
	const char *body;
	const char *version; /* MCP-Protocol-Version, or NULL */
	int status;
	long code;
};

static void check_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *headers[] = { NULL, NULL };
		struct got got;

		if (rows[i].version)
			headers[0] = text_format(
				mem, "HTTP_MCP_PROTOCOL_VERSION=%s",
				rows[i].version);
		got = send(rows[i].body, headers);
		CHECK_ROW(got.status == rows[i].status &&
		                  got.code == rows[i].code,
		          rows[i].body);
	}
}

static void check_shapes(void)
{
	static const struct row rows[] = {
		{ "", NULL, 400, -32700 },
		{ "{", NULL, 400, -32700 },
		{ "{\"jsonrpc\":\"2.0\",\"jsonrpc\":\"2.0\"}", NULL, 400, -32700 },
		{ "1", NULL, 400, -32600 },
		{ "{}", NULL, 400, -32600 },
		{ "{\"id\":1,\"method\":\"ping\"}", NULL, 400, -32600 },
		{ "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}", NULL, 400, -32600 },
		{ "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}", NULL, 400, -32600 },
		{ "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}", NULL, 400, -32600 },
		{ "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}", NULL, 400, -32600 },
		{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":1}", NULL, 400, -32600 },
		{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]}", NULL, 400, -32600 },
		{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":null}", NULL, 400, -32600 },
		{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}", NULL, 200, 0 },
		{ "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"ping\"}", NULL, 200, 0 },
		{ "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}", NULL, 202, 0 },
		{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", NULL, 202, 0 },
		{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{}}", NULL, 202, 0 },
	};

	check_rows(rows, sizeof(rows) / sizeof(*rows));
	/* an error repeats the id it could read, and never has null for it */
	CHECK_INT(js_integer(js_get(
			  send("{\"jsonrpc\":\"1.0\",\"id\":7,\"method\":\"a\"}", none)
				  .json,
			  "id")),
	          7);
	CHECK(!js_has(send("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"a\"}", none)
	                      .json,
	              "id"));
}

/* MC-7: the body decides the revision, once; the header is a cross-check. */
static void check_eras(void)
{
	static const struct row rows[] = {
		{ ASK("initialize", "\"protocolVersion\":\"2025-06-18\""), NULL, 200, 0 },
		{ ASK("initialize", "\"protocolVersion\":\"2025-06-18\""), "2025-06-18", 200, 0 },
		{ ASK("initialize", "\"protocolVersion\":\"2025-06-18\""), "2026-07-28", 400, -32020 },
		{ ASK("initialize", META), "2026-07-28", 400, -32020 }, /* Mcp-Method */
		{ ASK("tools/list", META), NULL, 400, -32020 },
		{ ASK("tools/list", META), "2025-11-25", 400, -32020 },
		{ ASK("tools/list", META), "2026-07-28", 400, -32020 },
		{ ASK("tools/list", "\"_meta\":{\"" V "\":\"2025-11-25\",\"" C "\":{}}"), "2025-11-25", 400, -32022 },
		{ ASK("tools/list", "\"_meta\":{\"" V "\":\"2099-01-01\",\"" C "\":{}}"), "2099-01-01", 400, -32022 },
		{ ASK("tools/list", "\"_meta\":{\"" V "\":\"2026-07-28\"}"), "2026-07-28", 400, -32602 },
		{ ASK("tools/list", "\"_meta\":{\"" V "\":1,\"" C "\":{}}"), "2026-07-28", 400, -32602 },
		{ ASK("tools/list", "\"_meta\":{\"" V "\":\"2026-07-28\",\"" C "\":[]}"), "2026-07-28", 400, -32602 },
		{ ASK("tools/list", "\"_meta\":{}"), "2026-07-28", 400, -32602 },
		{ ASK("tools/list", ""), "2026-07-28", 400, -32602 },
		{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}", "2026-07-28", 400, -32602 },
		{ ASK("tools/list", ""), NULL, 200, 0 },
		{ ASK("tools/list", ""), "2025-11-25", 200, 0 },
		{ ASK("tools/list", ""), " 2025-11-25 ", 200, 0 },
		{ ASK("tools/list", ""), "2024-11-05", 400, -32600 },
		{ ASK("tools/list", ""), "1", 400, -32600 },
		{ ASK("server/discover", ""), NULL, 200, -32601 },
		{ ASK("nothing", ""), "2025-11-25", 200, -32601 },
		{ ASK("logging/setLevel", ""), NULL, 200, -32601 },
		{ ASK("resources/subscribe", ""), NULL, 200, -32601 },
		{ "{\"jsonrpc\":\"2.0\",\"method\":\"a\"}", "2026-07-28", 202, 0 },
		{ "{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"params\":{" META "}}", "2025-11-25", 400, -32020 },
		{ "{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"params\":{" META "}}", "2026-07-28", 202, 0 },
		{ "{\"jsonrpc\":\"2.0\",\"method\":\"a\"}", "1999-01-01", 400, -32600 },
	};

	check_rows(rows, sizeof(rows) / sizeof(*rows));
	CHECK_TEXT(js_text(js_get(send(ASK("initialize", "\"protocolVersion\":\"2025-03-26\""), none).json,
	                          "result", "protocolVersion")),
	           "2025-03-26");
	CHECK_TEXT(js_text(js_get(send(ASK("initialize", "\"protocolVersion\":\"2026-07-28\""), none).json,
	                          "result", "protocolVersion")),
	           "2025-11-25");
	CHECK_TEXT(js_text(js_get(send(ASK("initialize", "\"protocolVersion\":\"x\""), none).json,
	                          "result", "protocolVersion")),
	           "2025-11-25");
}

static void check_modern(void)
{
	static const char body[] = ASK("tools/list", META);
	static const char *const twice_sent[] = {
		"HTTP_MCP_PROTOCOL_VERSION=2026-07-28",
		"HTTP_MCP_METHOD=tools/list", "HTTP_MCP_METHOD=tools/call", NULL
	};
	static const char *const twice_other[] = {
		"HTTP_MCP_PROTOCOL_VERSION=2026-07-28",
		"HTTP_MCP_METHOD=tools/call", "HTTP_MCP_METHOD=tools/list", NULL
	};
	static const char *const ping_headers[] = {
		"HTTP_MCP_PROTOCOL_VERSION=2026-07-28", "HTTP_MCP_METHOD=ping",
		NULL
	};
	static const char *const future[] = {
		"HTTP_MCP_PROTOCOL_VERSION=2099-01-01",
		"HTTP_MCP_METHOD=tools/list", NULL
	};
	struct got got = send(body, list_headers);

	CHECK_INT(got.status, 200);
	CHECK_TEXT(js_text(js_get(got.json, "result", "resultType")),
	           "complete");
	CHECK_TEXT(js_text(js_get(got.json, "result", "cacheScope")),
	           "private"); /* MC-11 */
	CHECK_TEXT(js_text(js_get(js_item(js_get(got.json, "result", "tools"), 0),
	                          "name")),
	           "search");
	CHECK_INT(send(body, twice_sent).code, -32020);  /* TV-11 */
	CHECK_INT(send(body, twice_other).code, -32020); /* TV-11 */
	got = send(ASK("ping", META), ping_headers);
	CHECK_INT(got.status, 404);
	CHECK_INT(got.code, -32601);
	CHECK_INT(js_integer(js_get(got.json, "id")), 1);
	got = send(ASK("tools/list", "\"_meta\":{\"" V "\":\"2099-01-01\",\"" C "\":{}}"), future);
	CHECK_TEXT(js_print(mem, js_get(got.json, "error", "data")),
	           "{\"supported\":[\"2026-07-28\"],\"requested\":\"2099-01-01\"}");
}

static void check_batches(void)
{
	static const struct row rows[] = {
		{ "[]", NULL, 400, -32600 },
		{ "[1]", NULL, 400, -32600 },
		{ "[" ASK("ping", "") "]", "2025-06-18", 400, -32600 },
		{ "[" ASK("ping", "") "]", "2026-07-28", 400, -32600 },
		{ "[" ASK("ping", META) "]", NULL, 400, -32600 },
		{ "[" ASK("ping", "") ",{\"jsonrpc\":\"2.0\",\"method\":1}]", NULL, 400, -32600 },
		{ "[{\"jsonrpc\":\"2.0\",\"method\":\"a\"}]", NULL, 202, 0 },
		{ "[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}]", "2025-03-26", 202, 0 },
	};
	struct buffer many = { .mem = mem };
	struct got got;

	check_rows(rows, sizeof(rows) / sizeof(*rows));
	got = send("[" ASK("ping", "") "," ASK("initialize", "") ","
	           "{\"jsonrpc\":\"2.0\",\"id\":\"b\",\"method\":1},"
	           "{\"jsonrpc\":\"2.0\",\"method\":\"a\"}]",
	           none);
	CHECK_INT(got.status, 200);
	CHECK_INT(js_count(got.json), 3);
	CHECK_TEXT(js_print(mem, js_item(got.json, 0)),
	           "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
	CHECK_INT(js_integer(js_get(js_item(got.json, 1), "error", "code")),
	          -32600);
	CHECK_TEXT(js_text(js_get(js_item(got.json, 2), "id")), "b");
	for (int i = 0; i < 21; i++)
		buffer_add(&many, i ? "," ASK("ping", "") : "[" ASK("ping", ""));
	buffer_add(&many, "]");
	CHECK_INT(send(buffer_text(&many), none).status, 400);
}

/* ---- MC-8: what a requestState is bound to ---- */

static struct got call(const char *tool, const char *arguments,
                       const char *state)
{
	const char *body = text_format(
		mem,
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\","
		"\"params\":{\"name\":\"%s\",\"arguments\":%s%s%s%s," META "}}",
		tool, arguments, state ? ",\"requestState\":\"" : "",
		state ? state : "", state ? "\"" : "");
	const char *const headers[] = {
		"HTTP_MCP_PROTOCOL_VERSION=2026-07-28",
		"HTTP_MCP_METHOD=tools/call",
		text_format(mem, "HTTP_MCP_NAME=%s", tool), NULL
	};

	return send(body, headers);
}

static void open_vault(void)
{
	char folder[] = "/tmp/gatehouse-rpc-XXXXXX";
	const char *public_file, *private_file;

	CHECK(mkdtemp(folder) != NULL);
	public_file = text_format(mem, "%s/public", folder);
	private_file = text_format(mem, "%s/private", folder);
	CHECK_FINE(vault_start(mem));
	CHECK_FINE(vault_create(mem, public_file, private_file));
	CHECK_FINE(vault_open(mem, public_file, private_file, &vault));
	unlink(public_file);
	unlink(private_file);
	rmdir(folder);
}

static const char *state_of(struct got got)
{
	return js_text(js_get(got.json, "result", "requestState"));
}

/* Only offers whose answer writes no audit row could run without a database;
 * tools/call always writes one, and a lost row does not undo the answer. */
static void check_rounds(void)
{
	const char *state = state_of(call("twice", "{\"a\":1}", NULL));

	CHECK(state != NULL);
	CHECK_INT(call("twice", "{\"a\":1}", state).code, 0);
	CHECK_INT(call("twice", "{\"a\":2}", state).code, -32602);
	CHECK_INT(call("again", "{\"a\":1}", state).code, -32602);
	CHECK_INT(call("twice", "{\"a\":1}", text_format(mem, "%sA", state)).code,
	          -32602);
	CHECK_INT(call("twice", "{\"a\":1}", "").code, -32602);
	principal.user_id = "v";
	CHECK_INT(call("twice", "{\"a\":1}", state).code, -32602);
	principal.user_id = "u";
	principal.server_id = "t";
	CHECK_INT(call("twice", "{\"a\":1}", state).code, -32602);
	principal.server_id = "s";
	now += ROUND_SECONDS;
	CHECK_INT(call("twice", "{\"a\":1}", state).code, 0);
	now += 1;
	CHECK_INT(call("twice", "{\"a\":1}", state).code, -32602);
}

/* MC-16: how often a tool may be called: at 60 a minute a call takes a second,
 * and a minute's worth may come at once. */
static void check_rates(void)
{
	static const char batch[] =
		"[" ASK("tools/call", "\"name\":\"twice\"") ","
		ASK("tools/call", "\"name\":\"again\"") ","
		ASK("tools/call", "\"name\":\"twice\"") "]";
	static const struct {
		long rate;
		const char *taken;
		int status;
	} rows[] = {
		{ 60, "{\"twice\":59000000}", 200 },
		{ 60, "{\"twice\":59000001}", 429 },
		{ 60, "{\"twice\":3600000000}", 429 },
		{ 60, "{\"again\":3600000000}", 200 },
		{ 120, "{\"twice\":59500000}", 200 },
		{ 1, "{}", 200 },
		{ 1, "{\"twice\":1}", 429 },
	};
	struct got got;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		tool_rate = rows[i].rate;
		rates = rows[i].taken;
		got = call("twice", "{}", NULL);
		CHECK_ROW(got.status == rows[i].status &&
		                  got.code == (got.status == 429 ? -32603 : 0),
		          rows[i].taken);
	}
	/* Items of a batch count, too: the third is one too many. */
	tool_rate = 1;
	rates = "{}";
	got = send(batch, none);
	CHECK_INT(got.status, 200);
	CHECK(js_has(js_item(got.json, 0), "result"));
	CHECK(js_has(js_item(got.json, 1), "result"));
	CHECK_INT(js_integer(js_get(js_item(got.json, 2), "error", "code")),
	          -32603);
}

int main(void)
{
	mem = arena_new(16 << 20);
	pool = pool_new("host=/nonexistent", 1, 1000);
	open_vault();
	check_shapes();
	check_eras();
	check_modern();
	check_batches();
	check_rounds();
	check_rates();
	vault_close(vault);
	pool_free(pool);
	arena_free(mem);
	return check_end();
}
