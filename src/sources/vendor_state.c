#include "sources/vendor_state.h"

#include "core/arena.h"
#include "core/log.h"
#include "core/text.h"
#include "vault/vault.h"
#include "web/app.h"

/* Whose state it is where no person has one of their own. */
#define NOBODY "00000000-0000-0000-0000-000000000000"

enum {
	KEEPING_MS = 2000,
	MORE_SECONDS = 2, /* a slot is lent for longer than the job may take */
	LEAVING_MS = 1000,
	REPLIES_MEMORY = 64 << 20, /* calls have bounds of their own */
};

static void note_fault(const struct job *job, const struct fault *fault)
{
	log_line(LOG_WARNING, "vendor-state",
	         { "request_id", .text = job->db->request_id },
	         { "source", .text = job->source->id },
	         { "where", .text = fault->where },
	         { "note", .text = fault->note });
}

/* What is sealed and does not open was made for another place, or with another
 * key: somebody's doing, so it is audited too (security SE-3). */
static void note_seal(struct job *job, const char *what,
                      const struct fault *fault)
{
	json_object *detail = js_object(job->mem);

	note_fault(job, fault);
	js_put_text(detail, "request", job->db->request_id);
	js_put_text(detail, "source", job->source->id);
	js_put_text(detail, "secret", what);
	fault = db_run(job->db, SQL_AUDIT_EVENT, NULL, job->db->tenant, "seal",
	               "refused", js_print(job->mem, detail));
	if (fault)
		note_fault(job, fault);
}

/* ---- secrets and tokens ---- */

const char *vendor_setting(const struct job *job, const char *name)
{
	const char *text = js_text(js_get(job->source->metadata, name));

	return text ? text : "";
}

static void load_secrets(struct job *job)
{
	struct dealing *d = job->dealing;
	struct rows *rows;
	struct fault *fault =
		db_run(job->db, SQL_SOURCE_SECRETS, &rows, job->source->id);

	d->secrets = js_object(job->mem);
	if (fault) {
		note_fault(job, fault);
		return;
	}
	for (size_t i = 0; i < rows_count(rows); i++)
		js_put_text(d->secrets, rows_text(rows, i, 0),
		            rows_text(rows, i, 1));
}

const char *vendor_secret(struct job *job, const char *name)
{
	struct seal_place place = {
		.table = "source_secrets",
		.column = name,
		.tenant = job->db->tenant,
		.row = job->source->id,
	};
	const char *sealed, *secret;
	struct fault *fault;

	if (!job->dealing->secrets)
		load_secrets(job);
	sealed = js_text(js_get(job->dealing->secrets, name));
	if (!sealed || job->dealing->clear)
		return sealed ? sealed : "";
	fault = vault_unseal(job->app->vault, job->mem, &place, sealed,
	                     &secret);
	if (!fault)
		return secret;
	note_seal(job, name, fault);
	job->dealing->unopened = true;
	return "";
}

/* Where a token stands: sealed for one source of one tenant. */
static const char *context_of(const struct job *job)
{
	return text_format(job->mem, "vendor-token:%s:%s:%s", job->db->tenant,
	                   job->source->id, subject_of(job));
}

const char *token_opened(struct job *job, const char *sealed)
{
	const char *token = NULL;
	struct fault *fault;

	if (!sealed)
		return NULL;
	fault = state_open(job->app->vault, job->mem, context_of(job), sealed,
	                   &token);
	if (fault)
		note_seal(job, "token", fault);
	return token;
}

enum token_turn token_turn(struct job *job, const char **help)
{
	enum { TOKEN, NUMBER, CLAIMED, HELP };
	struct dealing *d = job->dealing;
	struct rows *rows;
	struct fault *fault;

	*help = NULL;
	if (d->apart)
		return d->token ? TOKEN_THERE : TOKEN_YOURS;
	fault = db_run(job->db, SQL_TOKEN_CLAIM, &rows, job->source->id,
	               d->number, subject_of(job));

