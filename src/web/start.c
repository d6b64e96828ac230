#include "web/start.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "core/arena.h"
#include "core/breaker.h"
#include "core/deadline.h"
#include "core/log.h"
#include "core/slots.h"
#include "core/text.h"
#include "db/db.h"
#include "outbound/outbound.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/worker.h"

enum {
	SETTINGS_MEMORY = 16 << 20,
	BODY_MOST = 1 << 20, /* RP-7; a route may ask for less or more */
	CHECK_MS = 5000,
	RERANK_REST_MS = 30000, /* as a source whose vendor fails */
};

static enum log_level level_of(const char *name)
{
	static const char *const names[] = { "debug", "info", "warning",
		                             "error" };

	for (int i = LOG_DEBUG; i <= LOG_ERROR; i++)
		if (text_same(name, names[i]))
			return (enum log_level)i;
	return LOG_INFO;
}

static void close_vault(void *vault)
{
	vault_close(vault);
}

static void close_pool(void *pool)
{
	pool_free(pool);
}

/* Each side gets its own half of the key pair and its own database role, even
 * where one .env names all of them (SE-1): the api program can seal only. */
static CAN_FAIL open_keys(struct app *app, enum config_for program)
{
	const struct config *config = &app->config;
	bool seals = program == FOR_API;

	TRY(vault_open(app->mem, seals ? config->seal_public_key_file : NULL,
	               seals ? NULL : config->seal_private_key_file,
	               &app->vault));
	arena_defer(app->mem, close_vault, app->vault);
	return NULL;
}

static void open_pool(struct app *app, enum config_for program)
{
	const struct config *config = &app->config;
	const char *url = program == FOR_API ? config->api_database_url
	                                     : config->mcp_database_url;

	if (!url)
		url = config->database_url;
	app->pool = pool_new(config_libpq(app->mem, url),
	                     config->database_connections,
	                     config->statement_timeout_ms);
	arena_defer(app->mem, close_pool, app->pool);
}

static CAN_FAIL open_app(struct app *app, enum config_for program,
                         CAN_FAIL (*rest)(struct app *app))
{
	TRY(vault_start(app->mem));
	TRY(config_read(app->mem, program, &app->config));
	log_open(app->name, level_of(app->config.log_level));
	TRY(open_keys(app, program));
	open_pool(app, program);
	app->threads = program == FOR_API ? app->config.api_threads
	                                  : app->config.mcp_threads;
	app->body_most = BODY_MOST;
	app->started = clock_ms();
	return rest ? rest(app) : NULL;
}

/* TI-2: a role that is a superuser, bypasses policies or owns the tables makes
 * row-level security void without any sign of it. room: how many connections
 * the server has for such roles. */
static CAN_FAIL ask_database(struct app *app, long *room)
{
	enum { ROLE, BYPASSES, OWNS, ROOM };
	struct db db = {
		.pool = app->pool,
		.mem = app->mem,
		.deadline = deadline_in(CHECK_MS),
		.watched = -1,
	};
	struct rows *rows;

	TRY(db_run(&db, SQL_SESSION_ROLE, &rows));
	*room = rows_integer(rows, 0, ROOM);
	if (!rows_true(rows, 0, BYPASSES) && !rows_true(rows, 0, OWNS))
		return NULL;
	return fault_told(app->mem, FAULT_BAD_SETTING,
	                  "the database role %s %s: use the program's own role",
	                  rows_text(rows, 0, ROLE),
	                  rows_true(rows, 0, BYPASSES)
	                          ? "bypasses row-level security"
	                          : "owns the tables");
}

/* What may go wrong later, a line each; NULL after the last. */
struct doubts {
	const char *lines[4];
	size_t count;
};

static void doubt(struct doubts *doubts, const char *line)
{
	doubts->lines[doubts->count++] = line;
}

/* Other hosts and programs have their part of the connections, too: that this
 * host's alone are too many is all that can be seen from here (DB-6). The
 * original's ssl=require encrypts and proves nothing, and must work: so that
 * is no refusal (DB-2). */
