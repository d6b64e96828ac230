/* What a job knows of its vendor's state, and the trips to Postgres that tell
 * it; inside the vendor files and gather.c only. */
#ifndef GATEHOUSE_SOURCES_VENDOR_STATE_H
#define GATEHOUSE_SOURCES_VENDOR_STATE_H

#include "sources/vendor.h"

enum { CALLS_MOST = 24 }; /* of one vendor_ask() */

/* A call of a job's, and what became of it. */
struct asked {
	struct call *call;
	bool again; /* it may be repeated */
	bool done;
	int tries;
	const char *again_at; /* then with this URL; NULL: the same */
	bool hurried;         /* it had less time than its job */
};

struct dealing {
	/* of the state */
	const char *key; /* of the limits; "" where there are none */
	const char *taken;
	int slot;             /* lent to this job; 0: none */
	const char *token;    /* NULL: to be got */
	const char *number;   /* of the token last known */
	json_object *secrets; /* sealed; NULL until asked for */
	bool apart;           /* nothing is shared */
	bool clear;           /* secrets are in clear */
	bool unopened;        /* a secret could not be opened */

	/* of a person's own account */
	const char *proof;      /* vendor_proof() */
	const char *connection; /* its id; NULL while that is connected */
	bool renewing;          /* vendor_renewing() */

	/* for the state, afterwards */
	bool entered;
	bool troubled; /* the last search failed: it is news that one works */
	bool worked;
	bool failed;
	long throttled_ms;

	/* of what is asked */
	struct arena *replies; /* calls, with what came back */
	struct step (*next)(struct job *job); /* the kind's */
	struct asked asked[CALLS_MOST];
	size_t made;
	bool all_back; /* the next call made begins anew */
	bool bare;     /* without a token */
	bool renewed;  /* a refused token is renewed once */
	int renewals;  /* tries of one renewal */
	struct call *renewal;
	struct call *away[CALLS_MOST];
};

/* Whose state it is: a person's, of a personal source. */
const char *subject_of(const struct job *job);

/* Reads the refresh token of who asks, for vendor_proof(). False: no account of
 * theirs is connected, or it could not be read, and then fault is set. */
bool proof_opened(struct job *job, bool *fault);

/* The vendor takes that refresh token no more: the connection ends. */
void proof_refused(struct job *job);

/* Ends a job whose user has no account connected. */
struct step not_connected(struct job *job);

/* The state's token for the job, from a sealed text of Postgres; NULL when it
 * cannot be opened. */
const char *token_opened(struct job *job, const char *sealed);

/* A newer token than the job's, or the duty to get one. */
enum token_turn {
	TOKEN_THERE,   /* the job has it */
	TOKEN_YOURS,   /* the caller gets it */
	TOKEN_ANOTHER, /* another worker is getting it: ask again soon */
	TOKEN_NONE,    /* not now: help says why */
};
enum token_turn token_turn(struct job *job, const char **help);

/* Keeps the token that was got, for the job and for all. */
void token_got(struct job *job, const struct vendor_token *got);

/* None was got. help: it was refused, and why; NULL: for a moment. */
void token_not_got(struct job *job, const char *help);

#endif