	if (fault) {
		note_fault(job, fault);
		return TOKEN_NONE;
	}
	if (rows_text(rows, 0, HELP)) {
		*help = rows_text(rows, 0, HELP);
		return TOKEN_NONE;
	}
	d->token = token_opened(job, rows_text(rows, 0, TOKEN));
	if (d->token || rows_text(rows, 0, TOKEN))
		d->number = rows_text(rows, 0, NUMBER);
	if (d->token)
		return TOKEN_THERE;
	return rows_true(rows, 0, CLAIMED) ? TOKEN_YOURS : TOKEN_ANOTHER;
}

/* ---- a person's own account ---- */

const char *subject_of(const struct job *job)
{
	return source_is_personal(job->source) ? job->subject : NOBODY;
}

static struct seal_place proof_place(const struct job *job)
{
	return (struct seal_place){
		.table = "connections",
		.column = "sealed",
		.tenant = job->subject,
		.row = job->dealing->connection,
	};
}

static CAN_FAIL proof_seal(struct job *job, const char *refresh,
                           const char **sealed)
{
	struct seal_place place = proof_place(job);

	return vault_seal(job->app->vault, job->mem, &place, refresh, sealed);
}

bool proof_opened(struct job *job, bool *fault)
{
	enum { ID, SEALED };
	struct dealing *d = job->dealing;
	struct seal_place place;
	const char *refresh;
	struct rows *rows;
	struct fault *wrong;

	if (d->apart)
		return d->proof;
	wrong = db_run(job->db, SQL_CONNECTION_OPEN, &rows, job->source->id,
	               job->subject);
	*fault = wrong != NULL;
	if (wrong)
		note_fault(job, wrong);
	if (wrong || rows_count(rows) == 0)
		return false;
	d->connection = rows_text(rows, 0, ID);
	place = proof_place(job);
	wrong = vault_unseal(job->app->vault, job->mem, &place,
	                     rows_text(rows, 0, SEALED), &refresh);
	if (wrong) { /* who connects anew seals anew */
		note_seal(job, "connection", wrong);
		return false;
	}
	d->proof = form_fill(
		job->mem, "grant_type=refresh_token&refresh_token={}", refresh);
	return true;
}

const char *vendor_proof(struct job *job)
{
	return job->dealing->proof;
}

void proof_refused(struct job *job)
{
	struct db db = db_unwatched(job->db, KEEPING_MS);
	struct fault *wrong = db_run(&db, SQL_CONNECTION_REFUSED, NULL,
	                             job->subject, job->dealing->connection);

	if (wrong)
		note_fault(job, wrong);
}

struct step not_connected(struct job *job)
{
	const char *name = job->source->kind->vendor->name;

	if (!job->subject)
		return job_fail(job, COVERAGE_UNAUTHORIZED,
		                "Everybody reads this source with an account "
		                "of their own. A machine has none, and whom "
		                "an issuer let in has to connect by consent.",
		                "a machine at a personal source");
	job->connect = text_format(job->mem, "%s/connect/%s",
	                           job->app->config.app_url, job->source->id);
	return job_fail(job, COVERAGE_NOT_CONNECTED,
	                text_format(job->mem,
	                            "This source is read with the user's own "
	                            "account at %s, which is not connected: "
	                            "the user has to open %s and connect it, "
	                            "and then ask again.",
	                            name, job->connect),
	                "no account is connected");
}

/* ---- tokens ---- */

void token_got(struct job *job, const struct vendor_token *got)
{
	struct dealing *d = job->dealing;
	const char *sealed, *refresh = NULL;
	struct rows *rows;
	struct fault *fault;
	struct db db;

	d->token = got->token;
	if (d->apart)
		return;
	/* A refresh token that takes another's place is kept whoever has left. */
	db = d->connection ? db_unwatched(job->db, KEEPING_MS) : *job->db;
	fault = state_seal(job->app->vault, job->mem, context_of(job),
	                   got->token, &sealed);
	if (!fault && d->connection && got->refresh)
		fault = proof_seal(job, got->refresh, &refresh);
	if (!fault)
		fault = db_run(&db, SQL_TOKEN_STORE, &rows, job->source->id,
		               sealed,
		               text_format(job->mem, "%ld", got->seconds),
		               subject_of(job), d->connection, refresh);
	if (fault)
		note_fault(job, fault); /* this job has it, at least */
	else if (rows_text(rows, 0, 0))
		d->number = rows_text(rows, 0, 0);
}

