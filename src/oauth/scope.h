/* Scopes: texts of names with blanks between them (RFC 6749 3.3), and arrays of
 * JSON inside. */
#ifndef GATEHOUSE_OAUTH_SCOPE_H
#define GATEHOUSE_OAUTH_SCOPE_H

#include <stdbool.h>

#include "core/json.h"

struct arena;

/* Whether a scope is among some. */
bool scope_in(json_object *scopes, const char *scope);

/* Those of offered that a text asks for, in the order of offered; without a
 * text, or where it names none but offline_access, all of them. What is not
 * offered is passed over.
 * count: set. Ended by NULL; of mem. */
const char **scope_wanted(struct arena *mem, json_object *offered,
                          const char *text, size_t *count);

/* Scopes as a text; of mem. */
const char *scope_text(struct arena *mem, json_object *scopes);

#endif
