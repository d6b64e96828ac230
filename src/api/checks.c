#include "api/checks.h"

#include "core/json.h"
#include "core/log.h"
#include "core/text.h"
#include "db/db.h"
#include "sources/source.h"
#include "web/app.h"
#include "web/request.h"
#include "web/response.h"
#include "web/worker.h"

enum {
	CHECK_MS = 2000, /* a load balancer does not wait longer (DB-5) */
	RETRY_SECONDS = 2,
};

/* Seconds with two decimals, as the contract has them. */
static double uptime(const struct request *req)
{
	return (double)((clock_ms() - req->app->started) / 10) / 100;
}

/* How many sources of each kind the server of the request's host has, and how
 * many sources of any tenant are left alone because their vendor fails, or
 * will be tried by the next search. */
static void put_counts(struct request *req, json_object *body,
                       const struct rows *rows)
{
	enum { COUNTS, OPEN, HALF_OPEN };
	json_object *handlers = js_put_object(body, "dynamic_handlers");
	const char *text = rows ? rows_text(rows, 0, COUNTS) : NULL;
	json_object *counts = text ? js_literal(req->mem, text) : NULL;

	for (const struct source_kind *const *k = req->app->kinds; *k; k++)
		js_put_integer(handlers, (*k)->name,
		               js_integer(js_get(counts, (*k)->name)));
	js_put_integer(body, "open_circuits",
	               rows ? rows_integer(rows, 0, OPEN) : 0);
	js_put_integer(body, "half_open_circuits",
	               rows ? rows_integer(rows, 0, HALF_OPEN) : 0);
}

/* The database is really asked; without it nothing else here can serve. */
CAN_FAIL checks(struct request *req, struct response *out)
{
	json_object *body = js_object(req->mem), *workers;
	struct rows *rows = NULL;
	struct db db = req->db;
	struct fault *wrong;
	bool up;

	db.deadline = deadline_sooner(req->deadline, deadline_in(CHECK_MS));
	wrong = db_run(&db, SQL_CHECKED, &rows, req->host,
	               text_format(req->mem, "%s:%s", req->host, req->port));
	up = !wrong;
	if (wrong)
		log_line(LOG_ERROR, "unhealthy", { "request_id", req->id, 0 },
		         { "where", wrong->where, 0 },
		         { "note", wrong->note, 0 });
	js_put_text(body, "status", up ? "healthy" : "unhealthy");
	js_put_text(body, "service", "gatehouse");
	js_put_text(body, "version", PACKAGE_VERSION);
	js_put_number(body, "uptime_seconds", uptime(req));
	js_put_text(body, "database", up ? "ok" : "unreachable");
	workers = js_put_object(body, "workers");
	js_put_integer(workers, "threads", req->app->threads);
	js_put_integer(workers, "busy", worker_busy(req->app));
	put_counts(req, body, rows);
	if (!up)
		response_header(out, "Retry-After",
		                text_format(req->mem, "%d", RETRY_SECONDS));
	response_json(out, up ? 200 : 503, body);
	return NULL;
}
