/* Lists of the REST API: bare arrays, as the contract has them, with ?limit=
 * and ?offset=, and a Link to the next page when there is more. */
#ifndef GATEHOUSE_API_LIST_H
#define GATEHOUSE_API_LIST_H

#include "core/fault.h"
#include "web/request.h"

struct response;
struct rows;

enum { LIST_MOST = 1000 };

struct list {
	struct page page;
	const char *limit;  /* for the statement: one more than the page, so */
	const char *offset; /* that it is known whether more follow */
};

/* Reads the query. Fault: BAD_FIELD, told. */
CAN_FAIL list_read(struct request *req, struct list *list);

/* Answers 200 with the rows' first column, JSON each. path: the list's own,
 * for the Link header, with what else it asks for; of req->mem or constant. */
void list_answer(struct request *req, const struct list *list,
                 const struct rows *rows, const char *path,
                 struct response *out);

#endif
