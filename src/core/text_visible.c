/* What a reader sees: invisible characters out, white space folded. */
#include "core/text.h"

#include <stdint.h>
#include <string.h>

#include "core/arena.h"

struct range {
	uint32_t first, last;
};

/* Characters that show nothing and can carry or hide instructions: controls,
 * bidi and other formats, fillers, variation selectors, tags. Joiners go with
 * them: what an emoji or a Persian word loses in looks, hidden text loses in
 * room. Sorted. */
static const struct range invisible[] = {
	{ 0x00, 0x08 },       { 0x0B, 0x1F },       { 0x7F, 0x9F },
	{ 0xAD, 0xAD },       { 0x034F, 0x034F },   { 0x061C, 0x061C },
	{ 0x070F, 0x070F },   { 0x115F, 0x1160 },   { 0x17B4, 0x17B5 },
	{ 0x180B, 0x180F },   { 0x200B, 0x200F },   { 0x202A, 0x202E },
	{ 0x2060, 0x206F },   { 0x3164, 0x3164 },   { 0xFDD0, 0xFDEF },
	{ 0xFE00, 0xFE0F },   { 0xFEFF, 0xFEFF },   { 0xFFA0, 0xFFA0 },
	{ 0xFFF0, 0xFFFB },   { 0xFFFE, 0xFFFF },   { 0x1BCA0, 0x1BCA3 },
	{ 0x1D173, 0x1D17A }, { 0xE0000, 0xE0FFF },
};

/* White space (Unicode White_Space) that is not ASCII. Sorted. */
static const struct range blanks[] = {
	{ 0x85, 0x85 },     { 0xA0, 0xA0 },     { 0x1680, 0x1680 },
	{ 0x2000, 0x200A }, { 0x2028, 0x2029 }, { 0x202F, 0x202F },
	{ 0x205F, 0x205F }, { 0x3000, 0x3000 },
};

static bool among(uint32_t point, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count && point >= ranges[i].first; i++)
		if (point <= ranges[i].last)
			return true;
	return false;
}
#define AMONG(point, ranges) \
	among(point, ranges, sizeof(ranges) / sizeof(*(ranges)))

/* The code point at the start of valid text; size: set to its bytes. */
static uint32_t point_at(const char *text, size_t *size)
{
	const unsigned char *at = (const unsigned char *)text;
	uint32_t point = at[0];

	*size = at[0] < 0xC0 ? 1 : at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : 4;
	if (*size > 1)
		point &= 0x7Fu >> *size;
	for (size_t i = 1; i < *size; i++) {
		if ((at[i] & 0xC0) != 0x80) { /* not valid text: go on gently */
			*size = i;
			return 0xFFFF;
		}
		point = point << 6 | (at[i] & 0x3F);
	}
	return point;
}

char *text_visible(struct arena *mem, const char *text)
{
	char *visible = arena_alloc(mem, strlen(text) + 1);
	char *to = visible;
	size_t size;

	for (; *text; text += size) {
		if (AMONG(point_at(text, &size), invisible))
			continue;
		memcpy(to, text, size);
		to += size;
	}
	return visible;
}

char *text_fold(struct arena *mem, const char *text)
{
	char *folded = arena_alloc(mem, strlen(text) + 1);
	char *to = folded;
	bool blank = false;
	size_t size;

	for (; *text; text += size) {
		uint32_t point = point_at(text, &size);

		if (point == ' ' || (point >= '\t' && point <= '\r') ||
		    AMONG(point, blanks)) {
			blank = to > folded; /* none before the first word */
			continue;
		}
		if (blank)
			*to++ = ' ';
		blank = false;
		memcpy(to, text, size);
		to += size;
	}
	return folded;
}
