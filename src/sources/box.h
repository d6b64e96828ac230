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

/* The native id of an item: 123, 123@50000 for its text from a character on,
 * folder-123, folder-123@100 for its items from one on. */
struct box_id {
	const char *number;
	bool folder;
	long from;
};
bool box_id_read(struct arena *mem, const char *text, struct box_id *id);

/* An entry's name, "(no name)" where there is none. */
const char *box_name(struct arena *mem, json_object *entry);

/* An entry of Box's as a person would look it up; of mem, NULL for no id. */
const char *box_page(struct arena *mem, const char *type, const char *id);

/* A user's name, else login, of an entry; NULL for none. */
const char *box_person(struct arena *mem, json_object *entry);

/* When an entry's content was changed; NULL for none. */
const char *box_time(struct arena *mem, json_object *entry);

/* "All Files/Leases/2027", of an entry; "" for none. */
const char *box_path(struct arena *mem, json_object *entry);

/* Whether an entry, whose path_collection was asked for, is in the folder that
 * the source is narrowed to, or is that folder. */
bool box_is_inside(const struct job *job, json_object *entry);

enum { BOX_EXTENSIONS_MOST = 10 };

/* A question as Box takes it. */
struct box_query {
	const char *all; /* every word is wanted; NULL: there is none */
	const char *any; /* some are enough; NULL where that is the same */
	const char *type; /* "file" or "folder" */
	const char *extensions[BOX_EXTENSIONS_MOST];
	size_t extension_count;
	const char *folder; /* only below it; NULL: anywhere */
	const char *after;  /* RFC 3339, or "" */
	const char *before;
	bool not_understood; /* a filter was not, and is a word instead */
	bool cut;            /* it had more words than are searched */
};

/* Reads a question; of mem. These narrow it:
 *
 *   type:file, type:folder   ext:pdf, ext:pdf,docx   folder:280133207712
 *   after: since: before: until: (a day, a month or a year)
 *
 * Of the rest are read "some words", a OR b, -word and NOT word. Everything
 * else is data, so no question becomes another by signs that mean something to
 * Box. */
struct box_query box_query_read(struct arena *mem, const char *text);

struct step box_search(struct job *job);
struct step box_fetch(struct job *job);
struct step box_open_folder(struct job *job, const struct box_id *id);

/* What a refusal of Box's means and what to do; NULL for nothing special. */
const char *box_explain(struct job *job, const struct call *call);

/* Ends a job whose reply was none of Box's. */
struct step box_unreadable(struct job *job, const char *note);

enum {
	BOX_NAME_MOST = 500,     /* code points */
	BOX_SNIPPET_MOST = 1000,
};

#endif