static struct doubts doubts_of(struct app *app, const struct fault *asked,
                               long room)
{
	const struct config *config = &app->config;
	const char *unproved = pool_unproved(app->mem, app->pool);
	long most = (config->api_processes + config->mcp_processes) *
	            config->database_connections;
	struct doubts doubts = { .count = 0 };

	if (asked)
		doubt(&doubts, "the database does not answer, its role is "
		               "unchecked");
	else if (most > room)
		doubt(&doubts,
		      text_format(app->mem,
		                  "the worker processes of this host may open "
		                  "%ld database connections, and there are %ld",
		                  most, room));
	if (unproved)
		doubt(&doubts,
		      text_format(
			      app->mem,
			      "the database at %s need not prove who it is: "
			      "set sslmode=verify-full",
			      unproved));
	return doubts;
}

/* What --check tells of settings that are right. */
static void print_check(const struct app *app, const struct fault *asked,
                        const struct doubts *doubts)
{
	printf("gatehouse-%s: the settings are right%s", app->name,
	       asked ? "" : ", and so is the database role");
	for (size_t i = 0; doubts->lines[i]; i++)
		printf("; %s", doubts->lines[i]);
	putchar('\n');
	if (asked)
		printf("gatehouse-%s: (%s)\n", app->name, asked->note);
}

/* A database that is away says nothing about the role: the program starts, so
 * that it can serve once the database is back. */
static int run(struct app *app, enum config_for program, bool checks,
               CAN_FAIL (*rest)(struct app *app))
{
	struct fault *wrong = open_app(app, program, rest);
	long room = 0;
	struct fault *asked = wrong ? NULL : ask_database(app, &room);
	struct doubts doubts;

	if (asked && asked->kind == FAULT_BAD_SETTING)
		wrong = asked;
	if (wrong) {
		fprintf(stderr, "gatehouse-%s: %s\n", app->name,
		        wrong->kind == FAULT_BAD_SETTING ? wrong->told
		                                         : wrong->note);
		return EX_CONFIG;
	}
	doubts = doubts_of(app, asked, room);
	if (checks) {
		print_check(app, asked, &doubts);
		return 0;
	}
	for (size_t i = 0; doubts.lines[i]; i++)
		log_line(LOG_WARNING, "start", { "doubt", doubts.lines[i], 0 });
	return worker_run(app);
}

static void close_outbound(void *outbound)
{
	outbound_close(outbound);
}

static void free_slots(void *slots)
{
	slots_free(slots);
}

static void free_breaker(void *breaker)
{
	breaker_free(breaker);
}

CAN_FAIL start_outbound(struct app *app)
{
	TRY(outbound_open(app->mem, &app->config, &app->outbound));
	arena_defer(app->mem, close_outbound, app->outbound);
	app->waits = slots_new(app->threads, 0);
	if (!app->waits)
		return fault(app->mem, FAULT_INTERNAL, "no memory for slots");
	arena_defer(app->mem, free_slots, app->waits);
	app->rerank = breaker_new(RERANK_REST_MS);
	if (!app->rerank)
		return fault(app->mem, FAULT_INTERNAL, "no memory");
	arena_defer(app->mem, free_breaker, app->rerank);
	app->threads += app->threads / 4;
	return NULL;
}

int start(struct app *app, enum config_for program, int count, char **arguments,
          CAN_FAIL (*rest)(struct app *app))
{
	bool checks = count == 2 && strcmp(arguments[1], "--check") == 0;
	int status;

	if (count == 2 && strcmp(arguments[1], "--version") == 0) {
		printf("gatehouse-%s %s\n", app->name, PACKAGE_VERSION);
		return 0;
	}
	if (count > 1 && !checks) {
		fprintf(stderr,
		        "usage: gatehouse-%s.fcgi [--check|--version]\n",
		        app->name);
		return EX_USAGE;
	}
	app->mem = arena_new(SETTINGS_MEMORY);
	status = run(app, program, checks, rest);
	arena_free(app->mem);
	return status;
}
