#include "core/json_check.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/text.h"

/* A number of more characters says nothing that a double can hold. */
enum { NUMBER_SIZE = 256 };

/* The largest whole number that all readers of JSON agree about (RFC 7493). */
static const int64_t largest = 9007199254740991;

/* A member name of an open object, its escapes decoded. */
struct name {
	const char *bytes;
	size_t size;
	size_t at; /* where it stands, for the fault */
};

struct scan {
	struct arena *mem;
	const char *bytes;
	size_t size;
	size_t at;
	size_t depth;
	size_t values;
	struct name *names; /* of all open objects, the innermost last */
	size_t name_count;
	size_t name_room;
};

static CAN_FAIL check_value(struct scan *scan);

#define WRONG(scan, at, what)                   \
	fault_told((scan)->mem, FAULT_BAD_JSON, \
	           "The body is not valid JSON: %s at byte %zu.", what, at)

/* The next character, NUL at the end: no JSON text holds a raw U+0000. */
static char peek(const struct scan *scan)
{
	return scan->at < scan->size ? scan->bytes[scan->at] : '\0';
}

static bool take(struct scan *scan, char c)
{
	if (peek(scan) != c || scan->at >= scan->size)
		return false;
	scan->at++;
	return true;
}

static void skip_blanks(struct scan *scan)
{
	while (take(scan, ' ') || take(scan, '\n') || take(scan, '\t') ||
	       take(scan, '\r'))
		;
}

static bool take_digits(struct scan *scan)
{
	size_t start = scan->at;

	while (peek(scan) >= '0' && peek(scan) <= '9')
		scan->at++;
	return scan->at > start;
}

/* Whether the value of a number in the right form is within what all readers
 * hold: json-c 0.16 clamps integers to 64 bits without notice. */
static bool number_fits(const char *text, size_t size, bool whole)
{
	char number[NUMBER_SIZE + 1];
	size_t digits = size - (*text == '-');

	memcpy(number, text, size);
	number[size] = '\0';
	if (!whole)
		return isfinite(strtod(number, NULL));
	return digits <= 16 && llabs(strtoll(number, NULL, 10)) <= largest;
}

static CAN_FAIL check_number(struct scan *scan)
{
	size_t start = scan->at;
	bool good, whole = true;

	take(scan, '-');
	good = take(scan, '0') || take_digits(scan);
	if (good && take(scan, '.')) {
		whole = false;
		good = take_digits(scan);
	}
	if (good && (take(scan, 'e') || take(scan, 'E'))) {
		whole = false;
		if (!take(scan, '+'))
			take(scan, '-');
		good = take_digits(scan);
	}
	if (!good)
		return WRONG(scan, scan->at, "a number with a wrong form");
	if (scan->at - start > NUMBER_SIZE ||
	    !number_fits(scan->bytes + start, scan->at - start, whole))
		return WRONG(scan, start, "a number out of range");
	return NULL;
}

static CAN_FAIL check_literal(struct scan *scan, const char *word)
{
	size_t size = strlen(word);

	if (scan->size - scan->at < size ||
	    memcmp(scan->bytes + scan->at, word, size) != 0)
		return WRONG(scan, scan->at, "an unknown word");
	scan->at += size;
	return NULL;
}

/* The value of four hex digits, or -1. */
static int32_t take_hex(struct scan *scan)
{
	int32_t value = 0;

	if (scan->size - scan->at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = scan->bytes[scan->at++];

		if (c >= '0' && c <= '9')
			value = value * 16 + c - '0';
		else if (c >= 'a' && c <= 'f')
			value = value * 16 + c - 'a' + 10;
		else if (c >= 'A' && c <= 'F')
			value = value * 16 + c - 'A' + 10;
		else
			return -1;
	}
	return value;
}

static bool within(int32_t value, int32_t least, int32_t most)
{
	return value >= least && value <= most;
}

