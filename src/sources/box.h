/* What the files of the kind box share; nobody else includes it. */
#ifndef GATEHOUSE_SOURCES_BOX_H
#define GATEHOUSE_SOURCES_BOX_H

#include <stdbool.h>

#include "sources/vendor.h"

/* api.box.com, and where Box keeps contents. Downloads name a host in an
 * answer, which is taken only from here. */
extern const char *const box_hosts[];

/* Box's ids are decimal numbers. */
bool box_is_id(const char *text);

/* An entry of Box's as a person would look it up; of mem, NULL for no id. */
const char *box_page(struct arena *mem, const char *type, const char *id);

/* A user's name, else login, of an entry; NULL for none. */
const char *box_person(struct arena *mem, json_object *entry);

/* When an entry's content was changed; NULL for none. */
const char *box_time(struct arena *mem, json_object *entry);

/* "All Files/Leases/2027", of an entry; "" for none. */
const char *box_path(struct arena *mem, json_object *entry);

/* A search as Box wants it. */
struct box_query {
	const char *all;        /* every word, joined by AND; NULL: no words */
	const char *any;        /* the same side by side; NULL: one word only */
	const char *type;       /* file, folder or web_link */
	const char *extension;  /* lists for one parameter each, or NULL */
	const char *folder;
	const char *after;      /* RFC 3339, or "" */
	const char *before;
	const char *wrong;      /* what of it was not understood; or NULL */
};

/* Reads a question: type:, ext:, folder:, after: and before: narrow it, and
 * everything else is words and "phrases", taken as data: a user's AND, OR and
 * quotes mean nothing to Box. */
struct box_query box_query_of(struct arena *mem, const char *text);

struct step box_search(struct job *job);
struct step box_fetch(struct job *job);

enum {
	BOX_NAME_MOST = 500,     /* code points */
	BOX_SNIPPET_MOST = 1000,
};

#endif
