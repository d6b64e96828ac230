#include "core/moment.h"

#include <string.h>

#include "core/text.h"

enum { DAY_SIZE = 10 }; /* 2026-09-14 */

/* A day of the calendar; strptime alone would take blanks for digits, and the
 * 30th of February. */
static bool read_day(const char *day, struct tm *time)
{
	struct tm same;
	const char *rest;

	for (size_t i = 0; i < DAY_SIZE; i++)
		if (!strchr(i == 4 || i == 7 ? "-" : "0123456789", day[i]))
			return false;
	rest = strptime(day, "%Y-%m-%d", time);
	if (!rest || *rest)
		return false;
	same = *time;
	timegm(&same);
	return same.tm_mday == time->tm_mday;
}

/* The time of day after a date, and what it is ahead of UTC. */
static bool read_time(const char *text, struct tm *time)
{
	const char *rest = strptime(text, "T%H:%M:%S", time);

	if (!rest)
		rest = strptime(text, "T%H:%M", time);
	if (rest && *rest == '.')
		rest += 1 + strspn(rest + 1, "0123456789");
	if (rest && *rest)
		rest = strptime(rest, "%z", time);
	return rest && !*rest;
}

bool moment_read(struct arena *mem, const char *text, time_t *moment)
{
	struct tm time = { 0 };
	long ahead;

	if (strlen(text) < DAY_SIZE ||
	    !read_day(text_copy_n(mem, text, DAY_SIZE), &time))
		return false;
	if (text[DAY_SIZE] && !read_time(text + DAY_SIZE, &time))
		return false;
	ahead = time.tm_gmtoff;
	*moment = timegm(&time) - ahead;
	if (*moment < 1)
		*moment = 1;
	return true;
}

const char *moment_text(struct arena *mem, time_t moment)
{
	struct tm time;

	gmtime_r(&moment, &time);
	return text_format(mem, "%04d-%02d-%02dT%02d:%02d:%02dZ",
	                   time.tm_year + 1900, time.tm_mon + 1, time.tm_mday,
	                   time.tm_hour, time.tm_min, time.tm_sec);
}