static void put_utf8(char **to, uint32_t point)
{
	if (point < 0x80) {
		*(*to)++ = (char)point;
	} else if (point < 0x800) {
		*(*to)++ = (char)(0xC0 | point >> 6);
	} else if (point < 0x10000) {
		*(*to)++ = (char)(0xE0 | point >> 12);
		*(*to)++ = (char)(0x80 | (point >> 6 & 0x3F));
	} else {
		*(*to)++ = (char)(0xF0 | point >> 18);
		*(*to)++ = (char)(0x80 | (point >> 12 & 0x3F));
		*(*to)++ = (char)(0x80 | (point >> 6 & 0x3F));
	}
	if (point >= 0x80)
		*(*to)++ = (char)(0x80 | (point & 0x3F));
}

/* What stands after \u. to: where its UTF-8 goes, six bytes of input giving
 * three at most; NULL if nobody wants it. */
static CAN_FAIL check_unicode(struct scan *scan, char **to)
{
	size_t start = scan->at - 2;
	int32_t high = take_hex(scan), low = -1;
	uint32_t point;

	if (high < 0)
		return WRONG(scan, start, "a broken \\u escape");
	if (high == 0)
		return WRONG(scan, start, "the character U+0000");
	point = (uint32_t)high;
	if (within(high, 0xD800, 0xDBFF)) {
		if (take(scan, '\\') && take(scan, 'u'))
			low = take_hex(scan);
		if (!within(low, 0xDC00, 0xDFFF))
			return WRONG(scan, start, "half a surrogate pair");
		point = 0x10000 + ((uint32_t)(high - 0xD800) << 10) +
		        (uint32_t)(low - 0xDC00);
	} else if (within(high, 0xDC00, 0xDFFF)) {
		return WRONG(scan, start, "half a surrogate pair");
	}
	if (to)
		put_utf8(to, point);
	return NULL;
}

static CAN_FAIL check_escape(struct scan *scan, char **to)
{
	static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
	char c = peek(scan);
	const char *known = c ? strchr(from, c) : NULL;

	scan->at++;
	if (c == 'u')
		return check_unicode(scan, to);
	if (!known)
		return WRONG(scan, scan->at - 2, "an unknown escape");
	if (to)
		*(*to)++ = into[known - from];
	return NULL;
}

/* Checks a string, whose opening quote is next. to: where its text goes; may
 * be NULL. UTF-8 was checked before. */
static CAN_FAIL check_string(struct scan *scan, char **to)
{
	size_t start = scan->at++;

	for (;;) {
		char c = peek(scan);

		if (scan->at >= scan->size)
			return WRONG(scan, start, "a string without an end");
		if ((unsigned char)c < ' ')
			return WRONG(scan, scan->at, "a control character");
		scan->at++;
		if (c == '"')
			return NULL;
		if (c == '\\')
			TRY(check_escape(scan, to));
		else if (to)
			*(*to)++ = c;
	}
}

static struct name *new_name(struct scan *scan)
{
	struct name *names;

	if (scan->name_count < scan->name_room)
		return &scan->names[scan->name_count++];
	scan->name_room = scan->name_room ? scan->name_room * 2 : 16;
	names = arena_array(scan->mem, scan->name_room, sizeof(*names));
	if (scan->name_count)
		memcpy(names, scan->names, scan->name_count * sizeof(*names));
	scan->names = names;
	return &scan->names[scan->name_count++];
}

/* A name is kept as it stands in the text, or decoded if it has escapes. */
static CAN_FAIL check_name(struct scan *scan)
{
	struct name name = { .at = scan->at };
	size_t start = scan->at + 1, size;
	char *decoded, *to;

	if (peek(scan) != '"')
		return WRONG(scan, scan->at, "something else than a name");
	TRY(check_string(scan, NULL));
	name.bytes = scan->bytes + start;
	name.size = size = scan->at - 1 - start;
	if (memchr(name.bytes, '\\', size)) {
		to = decoded = arena_alloc(scan->mem, size);
		scan->at = name.at;
		TRY(check_string(scan, &to));
		name.bytes = decoded;
		name.size = (size_t)(to - decoded);
	}
	*new_name(scan) = name;
	return NULL;
}

