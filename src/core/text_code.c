/* Text in other clothes: UUIDs, percent-encoding, base64. */
#include "core/text.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "core/arena.h"

/* The value of a hex digit, or -1. */
static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The original's reader drops hyphens wherever they stand; here they stand all
 * four in their places, or there are none. */
char *text_uuid(struct arena *mem, const char *text)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	char uuid[sizeof(form)] = "";
	bool braces, hyphens;

	if (!text)
		return NULL;
	if (strncasecmp(text, "urn:uuid:", 9) == 0)
		text += 9;
	braces = *text == '{';
	text += braces;
	hyphens = strnlen(text, 9) == 9 && text[8] == '-';
	for (size_t i = 0; form[i]; i++) {
		if (form[i] == '-') {
			uuid[i] = '-';
			if (hyphens && *text++ != '-')
				return NULL;
			continue;
		}
		if (hex_value(*text) < 0)
			return NULL;
		uuid[i] = "0123456789abcdef"[hex_value(*text++)];
	}
	if (braces && *text++ != '}')
		return NULL;
	return *text ? NULL : text_copy(mem, uuid);
}

static bool unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c && strchr("-._~", c));
}

char *text_percent(struct arena *mem, const char *text)
{
	static const char digits[] = "0123456789ABCDEF";
	char *encoded = arena_array(mem, strlen(text) + 1, 3);
	char *to = encoded;

	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;

		if (unreserved(*text)) {
			*to++ = *text;
			continue;
		}
		*to++ = '%';
		*to++ = digits[byte >> 4];
		*to++ = digits[byte & 15];
	}
	return encoded;
}

char *text_unpercent(struct arena *mem, const char *bytes, size_t size,
                     bool plus)
{
	char *decoded = arena_alloc(mem, size + 1);
	size_t to = 0;

	for (size_t i = 0; i < size; i++) {
		if (bytes[i] == '%') {
			int high = i + 2 < size ? hex_value(bytes[i + 1]) : -1;
			int low = i + 2 < size ? hex_value(bytes[i + 2]) : -1;

			if (high < 0 || low < 0)
				return NULL;
			decoded[to++] = (char)(high << 4 | low);
			i += 2;
		} else {
			decoded[to++] =
				plus && bytes[i] == '+' ? ' ' : bytes[i];
		}
	}
	return text_valid(decoded, to) ? decoded : NULL;
}

static const char base64_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *text_base64(struct arena *mem, const void *bytes, size_t size)
{
	const unsigned char *from = bytes;
	char *text = arena_array(mem, size / 3 + 2, 4);
	char *to = text;

	for (size_t i = 0; i < size; i += 3) {
		size_t left = size - i;
		uint32_t three = (uint32_t)from[i] << 16;

		if (left > 1)
			three |= (uint32_t)from[i + 1] << 8;
		if (left > 2)
			three |= from[i + 2];
		*to++ = base64_digits[three >> 18 & 63];
		*to++ = base64_digits[three >> 12 & 63];
		*to++ = left > 1 ? base64_digits[three >> 6 & 63] : '=';
		*to++ = left > 2 ? base64_digits[three & 63] : '=';
	}
	return text;
}

unsigned char *text_unbase64(struct arena *mem, const char *text, size_t *size)
{
	size_t length = strlen(text);
	size_t padding = text_ends(text, "==") ? 2 : text_ends(text, "=");
	unsigned char *bytes = arena_alloc(mem, length / 4 * 3 + 1);
	uint32_t bits = 0;
	size_t to = 0;

	if (length % 4)
		return NULL;
	for (size_t i = 0; i < length; i++) {
		bool padded = i >= length - padding;
		const char *digit = strchr(base64_digits, text[i]);

		if (!padded && !digit)
			return NULL;
		bits = bits << 6 |
		       (padded ? 0 : (uint32_t)(digit - base64_digits));
		if (i % 4 != 3)
			continue;
		bytes[to++] = (unsigned char)(bits >> 16);
		bytes[to++] = (unsigned char)(bits >> 8);
		bytes[to++] = (unsigned char)bits;
		bits = 0;
	}
	/* One text for one value: bits under the padding must be zero. */
	*size = to - padding;
	for (size_t i = *size; i < to; i++)
		if (bytes[i])
			return NULL;
	return bytes;
}
