#include "db/rows.h"

#include <stdlib.h>

#include "core/arena.h"
#include "db/db.h"

struct rows {
	PGresult *result;
};

static void clear(void *result)
{
	PQclear(result);
}

struct rows *rows_new(struct arena *mem, PGresult *result)
{
	struct rows *rows = arena_alloc(mem, sizeof(*rows));

	rows->result = result;
	arena_defer(mem, clear, result);
	return rows;
}

size_t rows_count(const struct rows *rows)
{
	return rows ? (size_t)PQntuples(rows->result) : 0;
}

const char *rows_text(const struct rows *rows, size_t row, int column)
{
	if (row >= rows_count(rows) || column >= PQnfields(rows->result) ||
	    PQgetisnull(rows->result, (int)row, column))
		return NULL;
	return PQgetvalue(rows->result, (int)row, column);
}

long rows_integer(const struct rows *rows, size_t row, int column)
{
	const char *text = rows_text(rows, row, column);

	return text ? strtol(text, NULL, 10) : 0;
}

bool rows_true(const struct rows *rows, size_t row, int column)
{
	const char *text = rows_text(rows, row, column);

	return text && text[0] == 't';
}
