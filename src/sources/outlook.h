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

/* An address within the source's mailbox, or that of who asks: rest from
 * url_fill(), with its "/"; NULL where that is. */
const char *outlook_url(struct job *job, const char *rest);

/* A GET from Graph. Ids stay the same when a mail is moved: which kind of id
 * is meant has to be said each time. */
struct call *outlook_get(struct job *job, const char *url);

/* The URL of a list of mails: all, or those of a folder, by Graph's name or id
 * of it. query: from url_fill(), with its "?". */
const char *outlook_mails_url(struct job *job, const char *folder,
                              const char *query);

/* Whether an item is gone, or was never there: what Graph says of ids that are
 * not its own is that they are malformed. */
bool outlook_is_gone(struct job *job, const struct call *call);

/* Ends a job whose reply was none of Graph's. */
struct step outlook_unreadable(struct job *job, const char *note);

/* What the native id of a folder begins with; Graph's own id follows. */
#define OUTLOOK_FOLDER "folder-"

/* The code of an error of Graph's, "" for none; never its text (OH-12). */
const char *outlook_code(struct job *job, const struct call *call);

/* Whether text has the form of Graph's immutable ids. */
bool outlook_is_id(const char *text);

/* The id, whole, of what Graph calls by an id: "" is a mail, OUTLOOK_FOLDER a
 * folder. Of mem. */
const char *outlook_item(const struct job *job, const char *kind,
                         const char *id);

/* "Name <address>" of a recipient of Graph's; NULL for none. */
const char *outlook_person(struct arena *mem, json_object *recipient);

/* A time as Graph writes it, or NULL for anything else. */
const char *outlook_time(struct arena *mem, json_object *time);

/* The one application permission that is needed, and what a token has beyond
 * it (struct vendor). */
#define OUTLOOK_RIGHT "Mail.Read"
const char *outlook_beyond(struct job *job, const char *token);

/* At most so many of a list of recipients, "a <a@x>, b <b@x> and 3 more"; "" for
 * none. */
const char *outlook_people(struct arena *mem, json_object *list, size_t most);

/* A mail of a list as a hit, its text the preview; its id is whatever Graph
 * says it is. */
struct result outlook_result(struct job *job, json_object *mail);

struct step outlook_search(struct job *job);
struct step outlook_fetch(struct job *job);

enum {
	OUTLOOK_TITLE_MOST = 500, /* code points */
	OUTLOOK_NAME_MOST = 200,
	OUTLOOK_SNIPPET_MOST = 1000,
	OUTLOOK_URL_MOST = 2000, /* bytes */
};

#endif
