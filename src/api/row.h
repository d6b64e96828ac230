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

#endif
