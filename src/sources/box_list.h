/* What the tool box_list_folder asks a source of Box for. */
#ifndef GATEHOUSE_SOURCES_BOX_LIST_H
#define GATEHOUSE_SOURCES_BOX_LIST_H

#include "sources/source.h"

/* The first step of listing a folder. job->id: the folder's native id,
 * "folder-123", or "" for where the source begins; with "@100" after it to go
 * on after 100 items. Leaves an item, or none for an id that is no folder of
 * the source's: title and url are the folder's, text is a line for each of its
 * items, metadata is {path?, total, next?, entries: [{id?, name, type, size?,
 * time?}]}, where id is what fetch takes and next where more of them begin. */
struct step box_list(struct job *job);

#endif
