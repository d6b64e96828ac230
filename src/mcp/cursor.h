/* Places in a list, as clients see them: sealed, and bound to the server, the
 * user and the method, so that a cursor means nothing anywhere else. */
#ifndef GATEHOUSE_MCP_CURSOR_H
#define GATEHOUSE_MCP_CURSOR_H

#include "core/fault.h"

struct turn;

/* The place params.cursor stands for; NULL for the first page. Fault:
 * BAD_FIELD, the protocol's. */
CAN_FAIL cursor_read(struct turn *turn, const char **place);

/* Puts nextCursor for a place into the result. */
CAN_FAIL cursor_put(struct turn *turn, const char *place);

/* For lists of one page: any cursor is a wrong one. */
CAN_FAIL cursor_none(struct turn *turn);

#endif