void token_not_got(struct job *job, const char *help)
{
	struct fault *fault;

	if (job->dealing->apart)
		return;
	fault = db_run(job->db, SQL_TOKEN_FAIL, NULL, job->source->id, help,
	               subject_of(job));
	if (fault)
		note_fault(job, fault);
}

/* ---- entering ---- */

static void end_replies(void *replies)
{
	arena_free(replies);
}

static struct dealing *dealing_new(struct job *job)
{
	struct dealing *d = arena_alloc(job->mem, sizeof(*d));
	const struct vendor *vendor = job->source->kind->vendor;
	bool limited =
		vendor->at_once || vendor->per_second || vendor->per_minute;

	d->replies = arena_new(REPLIES_MEMORY);
	arena_defer(job->mem, end_replies, d->replies);
	d->number = "0";
	d->taken = random_uuid(job->mem);
	/* A digest: the table is every tenant's. */
	d->key = limited ? digest_hex(job->mem,
	                              text_format(job->mem, "%s %s",
	                                          vendor->name,
	                                          vendor->limit_key(job)))
	                 : "";
	return d;
}

static void put_ask(json_object *asks, const struct job *job)
{
	const struct vendor *vendor = job->source->kind->vendor;
	json_object *ask = js_add_object(asks);

	js_put_text(ask, "source", job->source->id);
	js_put_text(ask, "key", job->dealing->key);
	js_put_integer(ask, "at_once", vendor->at_once);
	js_put_integer(ask, "second", job->query ? vendor->per_second : 0);
	js_put_integer(ask, "minute", job->query ? vendor->per_minute : 0);
	js_put_integer(ask, "seconds",
	               deadline_left(job->deadline) / 1000 + MORE_SECONDS);
	js_put_text(ask, "taken", job->dealing->taken);
	js_put_text(ask, "subject", subject_of(job));
	/* Where no token stands for them, they are wanted at once. */
	js_put_boolean(ask, "secrets",
	               !vendor->token_call && !job->dealing->secrets);
}

static struct step enter_again(struct job *job)
{
	vendors_enter(job, 1);
	return job->next;
}

static struct step must_wait(struct job *job, long ms)
{
	const char *name = job->source->kind->vendor->name;
	struct step first = job->next;

	if (ms >= deadline_left(job->deadline))
		return job_fail(job, COVERAGE_THROTTLED,
		                text_format(job->mem,
		                            "%s allows no more searches for "
		                            "this source just now: try again "
		                            "in %ld seconds.",
		                            name, ms / 1000 + 1),
		                "its limits are used up");
	job->dealing->next = first.then;
	job->not_before = deadline_in(ms);
	return (struct step){ enter_again };
}

/* How a job goes on after what Postgres said about its source. */
static struct step entered(struct job *job, const char *state, long ms,
                           const char *help)
{
	const char *name = job->source->kind->vendor->name;

	if (text_same(state, "go")) {
		job->dealing->entered = true;
		return job->next;
	}
	if (text_same(state, "wait"))
		return must_wait(job, ms);
	if (text_same(state, "unconnected"))
		return not_connected(job);
	if (text_same(state, "refused"))
		return job_fail(job, COVERAGE_UNAUTHORIZED, help, "refused");
	if (text_same(state, "throttled"))
		return job_fail(
			job, COVERAGE_THROTTLED,
			text_format(job->mem,
		                    "%s asks us to wait: try again in %ld "
		                    "seconds.",
		                    name, ms / 1000 + 1),
			"throttled");
	return job_fail(job, COVERAGE_FAILED,
	                text_format(job->mem,
	                            "%s failed several times in a row, so it "
	                            "is left alone for a while: try again in "
	                            "%ld seconds.",
	                            name, ms / 1000 + 1),
	                "its circuit is open");
}

