#include "web/crash.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static _Thread_local const char *request_id;

void crash_request(const char *id)
{
	request_id = id;
}

static char *put_number(char *to, long number, int digits)
{
	for (int i = digits - 1; i >= 0; i--, number /= 10)
		to[i] = (char)('0' + number % 10);
	return to + digits;
}

/* Now, as 2026-01-31T12:00:00Z. The C library's calendar may take locks, so the
 * days since 1970 are counted here: from March 1st of the year 0, in eras of
 * 400 years, a year's days by months of 30.6. */
static char *put_time(char *to)
{
	struct timespec now = { 0 };
	long days, era, year, month;

	clock_gettime(CLOCK_REALTIME, &now);
	days = now.tv_sec / 86400 + 719468;
	era = days / 146097;
	days %= 146097;
	year = (days - days / 1460 + days / 36524 - days / 146096) / 365;
	days -= 365 * year + year / 4 - year / 100;
	month = (5 * days + 2) / 153;
	days -= (153 * month + 2) / 5;
	to = put_number(to, era * 400 + year + (month >= 10), 4);
	*to++ = '-';
	to = put_number(to, month < 10 ? month + 3 : month - 9, 2);
	*to++ = '-';
	to = put_number(to, days + 1, 2);
	*to++ = 'T';
	to = put_number(to, now.tv_sec % 86400 / 3600, 2);
	*to++ = ':';
	to = put_number(to, now.tv_sec % 3600 / 60, 2);
	*to++ = ':';
	to = put_number(to, now.tv_sec % 60, 2);
	*to++ = 'Z';
	return to;
}

static char *put_text(char *to, const char *text)
{
	size_t size = strlen(text);

	memcpy(to, text, size);
	return to + size;
}

/* Only async-signal-safe calls; the handler was reset when it was entered, so
 * raising the signal again ends the process. */
static void report(int signal)
{
	char line[256];
	char *end = put_text(line, "{\"time\":\"");

	end = put_time(end);
	end = put_text(end, "\",\"level\":\"error\",\"event\":\"crash\","
	                    "\"request_id\":\"");
	for (const char *c = request_id; c && *c && end < line + 200; c++)
		*end++ = *c;
	end = put_text(end, "\"}\n");
	if (write(STDERR_FILENO, line, (size_t)(end - line)) < 0)
		_exit(128 + signal);
	raise(signal);
}

void crash_report(void)
{
	static const int fatal[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL };
	struct sigaction action = { .sa_handler = report,
		                    .sa_flags = (int)SA_RESETHAND };

	for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
		sigaction(fatal[i], &action, NULL);
}
