/* What Snowflake's SQL API writes, made readable, and what of a text it would
 * take for more than words: no calls are made here. */
#ifndef GATEHOUSE_SOURCES_SNOWFLAKE_VALUE_H
#define GATEHOUSE_SOURCES_SNOWFLAKE_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/json.h"

struct arena;
struct buffer;

/* A value as people write it. type: its column's, a member of rowType. Every
 * value comes as a text: days since 1970, seconds and an offset, "1"; what has
 * not that form stays as it is. "NULL" for NULL; of mem, visible, one line of
 * at most that many code points. */
const char *snowflake_value(struct arena *mem, json_object *type,
                            json_object *value, size_t most);

/* Adds rows as lines with a line of names above them, cells apart by " | ".
 * columns: rowType. */
void snowflake_table(struct buffer *out, json_object *columns,
                     json_object *rows, size_t rows_most);

/* Whether a statement is one that begins as a question: SELECT or WITH, after
 * comments, and nothing after its semicolon. The role it runs in is the guard;
 * this only spares it what is plainly something else. */
bool snowflake_reads_only(const char *statement);

/* A name in double quotes, as IDENTIFIER() and the API's addresses take any. */
const char *snowflake_quoted(struct arena *mem, const char *name);

/* A pattern for ILIKE … ESCAPE '^' that finds word anywhere, taken as data. */
const char *snowflake_pattern(struct arena *mem, const char *word);

#endif
