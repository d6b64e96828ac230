/* What the tools outlook_find_messages and outlook_list_folders ask a source of
 * Outlook for. */
#ifndef GATEHOUSE_SOURCES_OUTLOOK_FIND_H
#define GATEHOUSE_SOURCES_OUTLOOK_FIND_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "sources/source.h"

enum mail_mark {
	MAIL_ANY,
	MAIL_WITH,
	MAIL_WITHOUT,
};

/* The mails that are wanted: those that all of it is true of. */
struct outlook_wanted {
	/* All words of each have to be there, in any order; "some words" side
	 * by side. Everything in them is data. NULL: no matter. */
	const char *words; /* anywhere in the mail */
	const char *sender, *recipient, *subject;
	const char *folder;   /* Graph's name or id of it; NULL: all */
	time_t after, before; /* received then or later, and before; 0: ever */
	enum mail_mark attachments, unread;

	/* Where to go on: a page, as outlook_find() left it, and how many of
	 * its mails have been seen. NULL or "": at the start. */
	const char *page;
	size_t seen;
};

/* What Graph is asked for. It takes words only in $search, which knows days at
 * the finest and not what is unread; and $filter, which knows both, not beside
 * it. KQL: NULL where there are no words; cut: set to whether some were left
 * out. Filter: NULL where any mail will do. Of mem. */
const char *outlook_wanted_kql(struct arena *mem,
                               const struct outlook_wanted *wanted, bool *cut);
const char *outlook_wanted_filter(struct arena *mem,
                                  const struct outlook_wanted *wanted);

/* Whether a mail of Graph's is wanted, as far as KQL cannot tell. */
bool outlook_wanted_fits(struct arena *mem, const struct outlook_wanted *wanted,
                         json_object *mail);

/* The first step of finding them, newest first. job->notes: a struct
 * outlook_wanted; job->text_most: what they may take as JSON. Leaves an item, or
 * none where there is no such folder: metadata is {messages: [{id, title, url?,
 * text, time?, from?, to?, unread, attachments}], page?, seen?}, where id is
 * what fetch takes and page and seen are where more of them begin. */
struct step outlook_find(struct job *job);

/* Graph's id of a folder, of its native id; NULL for anything else. */
const char *outlook_folder_of(const char *native);

/* The first step of listing folders. job->id: Graph's name or id of the one that
 * holds them, "" for the topmost. Leaves an item, or none where there is no such
 * folder: metadata is {folders: [{id, name, total, unread, folders}]}, where
 * the tools take the id. */
struct step outlook_folders(struct job *job);

#endif
