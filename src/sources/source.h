/* What a source is, and what every kind of source tells about itself.
 *
 * A kind is one const table of this form in a file of its own, and one line in
 * registry.c. From its settings come the API's validation, the forms of
 * GET /api/v1/source-types, the manual's table and what `gatehouse doctor` holds
 * sources to. */
#ifndef GATEHOUSE_SOURCES_SOURCE_H
#define GATEHOUSE_SOURCES_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/deadline.h"
#include "core/fault.h"
#include "core/json.h"
#include "db/db.h"

struct app;
struct arena;
struct call;
struct dealing;
struct job;
struct vendor;

/* One setting of a kind, a member of source_metadata. */
struct kind_setting {
	const char *name;
	bool required; /* and then not empty */
	bool secret;   /* sealed, never returned */
	size_t most;   /* code points */
	const char *help;
	/* What is wrong with a value, as text for the user; NULL if fine. May
	 * be NULL. */
	const char *(*wrong)(const char *value);
};

/* For settings that are yes or no. */
const char *yes_or_no_wrong(const char *value);

/* Every kind that brings tools of its own has this row. */
#define TOOLS_SETTING                                                          \
	{                                                                      \
		"tools", false, false, 3,                                      \
			"Whether servers offer this source's own tools "       \
			"beside search and fetch: yes or no. Default: yes.",   \
			yes_or_no_wrong                                        \
	}

/* How long a search may wait for a source; every kind has this row. */
enum { SEARCH_SECONDS_MOST = 60 };
const char *search_seconds_wrong(const char *value);
#define SEARCH_SECONDS_SETTING                                                 \
	{                                                                      \
		"search_seconds", false, false, 2,                             \
			"How many seconds a search waits for this source, 1 "  \
			"to 60 and no longer than the gateway allows.",        \
			search_seconds_wrong                                   \
	}

/* Whose account is asked; kinds whose vendor has accounts have this row. */
const char *access_wrong(const char *value);
#define ACCESS_SETTING                                                         \
	{                                                                      \
		"access", false, false, 20,                                    \
			"Whose account is read: application (the one set "     \
			"here, for everybody) or personal (each user "         \
			"connects their own). Default: application.",          \
			access_wrong                                           \
	}

/* One source of the server that was asked. */
struct source {
	const char *id;
	const struct source_kind *kind;
	const char *name;      /* metadata's name, else the kind's label */
	json_object *metadata; /* without secrets */
};

/* Whether each user reads it with an account of their own. */
bool source_is_personal(const struct source *source);

/* One hit of a search. All text is visible text (text_visible) or "". */
struct result {
	const char *native_id; /* the kind's own id */
	const char *title;
	const char *url;     /* absolute; NULL when there is none */
	const char *snippet; /* plain text, bounded */
	const char *time;    /* ISO 8601, or NULL */
	const char *author;  /* or NULL */
	const char *same_as; /* key of near-duplicates, or NULL */
};

/* One item, whole. */
struct item {
	const char *title;
	const char *text;
	const char *url;       /* absolute; NULL when there is none */
	json_object *metadata; /* object of extra facts */
	const char *type;      /* media type of text */
	size_t characters;     /* of the whole text, where this is less; or 0 */
};

/* How a job ended, told to the model: silence about a failed source is a lie. */
enum coverage {
	COVERAGE_COMPLETE,
	COVERAGE_PARTIAL,
	COVERAGE_TIMED_OUT,
	COVERAGE_THROTTLED,
	COVERAGE_UNAUTHORIZED,
	COVERAGE_NOT_CONNECTED, /* who asks has no account connected to it */
	COVERAGE_FAILED,
};

/* Its word in answers: "complete", "timed_out". */
const char *coverage_text(enum coverage coverage);

/* What a step says comes next: another step, the end, or a failure. */
struct step {
	struct step (*then)(struct job *job); /* NULL: over */
};
#define THEN(next) ((struct step){ next })
#define DONE ((struct step){ NULL })

/* One source at work on one question: a row of steps told by its kind. */
struct job {
	struct arena *mem;
	struct db *db;
	const struct source *source;
	const char *subject; /* the user who asks; NULL: a machine */
	struct deadline deadline;

	const char *query; /* of a search */
	size_t limit;      /* results wanted */
	bool later;        /* a page after the first: what cannot be told by its
	                    * id to be the same again was shown there */
	const char *id;    /* of a fetch: the native id */
	size_t text_most;  /* of a fetch: what the text may take as JSON, so that
	                    * it is not cut (clean_fit); 0: no matter */

	struct result *results; /* best first; of mem */
	size_t result_count;
	struct item *item;      /* of a fetch; NULL: no such item */
	enum coverage coverage; /* set by the step that ends the job */
	const char *help;       /* what would help, for the model; or NULL */
	const char *connect;    /* NOT_CONNECTED: the page to connect it at */
	double weight;          /* of its results beside others'; 0 is 1 */
	void *notes;            /* state between steps, of mem */
	struct step next;

	/* Of a kind with a vendor: sources/vendor.h. */
	const struct app *app;
	struct dealing *dealing; /* its tokens, limits and calls */
	struct call **calls;     /* the next step waits for those away */
	size_t call_count;
	struct deadline not_before; /* the next step waits until then; at 0: no */
};

struct source_kind {
	const char *name;  /* "documents", the type in the API and in ids */
	const char *label; /* "Documents" */
	const struct kind_setting *settings; /* ends with a row without a name */
	/* A required setting that may be left out where the other is given;
	 * NULL: there is none. */
	const char *optional, *instead;
	/* Required settings that a personal source does without; ends with
	 * NULL. NULL: it cannot be personal. */
	const char *const *only_shared;
	/* What is wrong with settings that are fine one by one, as text for
	 * the user; NULL if nothing is. May be NULL. */
	const char *(*wrong)(json_object *metadata);
	const struct vendor *vendor; /* whom it asks; NULL: nobody */
	/* First steps; NULL where this release cannot do it yet. */
	struct step (*search)(struct job *job);
	struct step (*fetch)(struct job *job);
	/* The cheapest real call: it ends as a search would, and may leave a
	 * warning in help although it is complete. NULL: nothing to try. */
	struct step (*test)(struct job *job);
};

/* Ends a job that went wrong: logs the note, sets coverage and help. */
struct step job_fail(struct job *job, enum coverage coverage, const char *help,
                     const char *note);

/* Runs all jobs, at the same time where they wait for vendors, until each is
 * over or its deadline has come, or the client has left. */
void gather(struct job *jobs, size_t count);

/* The kind of a name among app's; NULL if there is none. */
const struct source_kind *kind_find(const struct source_kind *const *kinds,
                                    const char *name);

/* A source of a kind, by its id and its settings without secrets. */
struct source source_of(struct arena *mem, const struct source_kind *kind,
                        const char *id, json_object *metadata);

/* Checks source_metadata against a kind's settings, the API's way: unknown
 * members are dropped, each setting is a string without line breaks or other
 * control characters (OH-9), required ones are not empty, and an optional one
 * that is empty is as good as absent.
 * stored: the metadata kept so far (secrets as {"set": true, …}) or NULL; a
 * secret given as such an object keeps the stored one. kept: set to an object
 * of the plain settings; secrets: set to an object of the new secrets, in
 * clear, for sealing. Fault: BAD_FIELD, told; it repeats no value. */
CAN_FAIL kind_check(const struct source_kind *kind, struct arena *mem,
                    json_object *metadata, json_object *stored,
                    json_object **kept, json_object **secrets);

#endif
