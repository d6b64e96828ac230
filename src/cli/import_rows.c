#include "cli/import_rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "auth/email.h"
#include "auth/password.h"
#include "core/arena.h"
#include "core/domains.h"
#include "core/json.h"
#include "core/text.h"
#include "sources/registry.h"
#include "sources/source.h"
#include "vault/vault.h"

enum { ROW_MS = 30000, TOLD_MOST = 200 };

/* ---- telling ---- */

/* A line about a row. What stands in the other database is not to be trusted
 * with the terminal: one line, visible characters, not too long. */
static __attribute__((format(printf, 4, 5))) void tell(
	const struct import *import, const char *what, const char *id,
	const char *form, ...)
{
	char *text;
	va_list args;

	va_start(args, form);
	text = text_vformat(import->mem, form, args);
	va_end(args);
	text = text_fold(import->mem, text_visible(import->mem, text));
	fprintf(stderr, "%s %s: %s\n", what, id,
	        text_cut(import->mem, text, TOLD_MOST));
}

/* A fault of this row alone is told and counted; one that every row would meet
 * ends the import. */
static struct fault *refuse(struct import *import, const char *what,
                            const char *id, struct fault *why)
{
	if (why->kind == FAULT_NO_DATABASE || why->kind == FAULT_BUSY ||
	    why->kind == FAULT_TIMED_OUT)
		return why;
	tell(import, what, id, "%s",
	     why->kind == FAULT_INTERNAL ? why->note : why->told);
	import->count.refused++;
	return NULL;
}

/* Counts what a statement answered; false for a refusal, which is the caller's
 * to tell. */
static bool taken_over(struct import *import, const char *outcome)
{
	if (text_same(outcome, "made"))
		import->count.made++;
	else if (text_same(outcome, "there") || text_same(outcome, "ended"))
		import->count.there++;
	else
		import->count.refused++;
	return text_same(outcome, "made") || text_same(outcome, "there") ||
	       text_same(outcome, "ended");
}

static void act_as(struct import *import, const char *user_id)
{
	import->to.tenant = user_id;
	import->to.deadline = deadline_in(ROW_MS);
}

static const char *const orphan =
	"its account was not taken over, or has been deleted here";

/* ---- people ---- */

CAN_FAIL import_user(struct import *import, const struct rows *rows, size_t row)
{
	enum { ID, EMAIL, HASH, CREATED, UPDATED };
	const char *id = rows_text(rows, row, ID);
	const char *written = rows_text(rows, row, EMAIL);
	const char *hash = rows_text(rows, row, HASH);
	struct fault *wrong;
	struct email email;
	struct rows *outcome;

	wrong = email_read(import->mem, written, &email);
	if (!wrong && !password_known(hash))
		wrong = fault_told(import->mem, FAULT_BAD_FIELD,
		                   "its password hash is none that can be "
		                   "verified: bcrypt ($2b$), cost 10 to 14");
	if (wrong)
		return refuse(import, "user", id,
		              fault_told(import->mem, wrong->kind, "%s: %s",
		                         written, wrong->told));
	act_as(import, id);
	wrong = db_run(&import->to, SQL_IMPORT_USER, &outcome, email.shown,
	               email.key, hash, rows_text(rows, row, CREATED),
	               rows_text(rows, row, UPDATED));
	if (wrong)
		return refuse(import, "user", id, wrong);
	if (!taken_over(import, rows_text(outcome, 0, 0)))
		tell(import, "user", id,
		     "%s: another account here has this address, perhaps "
		     "written in another way",
		     written);
	return NULL;
}

/* ---- sources ---- */

/* The settings a kind keeps in clear, and its secrets sealed for the row they
 * will stand in, as JSON. */
static CAN_FAIL read_settings(struct import *import, const char *id,
                              const char *type, const char *metadata,
                              const char **plain, const char **sealed)
{
	const struct source_kind *kind = kind_find(registry, type);
	json_object *given = NULL, *kept, *secrets;
	json_object *all = js_object(import->mem);

	if (!kind)
		return fault_told(import->mem, FAULT_BAD_FIELD,
		                  "there is no kind of source %s", type);
	if (metadata)
		TRY(js_parse(import->mem, metadata, strlen(metadata), &given));
	TRY(kind_check(kind, import->mem, given, NULL, &kept, &secrets));
	for (struct js_member m = js_first(secrets); m.name; m = js_next(m)) {
		struct seal_place place = {
			.table = "source_secrets",
			.column = m.name,
			.tenant = import->to.tenant,
			.row = id,
		};
		const char *text;

		TRY(vault_seal(import->vault, import->mem, &place,
		               js_text(m.value), &text));
		js_put_text(all, m.name, text);
	}
	*plain = js_print(import->mem, kept);
	*sealed = js_print(import->mem, all);
	return NULL;
}

