/* What the files of the kind outlook share; nobody else includes it. */
#ifndef GATEHOUSE_SOURCES_OUTLOOK_H
#define GATEHOUSE_SOURCES_OUTLOOK_H

#include <stdbool.h>

#include "sources/vendor.h"

/* One of Microsoft's clouds, by the setting `cloud`. */
struct outlook_cloud {
	const char *name;
	const char *graph; /* host of mail */
	const char *login; /* host of tokens */
};

const struct outlook_cloud *outlook_cloud(const struct job *job);

/* The hosts of all clouds; a call's URL names one. */
extern const char *const outlook_hosts[];

/* The source's mailbox, with the cloud's host and the mailbox for its {}. */
#define OUTLOOK_MAILBOX "https://{}/v1.0/users/{}"

/* A GET from Graph. Ids stay the same when a mail is moved: which kind of id
 * is meant has to be said each time. */
struct call *outlook_get(struct job *job, const char *url);

/* The code of an error of Graph's, "" for none; never its text (OH-12). */
const char *outlook_code(struct job *job, const struct call *call);

/* Whether text has the form of Graph's immutable ids. */
bool outlook_is_id(const char *text);

/* "Name <address>" of a recipient of Graph's; NULL for none. */
const char *outlook_person(struct arena *mem, json_object *recipient);

/* A time as Graph writes it, or NULL for anything else. */
const char *outlook_time(struct arena *mem, json_object *time);

/* The one application permission that is needed, and what a token has beyond
 * it (struct vendor). */
#define OUTLOOK_RIGHT "Mail.Read"
const char *outlook_beyond(struct job *job, const char *token);

struct step outlook_search(struct job *job);
struct step outlook_fetch(struct job *job);

enum {
	OUTLOOK_TITLE_MOST = 500, /* code points */
	OUTLOOK_NAME_MOST = 200,
	OUTLOOK_SNIPPET_MOST = 1000,
	OUTLOOK_URL_MOST = 2000, /* bytes */
};

#endif