static int compare_names(const void *left, const void *right)
{
	const struct name *a = left, *b = right;
	size_t least = a->size < b->size ? a->size : b->size;
	int order = memcmp(a->bytes, b->bytes, least);

	if (order)
		return order;
	if (a->size != b->size)
		return a->size < b->size ? -1 : 1;
	return a->at < b->at ? -1 : 1; /* so that the later one is told */
}

/* Sorts the names from first on, whatever a client chose them to be: a hash
 * table has bad cases, and a client may look for them. Takes them away. */
static CAN_FAIL check_twice(struct scan *scan, size_t first)
{
	struct name *names = scan->names + first;
	size_t count = scan->name_count - first;

	scan->name_count = first;
	if (count < 2)
		return NULL;
	qsort(names, count, sizeof(*names), compare_names);
	for (size_t i = 1; i < count; i++)
		if (names[i].size == names[i - 1].size &&
		    memcmp(names[i].bytes, names[i - 1].bytes, names[i].size) ==
		            0)
			return WRONG(scan, names[i].at,
			             "a name that came "
			             "before");
	return NULL;
}

static CAN_FAIL check_object(struct scan *scan)
{
	size_t first = scan->name_count;

	scan->at++;
	skip_blanks(scan);
	if (take(scan, '}'))
		return NULL;
	do {
		skip_blanks(scan);
		if (scan->name_count - first == JSON_MEMBERS)
			return WRONG(scan, scan->at, "too many members");
		TRY(check_name(scan));
		skip_blanks(scan);
		if (!take(scan, ':'))
			return WRONG(scan, scan->at, "a missing colon");
		TRY(check_value(scan));
	} while (take(scan, ','));
	if (!take(scan, '}'))
		return WRONG(scan, scan->at, "a missing comma or brace");
	return check_twice(scan, first);
}

static CAN_FAIL check_array(struct scan *scan)
{
	scan->at++;
	skip_blanks(scan);
	if (take(scan, ']'))
		return NULL;
	do
		TRY(check_value(scan));
	while (take(scan, ','));
	if (!take(scan, ']'))
		return WRONG(scan, scan->at, "a missing comma or bracket");
	return NULL;
}

static CAN_FAIL check_nested(struct scan *scan)
{
	if (scan->depth == JSON_DEPTH)
		return WRONG(scan, scan->at, "too deep a nesting");
	scan->depth++;
	if (peek(scan) == '{')
		TRY(check_object(scan));
	else
		TRY(check_array(scan));
	scan->depth--;
	return NULL;
}

static CAN_FAIL check_scalar(struct scan *scan)
{
	char c = peek(scan);

	if (scan->at >= scan->size)
		return WRONG(scan, scan->at, "a missing value");
	if (c == '"')
		return check_string(scan, NULL);
	if (c == '-' || (c >= '0' && c <= '9'))
		return check_number(scan);
	return check_literal(scan, c == 't'   ? "true"
	                           : c == 'f' ? "false"
	                                      : "null");
}

/* One value and the blanks around it. The recursion is bounded by JSON_DEPTH. */
static CAN_FAIL check_value(struct scan *scan)
{
	skip_blanks(scan);
	if (scan->values++ == JSON_VALUES)
		return WRONG(scan, scan->at, "too many values");
	if (peek(scan) == '{' || peek(scan) == '[')
		TRY(check_nested(scan));
	else
		TRY(check_scalar(scan));
	skip_blanks(scan);
	return NULL;
}

struct fault *json_check(struct arena *mem, const char *bytes, size_t size)
{
	struct scan scan = { .mem = mem, .bytes = bytes, .size = size };
	size_t valid = text_valid_size(bytes, size);

	if (valid < size)
		return WRONG(&scan, valid, "something that is not UTF-8 text");
	TRY(check_value(&scan));
	if (scan.at < size)
		return WRONG(&scan, scan.at, "something after the end");
	return NULL;
}