CAN_FAIL import_source(struct import *import, const struct rows *rows,
                       size_t row)
{
	enum { ID, USER_ID, TYPE, METADATA, CREATED, UPDATED };
	const char *id = rows_text(rows, row, ID);
	const char *type = rows_text(rows, row, TYPE);
	const char *plain, *sealed;
	struct fault *wrong;
	struct rows *outcome;

	act_as(import, rows_text(rows, row, USER_ID));
	wrong = read_settings(import, id, type, rows_text(rows, row, METADATA),
	                      &plain, &sealed);
	if (wrong)
		return refuse(import, "source", id, wrong);
	wrong = db_run(&import->to, SQL_IMPORT_SOURCE, &outcome, id, type,
	               plain, sealed, rows_text(rows, row, CREATED),
	               rows_text(rows, row, UPDATED));
	if (wrong)
		return refuse(import, "source", id, wrong);
	if (!taken_over(import, rows_text(outcome, 0, 0)))
		tell(import, "source", id, "%s",
		     text_same(rows_text(outcome, 0, 0), "orphan")
		             ? orphan
		             : "its id is another source's here");
	return NULL;
}

/* ---- MCP servers ---- */

static size_t pool_size(const struct import *import)
{
	size_t count = 0;

	while (import->pool[count])
		count++;
	return count;
}

static bool in_pool(const struct import *import, const char *domain)
{
	for (char **one = import->pool; *one; one++)
		if (text_same(*one, domain))
			return true;
	return false;
}

/* The endpoint as a domain of the pool is written; "" where it is none. The
 * original took what an operator wrote, with a scheme too (defect 27). */
static const char *read_domain(struct import *import, const char *endpoint)
{
	char **domains;

	if (domains_read(import->mem, endpoint, &domains) || !domains[0] ||
	    domains[1])
		return "";
	return domains[0];
}

/* The ids in the one form we keep; junk is told and left out. */
static const char *read_ids(struct import *import, const char *id,
                            const char *json)
{
	json_object *given;
	const char **ids;
	size_t count = 0;

	if (js_parse(import->mem, json, strlen(json), &given))
		return "{}";
	ids = arena_array(import->mem, js_count(given) + 1, sizeof(*ids));
	for (size_t i = 0; i < js_count(given); i++) {
		const char *written = js_text(js_item(given, i));
		const char *source =
			text_uuid(import->mem, written ? written : "");

		if (source)
			ids[count++] = source;
		else
			tell(import, "server", id,
			     "left out of its sources, since it is no id: %s",
			     written ? written : "null");
	}
	return db_array(import->mem, ids, count);
}

/* What the operator should know about a server that was taken. */
static void tell_made(const struct import *import, const char *id,
                      const char *domain, const struct rows *outcome)
{
	enum { OUTCOME, ENDPOINT, MISSING };
	const char *endpoint = rows_text(outcome, 0, ENDPOINT);
	json_object *missing =
		js_literal(import->mem, rows_text(outcome, 0, MISSING));

	for (size_t i = 0; i < js_count(missing); i++)
		tell(import, "server", id,
		     "left out of its sources, since its account has no such "
		     "source: %s",
		     js_text(js_item(missing, i)));
	if (!text_same(endpoint, domain))
		tell(import, "server", id,
		     "has a new domain, its clients must be told: %s",
		     endpoint);
	else if (!in_pool(import, endpoint))
		tell(import, "server", id,
		     "%s is not in MCP_GATEWAY_URL_POOLS: add it there",
		     endpoint);
}

static const char *no_domain(const struct import *import, const char *domain)
{
	if (import->reassign)
		return "no domain of MCP_GATEWAY_URL_POOLS is free for it";
	return *domain ? "its domain is another live server's, or rests; "
	                 "--reassign gives it a free one"
	               : "its endpoint is no host name; --reassign gives it "
	                 "a free domain";
}

/* Why a server was not taken, by what the statement answered. */
static void tell_refused(const struct import *import, const char *id,
                         const char *domain, const char *endpoint,
                         const char *outcome)
{
	if (text_same(outcome, "no_domain"))
		tell(import, "server", id, "%s: %s", no_domain(import, domain),
		     endpoint);
	else
		tell(import, "server", id, "%s",
		     text_same(outcome, "orphan")
		             ? orphan
		             : "its id is another server's here");
}

CAN_FAIL import_server(struct import *import, const struct rows *rows,
                       size_t row)
{
	enum {
		ID,
		USER_ID,
		NAME,
		ENDPOINT,
		SOURCES,
		CREATED,
		UPDATED,
		DELETED
	};
	const char *id = rows_text(rows, row, ID);
	const char *endpoint = rows_text(rows, row, ENDPOINT);
	const char *deleted = rows_text(rows, row, DELETED);
	const char *domain = read_domain(import, endpoint);
	struct fault *wrong;
	struct rows *got;

	act_as(import, rows_text(rows, row, USER_ID));
	wrong = db_run(
		&import->to, SQL_IMPORT_SERVER, &got, id,
		rows_text(rows, row, NAME), deleted ? endpoint : domain,
		deleted ? "{}"
			: read_ids(import, id, rows_text(rows, row, SOURCES)),
		rows_text(rows, row, CREATED), rows_text(rows, row, UPDATED),
		deleted,
		import->reassign ? db_array(import->mem,
	                                    (const char *const *)import->pool,
	                                    pool_size(import))
				 : "{}",
		text_format(import->mem, "%ld",
	                    import->config->domain_rest_hours));
	if (wrong)
		return refuse(import, "server", id, wrong);
	if (!taken_over(import, rows_text(got, 0, 0)))
		tell_refused(import, id, domain, endpoint,
		             rows_text(got, 0, 0));
	else if (text_same(rows_text(got, 0, 0), "made") && !deleted)
		tell_made(import, id, domain, got);
	return NULL;
}
