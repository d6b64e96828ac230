#include "core/json.h"

#include <stdbool.h>
#include <string.h>

enum { ESCAPE = 6 }; /* the bytes of \u0000 */

/* The number of an escape at that place; -1 if there is none. */
static int escape_at(const char *at, const char *end)
{
	int number = 0;

	if (end - at < ESCAPE || at[0] != '\\' || at[1] != 'u')
		return -1;
	for (int i = 2; i < ESCAPE; i++) {
		const char *digits = "0123456789abcdefABCDEF", *digit;

		digit = at[i] ? strchr(digits, at[i]) : NULL;
		if (!digit)
			return -1;
		number = number * 16 + (int)(digit - digits) -
		         (digit - digits > 15 ? 6 : 0);
	}
	return number;
}

static bool is_between(int number, int least, int most)
{
	return number >= least && number <= most;
}

void js_mend(char *bytes, size_t size)
{
	const char *end = bytes + size;
	char *at = bytes;

	while ((at = memchr(at, '\\', (size_t)(end - at)))) {
		int number = escape_at(at, end);
		bool high = is_between(number, 0xD800, 0xDBFF);

		if (high &&
		    is_between(escape_at(at + ESCAPE, end), 0xDC00, 0xDFFF)) {
			at += 2L * ESCAPE;
			continue;
		}
		if (number == 0 || is_between(number, 0xD800, 0xDFFF))
			memcpy(at, "\\ufffd", ESCAPE);
		at += number >= 0 ? ESCAPE : end - at < 2 ? 1 : 2;
	}
}
