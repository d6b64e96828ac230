#include "sources/account.h"

#include "core/arena.h"
#include "core/text.h"
#include "outbound/outbound.h"
#include "sources/clean.h"
#include "sources/vendor_state.h"
#include "web/app.h"
#include "web/request.h"

enum { ASKING_MS = 8000, NAME_MOST = 320, SCOPES_MOST = 1000 };

static struct step read_tokens(struct job *job);
static struct step read_page(struct job *job);

static const struct vendor_account *way_of(const struct job *job)
{
	return job->source->kind->vendor->account;
}

static struct step exchange(struct job *job)
{
	struct dealing *d = job->dealing;

	d->renewal = job->source->kind->vendor->token_call(job);
	d->renewal->alone = true;
	if (d->unopened)
		return job_fail(job, COVERAGE_FAILED,
		                "The gateway cannot open this source's stored "
		                "credentials: its owner has to enter them "
		                "again.",
		                "a sealed secret did not open");
	d->away[0] = d->renewal;
	job->calls = d->away;
	job->call_count = 1;
	outbound_send(job->app->outbound, d->renewal);
	return THEN(read_tokens);
}

static struct step no_code(struct job *job, const char *help)
{
	return job_fail(job, COVERAGE_UNAUTHORIZED,
	                help ? help
	                     : "The vendor did not take what it had sent you "
	                       "back with: begin again.",
	                "no tokens for the code");
}

static struct step read_tokens(struct job *job)
{
	struct dealing *d = job->dealing;
	struct account *account = job->notes;
	struct vendor_token got;
	struct step end = DONE;
	const char *scopes;

	job->call_count = 0;
	call_unpack(d->renewal);
	if (d->renewal->end != CALL_ANSWERED ||
	    d->renewal->reply.status >= 500) {
		vendor_failed(job, d->renewal, &end);
		return end;
	}
	got = job->source->kind->vendor->token_read(job, d->renewal);
	if (!got.token)
		return no_code(job, got.over ? NULL : got.help);
	if (!got.refresh)
		return no_code(job, "The vendor gave no right to read later: "
		                    "the owner of the source has to allow "
		                    "that for its application.");
	scopes = js_text(js_get(d->renewal->reply.json, "scope"));
	account->refresh = got.refresh;
	account->scopes =
		scopes ? clean_line(job->mem, scopes, SCOPES_MOST) : "";
	if (way_of(job)->name) {
		account->name = way_of(job)->name(job, d->renewal->reply.json);
		return DONE;
	}
	d->token = got.token;
	vendor_get(job, way_of(job)->page, way_of(job)->hosts);
	return vendor_ask(job, read_page);
}

static struct step read_page(struct job *job)
{
	struct account *account = job->notes;
	struct call *call = vendor_call(job, 0);
	struct step end = DONE;
	json_object *page;

	if (vendor_failed(job, call, &end))
		return end;
	page = vendor_json(job, call, &end);
	if (page)
		account->name = js_text(js_get(page, way_of(job)->member));
	return end;
}

const struct vendor *account_vendor(const struct source *source)
{
	return source_is_personal(source) ? source->kind->vendor : NULL;
}

CAN_FAIL account_ask(struct request *req, const struct source *source,
                     const struct account_code *code, struct account *account)
{
	struct job job = {
		.mem = req->mem,
		.db = &req->db,
		.source = source,
		.subject = "",
		.deadline = deadline_in(ASKING_MS),
		.limit = 1,
		.notes = account,
		.app = req->app,
		.next.then = exchange,
	};

	vendor_apart(&job, NULL);
	job.dealing->proof = form_fill(
		req->mem,
		"grant_type=authorization_code&code={}&redirect_uri={}"
		"&code_verifier={}",
		code->code, code->redirect, code->verifier);
	gather(&job, 1);
	if (job.coverage != COVERAGE_COMPLETE)
		return fault_told(req->mem, FAULT_BUSY, "%s",
		                  job.help ? job.help : "Begin again.");
	account->name = account->name && *account->name
	                        ? clean_line(req->mem, account->name, NAME_MOST)
	                        : "(unnamed)";
	return NULL;
}
