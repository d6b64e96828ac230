#include "core/text.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* ctype.h and strcasecmp ask the locale; these do not. */
static char lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* What may follow a first byte, by RFC 3629 section 4: the second byte's range
 * is what keeps overlong forms, surrogates and points past U+10FFFF out. */
static const struct lead {
	unsigned char first, last; /* of the first byte */
	unsigned char least, most; /* of the second byte */
	unsigned char size;
} leads[] = {
	{ 0xC2, 0xDF, 0x80, 0xBF, 2 },
	{ 0xE0, 0xE0, 0xA0, 0xBF, 3 },
	{ 0xE1, 0xEC, 0x80, 0xBF, 3 },
	{ 0xED, 0xED, 0x80, 0x9F, 3 },
	{ 0xEE, 0xEF, 0x80, 0xBF, 3 },
	{ 0xF0, 0xF0, 0x90, 0xBF, 4 },
	{ 0xF1, 0xF3, 0x80, 0xBF, 4 },
	{ 0xF4, 0xF4, 0x80, 0x8F, 4 },
	{ 0 },
};

/* The size of the sequence at the start of bytes, 0 if it is no good. */
static size_t sequence(const unsigned char *bytes, size_t size)
{
	const struct lead *lead = leads;

	while (lead->size && (bytes[0] < lead->first || bytes[0] > lead->last))
		lead++;
	if (!lead->size || size < lead->size)
		return 0;
	if (bytes[1] < lead->least || bytes[1] > lead->most)
		return 0;
	for (size_t i = 2; i < lead->size; i++)
		if ((bytes[i] & 0xC0) != 0x80)
			return 0;
	return lead->size;
}

size_t text_valid_size(const char *bytes, size_t size)
{
	size_t at = 0;

	while (at < size) {
		unsigned char first = (unsigned char)bytes[at];
		size_t step = 1;

		if (first == 0)
			break;
		if (first >= 0x80)
			step = sequence((const unsigned char *)bytes + at,
			                size - at);
		if (step == 0)
			break;
		at += step;
	}
	return at;
}

bool text_valid(const char *bytes, size_t size)
{
	return text_valid_size(bytes, size) == size;
}

char *text_copy(struct arena *mem, const char *text)
{
	return text ? text_copy_n(mem, text, strlen(text)) : NULL;
}

char *text_copy_n(struct arena *mem, const char *bytes, size_t size)
{
	char *copy = arena_alloc(mem, size + 1);

	if (size)
		memcpy(copy, bytes, size);
	return copy;
}

char *text_vformat(struct arena *mem, const char *form, va_list args)
{
	va_list again;
	char *text;
	int size;

	va_copy(again, args);
	size = vsnprintf(NULL, 0, form, again);
	va_end(again);
	assert(size >= 0);
	text = arena_alloc(mem, (size_t)size + 1);
	vsnprintf(text, (size_t)size + 1, form, args);
	return text;
}

char *text_format(struct arena *mem, const char *form, ...)
{
	va_list args;
	char *text;

	va_start(args, form);
	text = text_vformat(mem, form, args);
	va_end(args);
	return text;
}

bool text_same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

bool text_same_ascii(const char *a, const char *b)
{
	if (!a || !b)
		return false;
	while (*a && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return *a == *b;
}

bool text_starts(const char *text, const char *start)
{
	return text && start && strncmp(text, start, strlen(start)) == 0;
}

bool text_ends(const char *text, const char *end)
{
	size_t size = text ? strlen(text) : 0;
	size_t tail = end ? strlen(end) : 0;

	return text && end && size >= tail &&
	       strcmp(text + size - tail, end) == 0;
}

char *text_lower(struct arena *mem, const char *text)
{
	char *copy = text_copy(mem, text);

	for (char *c = copy; c && *c; c++)
		*c = lower(*c);
	return copy;
}

/* The part of size bytes without blanks around it; size: changed. */
static const char *trimmed(const char *text, size_t *size)
{
	while (*size && is_blank(*text)) {
		text++;
		--*size;
	}
	while (*size && is_blank(text[*size - 1]))
		--*size;
	return text;
}

char *text_trim(struct arena *mem, const char *text)
{
	size_t size = strlen(text);
	const char *start = trimmed(text, &size);

	return text_copy_n(mem, start, size);
}

size_t text_length(const char *text)
{
	size_t length = 0;

	for (; *text; text++)
		length += ((unsigned char)*text & 0xC0) != 0x80;
	return length;
}

char *text_cut(struct arena *mem, const char *text, size_t length)
{
	const char *end = text;
	size_t kept = 0;

	if (length == 0)
		return text_copy_n(mem, "", 0);
	if (text_length(text) <= length)
		return text_copy(mem, text);
	while (kept < length - 1 || ((unsigned char)*end & 0xC0) == 0x80) {
		end++;
		kept += ((unsigned char)*end & 0xC0) != 0x80;
	}
	return text_format(mem, "%.*s…", (int)(end - text), text);
}

char **text_split(struct arena *mem, const char *text, char separator,
                  size_t *count)
{
	size_t most = 1;
	char **parts;

	for (const char *c = text; *c; c++)
		most += *c == separator;
	parts = arena_array(mem, most + 1, sizeof(*parts));
	*count = 0;
	for (const char *end;; text = end + 1) {
		end = strchrnul(text, separator);
		size_t size = (size_t)(end - text);
		const char *start = trimmed(text, &size);

		if (size)
			parts[(*count)++] = text_copy_n(mem, start, size);
		if (!*end)
			return parts;
	}
}

bool text_number(const char *text, long least, long most, long *number)
{
	char *end;
	long value;

	if (!text || *text < '0' || *text > '9')
		return false;
	if (text[0] == '0' && text[1])
		return false;
	errno = 0;
	value = strtol(text, &end, 10);
	if (errno || *end || value < least || value > most)
		return false;
	*number = value;
	return true;
}
