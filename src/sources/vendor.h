/* Between a source and its vendor: tokens, limits, retries, circuits.
 *
 * A kind that asks a vendor describes it by one const table and then writes its
 * steps top to bottom: make calls, `return vendor_ask(job, next)`, read them in
 * next. What happens in between is the same for all and stands here: a token
 * that is kept, sealed, for all workers and renewed by one of them; slots and
 * rates that hold over all workers and hosts; a call sent again where that can
 * help; a throttled or broken vendor left alone for a while (security OH-11).
 * What must be shared lies in Postgres (sql/deploy/vendors.sql). */
#ifndef GATEHOUSE_SOURCES_VENDOR_H
#define GATEHOUSE_SOURCES_VENDOR_H

#include <stdbool.h>
#include <stddef.h>

#include "outbound/call.h"
#include "sources/source.h"

/* What a vendor said to who asked it for a token. */
struct vendor_token {
	const char *token; /* NULL: refused */
	long seconds;      /* it is good for */
	const char *help;  /* of a refusal: what to do, for the owner */

	/* of a person's own account */
	const char *refresh; /* for the next one; NULL: the old one stays */
	bool over;           /* of a refusal: they have to consent anew */
};

/* How people connect accounts of their own to a personal source: by the
 * vendor's authorization code with a proof key. */
struct vendor_account {
	const char *reads; /* what of theirs, for people: "your mail" */
	/* Where their browser is sent, from the source's settings; of mem. */
	const char *(*consent_url)(struct arena *mem, json_object *metadata,
	                           const char *redirect, const char *state,
	                           const char *challenge);
	/* Who they are there, from the answer that brought the first token;
	 * NULL where it does not say: then the page is asked, whose answer has
	 * that member. */
	const char *(*name)(struct job *job, json_object *answer);
	const char *page, *member;
	const char *const *hosts; /* of that page */
};

struct vendor {
	const char *name; /* "Microsoft Graph", for people */

	/* Under which key limits count, over all workers: one for all that
	 * share the vendor's limit, of any tenant; from metadata, of mem. Only
	 * asked when there is a limit. */
	const char *(*limit_key)(struct job *job);
	int at_once;    /* calls on their way under that key; 0: any number */
	int per_second; /* searches begun; 0: any number */
	int per_minute;

	/* The call that gets a token, from vendor_secret() and metadata, and
	 * where the source is personal from vendor_proof(); it goes alone. NULL where each call of the kind carries the secret
	 * itself. */
	struct call *(*token_call)(struct job *job);
	/* Reads its reply, of whatever status: never unreachable or 5xx. */
	struct vendor_token (*token_read)(struct job *job, struct call *call);
	/* NULL: no source of the kind can be personal. */
	const struct vendor_account *account;
	/* What is sent as bearer where there is no token_call: a secret, or
	 * made from one. */
	const char *(*bearer)(struct job *job);

	/* What an API reply of 400 to 499 means to the owner, as a sentence
	 * that says what to do; NULL for nothing special. Never the vendor's
	 * own words (OH-12). */
	const char *(*explain)(struct job *job, const struct call *call);

	/* The rights that a source needs there, none of them to write: as
	 * doc/<kind>.md has them (MC-15). */
	const char *rights;
	/* What its credentials let it do beyond, as far as that shows, in
	 * names of the vendor's and of mem; NULL: nothing. token: the
	 * source's, NULL where there is no token_call. May be NULL. */
	const char *(*beyond)(struct job *job, const char *token);
};

/* A setting of the source, "" when it is not there; lent by its metadata. */
const char *vendor_setting(const struct job *job, const char *name);

/* A secret of the source in locked memory, "" when it is not there or cannot
 * be opened (the log then says why). */
const char *vendor_secret(struct job *job, const char *name);

/* Of a personal source, what a token is asked with: grant_type and what it
 * needs, as a form. */
const char *vendor_proof(struct job *job);

/* A GET of a URL, which the caller made by url_fill(), with Accept:
 * application/json; by the job's deadline. hosts as in call_new(). It is
 * added to the calls of the job's next vendor_ask(). */
struct call *vendor_get(struct job *job, const char *url,
                        const char *const *hosts);
/* The same as POST of JSON. again: whether it only reads, and so may be
 * repeated; any other is sent once. */
struct call *vendor_post(struct job *job, const char *url,
                         const char *const *hosts, json_object *body,
                         bool again);

/* Asks for a file rather than for JSON: its bytes come as what they are. */
void vendor_any_type(struct call *call);

/* The address of the call made last when it is sent once more, for vendors that
 * want to know. */
void vendor_again_at(struct job *job, const char *url);
/* Gives the call made last less time than the job has. One that misses it is
 * no failure of the vendor's. */
void vendor_within(struct job *job, long ms);

/* Sends all calls made since the last time, with a token, at most at_once at a
 * time; `next` runs when all are back. At most CALLS_MOST calls. A call whose
 * token was refused is sent once more with a new one; one that only reads and
 * was throttled or failed for a moment, at most twice, where the deadline
 * allows it, and never all at once. Bodies that came gzipped are unpacked
 * within body_most. */
struct step vendor_ask(struct job *job, struct step (*next)(struct job *job));

/* Sends calls without a token: for addresses that carry their own right. */
struct step vendor_ask_bare(struct job *job,
                            struct step (*next)(struct job *job));

/* Call i of the last vendor_ask(), in the order they were made. */
struct call *vendor_call(const struct job *job, size_t i);

/* Whether a call brought no 2xx reply. end: set to how the job ends then, with
 * coverage and help set; a caller that can go on without the call drops it. */
bool vendor_failed(struct job *job, const struct call *call, struct step *end);

/* The reply's JSON, or NULL when it is no application/json, or no JSON within
 * our bounds; end is then set as in vendor_failed(). */
json_object *vendor_json(struct job *job, struct call *call, struct step *end);

/* Lets time pass before the next step, as while a vendor makes a text. */
struct step vendor_pause(struct job *job, long ms,
                         struct step (*next)(struct job *job));

/* Whether a source's credentials let it do more than it needs: then the log
 * says so, and what this returns says it to the owner; else NULL. Looked at
 * whenever a token was got. */
const char *vendor_beyond(struct job *job);

/* ---- for start-up ---- */

/* Logs which rights each kind needs at its vendor. */
void vendors_report(const struct source_kind *const *kinds);

/* ---- for who begins a job ---- */

/* Makes a job stand apart: it takes secrets from an object of them in clear, or
 * where that is NULL those that are stored; keeps its token to itself, and leaves
 * no mark in Postgres. For a source that is not stored yet, or an account. */
void vendor_apart(struct job *job, json_object *secrets);

/* ---- for gather ---- */

/* Before the first step of each job whose kind has a vendor: reads the states
 * of all of them in one trip. A job that must not ask now is ended, one that
 * has to wait begins later. */
void vendors_enter(struct job *jobs, size_t count);

/* Once a search of a source is over: keeps its results and lets its calls and
 * their replies go. JSON in memory is ten times its text, and the search still
 * waits for other sources. */
void vendor_let_go(struct job *job);

/* Whether a job waits for a token that came for a refresh token: that may be
 * good for one use, so what takes its place is waited for and kept, whatever
 * the job's time and whether or not its client is still there. */
bool vendor_renewing(const struct job *job);

/* When something of a job's is due: its deadline, or that of such a token. */
struct deadline vendor_until(const struct job *job);

/* After the last step of each: gives slots back and notes what was learnt, in
 * one trip, or none when there is nothing to tell. */
void vendors_leave(struct job *jobs, size_t count);

#endif
