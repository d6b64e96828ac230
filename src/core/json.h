/* JSON: the only place that speaks to json-c.
 *
 * Reading: js_parse() takes bytes from outside through a strict check of our
 * own first, since json-c 0.16 lets too much pass (security RP-1 to RP-7).
 * Readers take any shape and answer NULL, 0 or false when it is another; they
 * chain, and only the end is checked. struct fields reads what a client sends,
 * field by field, and keeps the first thing that was wrong.
 *
 * Writing: the root is the arena's, the rest is the root's.
 *
 * Trees are no more thread-safe than arenas: json-c counts owners without
 * locking, so a tree made at start-up may be read by all threads but not put
 * into an answer (js_put, js_add): parse its text again, or js_put_json. */
#ifndef GATEHOUSE_CORE_JSON_H
#define GATEHOUSE_CORE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/fault.h"

struct arena;
typedef struct json_object json_object;

/* ---- reading ---- */

/* Parses one JSON text of size bytes. tree: set to the tree, owned by mem.
 * Faults: BAD_JSON (whose 'told' names what is wrong and at which byte). */
CAN_FAIL js_parse(struct arena *mem, const char *bytes, size_t size,
                  json_object **tree);

/* Makes each escape that stands for no character of ours, \u0000 or half of a
 * pair, one for U+FFFD, in place. Vendors cut texts anywhere, and a mail may
 * hold anything: the text around it is still wanted. */
void js_mend(char *bytes, size_t size);

/* js_parse() for text we keep ourselves (table rows, schemas), where a mistake
 * is a bug: asserts. */
json_object *js_literal(struct arena *mem, const char *text);

/* The member at the end of a path of names; NULL unless all are there. */
#define js_get(tree, ...) js_get_path(tree, __VA_ARGS__, (const char *)NULL)
json_object *js_get_path(json_object *tree, ...) __attribute__((sentinel));

/* Whether an object has the member at all, null included. */
bool js_has(json_object *tree, const char *name);

/* The number of items of an array, or of members of an object; else 0. */
size_t js_count(json_object *tree);

/* Item i of an array; else NULL. */
json_object *js_item(json_object *tree, size_t i);

/* The text of a string; else NULL. Lent by the tree. */
const char *js_text(json_object *tree);

/* The text of a member, or "" where there is none: for what is shown. */
const char *js_shown(json_object *tree, const char *name);

/* The value of an integer, a number, a boolean; else 0 or false. */
int64_t js_integer(json_object *tree);
double js_number(json_object *tree);
bool js_true(json_object *tree);

bool js_is_object(json_object *tree);
bool js_is_array(json_object *tree);
bool js_is_text(json_object *tree);
bool js_is_integer(json_object *tree);
bool js_is_number(json_object *tree);
bool js_is_boolean(json_object *tree);
bool js_is_null(json_object *tree); /* absent, or JSON null */

/* Walks the members of an object in their order:
 *   for (struct js_member m = js_first(tree); m.name; m = js_next(m)) */
struct js_member {
	const char *name; /* NULL after the last; lent by the tree */
	json_object *value;
	const void *entry;
};
struct js_member js_first(json_object *tree);
struct js_member js_next(struct js_member member);

/* Whether two trees are the same JSON value. */
bool js_same(json_object *a, json_object *b);

/* The tree as compact JSON, slashes unescaped; of mem. NULL prints "null". */
const char *js_print(struct arena *mem, json_object *tree);

/* ---- what a client sends ---- */

struct fields {
	struct arena *mem;
	json_object *tree;
	struct fault *fault; /* the first thing that was wrong, or NULL */
};

/* Reads an object's fields; anything but an object is the first fault. */
struct fields fields_of(struct arena *mem, json_object *tree);

/* A required string of least to most code points; "" once something was
 * wrong. Never NULL. */
const char *field_text(struct fields *from, const char *name, size_t least,
                       size_t most);

/* The same, but absent or null gives NULL. */
const char *field_text_maybe(struct fields *from, const char *name,
                             size_t least, size_t most);

/* The one of some words that a field has; NULL when absent or null. */
const char *field_choice_maybe(struct fields *from, const char *name,
                               const char *const *words, size_t count);

/* A required integer within bounds; 0 once something was wrong. */
int64_t field_integer(struct fields *from, const char *name, int64_t least,
                      int64_t most);

/* The same, but absent or null gives otherwise. */
int64_t field_integer_maybe(struct fields *from, const char *name,
                            int64_t least, int64_t most, int64_t otherwise);

/* An object or an array; NULL when absent or null. Another type is wrong. */
json_object *field_object_maybe(struct fields *from, const char *name);
json_object *field_array_maybe(struct fields *from, const char *name);

/* Keeps a fault of the caller's own finding, told to the client, unless one
 * is there already. */
void field_wrong(struct fields *from, const char *told, ...)
	__attribute__((format(printf, 2, 3)));

/* ---- writing ---- */

json_object *js_object(struct arena *mem); /* a new root */
json_object *js_array(struct arena *mem);  /* a new root */

/* Put a member; NULL text puts null. Names are kept as given, in order. */
void js_put_text(json_object *tree, const char *name, const char *value);
void js_put_integer(json_object *tree, const char *name, int64_t value);
void js_put_number(json_object *tree, const char *name, double value);
void js_put_boolean(json_object *tree, const char *name, bool value);
void js_put_null(json_object *tree, const char *name);
json_object *js_put_object(json_object *tree, const char *name); /* the new child */
json_object *js_put_array(json_object *tree, const char *name);  /* the new child */

/* Puts a tree that already stands elsewhere, by sharing it; NULL puts null. */
void js_put(json_object *tree, const char *name, json_object *value);

/* Puts a member parsed from JSON text a trusted place made (Postgres, our
 * tables); NULL puts null. */
void js_put_json(json_object *tree, const char *name, const char *json);

/* Puts a constant JSON object as the text it is, without parsing it: for large
 * constants that are only ever printed. Readers see an empty object. */
void js_put_constant(json_object *tree, const char *name, const char *json);

/* Takes a member away, if it is there. */
void js_drop(json_object *tree, const char *name);

/* Add an item to an array. */
void js_add_text(json_object *array, const char *value);
void js_add_integer(json_object *array, int64_t value);
json_object *js_add_object(json_object *array);    /* the new child */
void js_add(json_object *array, json_object *value); /* shared */

#endif
