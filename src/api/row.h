/* One thing of the REST API: the one row of a statement, whose first column is
 * the JSON to show. */
#ifndef GATEHOUSE_API_ROW_H
#define GATEHOUSE_API_ROW_H

#include "core/fault.h"

struct request;
struct response;
struct rows;

/* Answers with the row. Fault: missing, when there is none. */
CAN_FAIL row_answer(struct request *req, const struct rows *rows, int status,
                    enum fault_kind missing, struct response *out);

/* Answers that a thing is deleted: the row has its id. Fault: missing, when
 * there is none; not where the statement had to be repeated, since then it may
 * have been deleted by the first try, and is gone in any case (DB-4). */
CAN_FAIL row_deleted(struct request *req, const struct rows *rows,
                     const char *message, enum fault_kind missing,
                     struct response *out);

#endif
