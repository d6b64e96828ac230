#include "web/crash.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static _Thread_local const char *request_id;

void crash_request(const char *id)
{
	request_id = id;
}

/* Only async-signal-safe calls; the handler was reset when it was entered, so
 * raising the signal again ends the process. */
static void report(int signal)
{
	static const char start[] = "{\"level\":\"error\",\"event\":\"crash\","
				    "\"request_id\":\"";
	char line[160];
	size_t size = sizeof(start) - 1;

	memcpy(line, start, size);
	for (const char *c = request_id; c && *c && size < 120; c++)
		line[size++] = *c;
	memcpy(line + size, "\"}\n", 3);
	if (write(STDERR_FILENO, line, size + 3) < 0)
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
