/* Text: NUL-terminated, valid UTF-8 without U+0000, mostly of an arena.
 *
 * The door checks bytes once (text_valid); inside, every const char * is text.
 * Nothing here depends on a locale. */
#ifndef GATEHOUSE_CORE_TEXT_H
#define GATEHOUSE_CORE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Whether size bytes are valid UTF-8 (RFC 3629: no overlong form, no
 * surrogate, nothing above U+10FFFF) and hold no U+0000. */
bool text_valid(const char *bytes, size_t size);

/* The number of leading bytes that are such text: where it goes wrong. */
size_t text_valid_size(const char *bytes, size_t size);

/* Copies; of mem. text_copy(mem, NULL) is NULL. */
char *text_copy(struct arena *mem, const char *text);
char *text_copy_n(struct arena *mem, const char *bytes, size_t size);

/* printf into mem. */
char *text_format(struct arena *mem, const char *form, ...)
	__attribute__((format(printf, 2, 3), returns_nonnull));
char *text_vformat(struct arena *mem, const char *form, va_list args)
	__attribute__((format(printf, 2, 0), returns_nonnull));

/* Whether both are there and the same; text_same_ascii ignores ASCII case. */
bool text_same(const char *a, const char *b);
bool text_same_ascii(const char *a, const char *b);
bool text_starts(const char *text, const char *start);
bool text_ends(const char *text, const char *end);

/* ASCII lower case; of mem. */
char *text_lower(struct arena *mem, const char *text);

/* Without leading and trailing ASCII white space; of mem. */
char *text_trim(struct arena *mem, const char *text);

/* The number of code points. */
size_t text_length(const char *text);

/* At most length code points, with "…" in place of what was cut; of mem. */
char *text_cut(struct arena *mem, const char *text, size_t length);

/* Without characters a reader cannot see: controls (but \n and \t), bidi
 * overrides and isolates, zero-width and tag characters (security MC-13); of mem. */
char *text_visible(struct arena *mem, const char *text);

/* White space runs folded into one blank, trimmed; of mem. */
char *text_fold(struct arena *mem, const char *text);

/* Splits at a separator character into trimmed, non-empty parts.
 * count: set to their number. Returns a NULL-terminated array of mem. */
char **text_split(struct arena *mem, const char *text, char separator,
                  size_t *count);

/* A whole decimal number within bounds; false for anything else, a sign, a
 * blank or a leading zero included. */
bool text_number(const char *text, long least, long most, long *number);

/* A UUID in the forms the original took (RFC 9562 text, upper case, no hyphens,
 * braces, urn:uuid:) as 36 lower-case characters of mem; NULL if it is none. */
char *text_uuid(struct arena *mem, const char *text);

/* Percent-encodes all but RFC 3986 unreserved characters; of mem. */
char *text_percent(struct arena *mem, const char *text);

/* Decodes percent-encoding; NULL for a broken escape, bytes that are not
 * UTF-8 or U+0000. plus: whether '+' is a blank (forms). Of mem. */
char *text_unpercent(struct arena *mem, const char *bytes, size_t size,
                     bool plus);

/* base64 (RFC 4648 section 4, padded) of bytes; of mem. */
char *text_base64(struct arena *mem, const void *bytes, size_t size);

/* Decodes padded base64 strictly; NULL when it is not. size: set. Of mem. */
unsigned char *text_unbase64(struct arena *mem, const char *text, size_t *size);

/* Text that grows. Start with { .mem = mem }. */
struct buffer {
	struct arena *mem;
	char *text; /* NUL-terminated once something was added */
	size_t size;
	size_t room;
};

void buffer_add(struct buffer *to, const char *text);
void buffer_add_n(struct buffer *to, const char *bytes, size_t size);
void buffer_format(struct buffer *to, const char *form, ...)
	__attribute__((format(printf, 2, 3)));

/* Adds text as the inside of a JSON string (RFC 8259 section 7), without
 * quotes; for the log, which must not need json-c. */
void buffer_add_json(struct buffer *to, const char *text);

/* The text so far; "" when nothing was added. */
const char *buffer_text(const struct buffer *from);

#endif
