/* POST /api/v1/sources/{id}/test: whether a source works, with its stored
 * credentials. Served by the mcp program, which alone can open them. */
#ifndef GATEHOUSE_API_SOURCE_TEST_H
#define GATEHOUSE_API_SOURCE_TEST_H

#include "core/fault.h"

struct request;
struct response;

/* 200 {ok, state, detail}, also when the vendor refuses: the test was made.
 * Fault: NO_SOURCE. */
CAN_FAIL source_test(struct request *req, struct response *out);

#endif
