/* Text that grows. An arena gives nothing back before its end, so room doubles
 * and the outgrown copies cost at most as much again as the text. */
#include "core/text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/arena.h"

enum { FIRST_ROOM = 256 };

/* Makes room for more bytes and the NUL after them. */
static void reserve(struct buffer *to, size_t more)
{
	size_t room = to->room ? to->room : FIRST_ROOM;
	char *text;

	assert(more < (size_t)-1 / 4 - to->size);
	while (room <= to->size + more)
		room *= 2;
	if (room == to->room)
		return;
	text = arena_alloc(to->mem, room);
	if (to->size)
		memcpy(text, to->text, to->size);
	to->text = text;
	to->room = room;
}

void buffer_add_n(struct buffer *to, const char *bytes, size_t size)
{
	reserve(to, size);
	if (size)
		memcpy(to->text + to->size, bytes, size);
	to->size += size;
	to->text[to->size] = '\0';
}

void buffer_add(struct buffer *to, const char *text)
{
	buffer_add_n(to, text, strlen(text));
}

void buffer_format(struct buffer *to, const char *form, ...)
{
	va_list args;
	int size;

	va_start(args, form);
	size = vsnprintf(NULL, 0, form, args);
	va_end(args);
	assert(size >= 0);
	reserve(to, (size_t)size);
	va_start(args, form);
	vsnprintf(to->text + to->size, (size_t)size + 1, form, args);
	va_end(args);
	to->size += (size_t)size;
}

/* Adds one code point of size bytes, as itself or escaped. Controls are escaped
 * up to U+009F: a DEL or a C1 control would pass a JSON parser and move a
 * terminal that shows the log. */
static void add_point(struct buffer *to, const char *text, size_t size)
{
	unsigned char first = (unsigned char)text[0];

	if (first == '"' || first == '\\')
		buffer_format(to, "\\%c", first);
	else if (first == '\n')
		buffer_add(to, "\\n");
	else if (first == '\t')
		buffer_add(to, "\\t");
	else if (first < ' ' || first == 0x7F)
		buffer_format(to, "\\u%04x", first);
	else if (first == 0xC2 && (unsigned char)text[1] < 0xA0)
		buffer_format(to, "\\u%04x", (unsigned char)text[1]);
	else
		buffer_add_n(to, text, size);
}

/* Bytes that are no valid UTF-8 become U+FFFD: a log also shows what the door
 * has not checked. */
void buffer_add_json(struct buffer *to, const char *text)
{
	size_t size;

	for (; *text; text += size) {
		size = 1;
		if (text_valid_size(text, strnlen(text, 4)) == 0) {
			buffer_add(to, "\xEF\xBF\xBD");
			continue;
		}
		while (((unsigned char)text[size] & 0xC0) == 0x80)
			size++;
		add_point(to, text, size);
	}
}

const char *buffer_text(const struct buffer *from)
{
	return from->text ? from->text : "";
}
