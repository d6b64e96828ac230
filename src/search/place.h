/* Where a search stands: what search_more goes on from.
 *
 * No worker keeps anything between two pages. The question, the page and marks
 * of all results that were shown travel through the client, sealed and bound to
 * the user and the server; whoever brings them back is asked for a token as
 * ever, and every source is asked anew. */
#ifndef GATEHOUSE_SEARCH_PLACE_H
#define GATEHOUSE_SEARCH_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/fault.h"

struct request;

enum {
	PAGES = 5,       /* that one search has at most */
	MARK = 5,        /* characters of one mark: 30 bits */
	MARKS_MOST = 1500, /* so that a cursor stays one that a model can send */
	CURSOR_MOST = 24000, /* characters of a cursor */
};

struct place {
	const char *query;
	size_t page;       /* the one to show, from 1 */
	const char *marks; /* of what the pages before showed */
};

/* A place from a cursor. Fault: BAD_INPUT, told, for one that was changed, or
 * made for another user or server. */
CAN_FAIL place_read(struct request *req, const char *cursor,
                    struct place *place);

/* The cursor of a place, of the request's memory; NULL where there is none:
 * after the last page, or when too much was shown. */
CAN_FAIL place_cursor(struct request *req, const struct place *place,
                      const char **cursor);

/* Whether a page before showed the item of this id. Two ids share a mark once
 * in a thousand million pairs; then one result is missing on a later page. */
bool place_shown(struct request *req, const struct place *place,
                 const char *id);

/* The mark of an id, MARK characters of the request's memory. */
const char *place_mark(struct request *req, const char *id);

#endif