static void read_state(struct job *job, const struct rows *rows, size_t row)
{
	enum { STATE, WAIT_MS, HELP, SLOT, TOKEN, NUMBER, TROUBLED, SECRETS };
	struct dealing *d = job->dealing;
	const char *secrets = rows_text(rows, row, SECRETS);

	if (d->next) { /* it waited */
		job->next.then = d->next;
		d->next = NULL;
	}
	d->slot = (int)rows_integer(rows, row, SLOT);
	d->number = rows_text(rows, row, NUMBER);
	d->troubled = rows_true(rows, row, TROUBLED);
	d->token = token_opened(job, rows_text(rows, row, TOKEN));
	if (secrets)
		d->secrets = js_literal(job->mem, secrets);
	job->next = entered(job, rows_text(rows, row, STATE),
	                    rows_integer(rows, row, WAIT_MS),
	                    rows_text(rows, row, HELP));
}

void vendor_apart(struct job *job, json_object *secrets)
{
	job->dealing = dealing_new(job);
	job->dealing->apart = true;
	job->dealing->clear = secrets;
	job->dealing->secrets = secrets;
}

/* Whether Postgres is to be asked about its vendor. */
static bool asks_vendor(const struct job *job)
{
	return job->next.then && job->source->kind->vendor &&
	       !(job->dealing && job->dealing->apart);
}

void vendors_enter(struct job *jobs, size_t count)
{
	json_object *asks = NULL;
	struct fault *fault;
	struct rows *rows;
	size_t row = 0;

	for (size_t i = 0; i < count; i++) {
		if (!asks_vendor(&jobs[i]))
			continue;
		if (!subject_of(&jobs[i])) {
			jobs[i].next = not_connected(&jobs[i]);
			continue;
		}
		if (!jobs[i].dealing)
			jobs[i].dealing = dealing_new(&jobs[i]);
		if (!asks)
			asks = js_array(jobs[i].mem);
		put_ask(asks, &jobs[i]);
	}
	if (!asks)
		return;
	fault = db_run(jobs[0].db, SQL_VENDORS_ENTER, &rows,
	               js_print(jobs[0].mem, asks));
	for (size_t i = 0; i < count; i++) {
		if (!asks_vendor(&jobs[i]))
			continue;
		if (fault)
			jobs[i].next = job_fail(
				&jobs[i], COVERAGE_FAILED,
				"The gateway could not look up this source "
				"just now: try again soon.",
				fault->note);
		else
			read_state(&jobs[i], rows, row++);
	}
}

/* ---- leaving ---- */

static bool has_news(const struct job *job)
{
	const struct dealing *d = job->dealing;

	return d && d->entered &&
	       (d->slot > 0 || d->failed || d->throttled_ms > 0 ||
	        (d->worked && d->troubled));
}

static void put_news(json_object *told, const struct job *job)
{
	const struct dealing *d = job->dealing;
	json_object *news = js_add_object(told);

	js_put_text(news, "source", job->source->id);
	js_put_text(news, "key", d->key);
	js_put_integer(news, "slot", d->slot);
	js_put_text(news, "taken", d->taken);
	js_put_text(news, "subject", subject_of(job));
	js_put_integer(news, "throttled_ms", d->throttled_ms);
	js_put_boolean(news, "failed", d->failed);
	js_put_boolean(news, "worked", d->worked && !d->failed && d->troubled);
}

void vendors_leave(struct job *jobs, size_t count)
{
	json_object *told = NULL;
	struct fault *fault;
	struct db db;

	for (size_t i = 0; i < count; i++) {
		if (!has_news(&jobs[i]))
			continue;
		if (!told)
			told = js_array(jobs[i].mem);
		put_news(told, &jobs[i]);
		jobs[i].dealing->entered = false;
	}
	if (!told)
		return;
	/* Said even if the client has left or the time is over: others wait
	 * for the slots. */
	db = db_unwatched(jobs[0].db, LEAVING_MS);
	fault = db_run(&db, SQL_VENDORS_LEAVE, NULL,
	               js_print(jobs[0].mem, told));
	if (fault)
		note_fault(&jobs[0], fault);
}
