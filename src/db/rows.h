/* Rows of a statement, over a libpq result. */
#ifndef GATEHOUSE_DB_ROWS_H
#define GATEHOUSE_DB_ROWS_H

#include <libpq-fe.h>

struct arena;
struct rows;

/* Takes a result over; it is cleared with mem. */
struct rows *rows_new(struct arena *mem, PGresult *result);

#endif
