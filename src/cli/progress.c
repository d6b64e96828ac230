#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "core/deadline.h"

enum { WIDTH = 30, TERMINAL_MS = 100, LINE_MS = 2000 };

void progress_start(struct progress *progress)
{
	progress->terminal = isatty(STDERR_FILENO);
	progress->next =
		clock_ms() + (progress->terminal ? TERMINAL_MS : LINE_MS);
}

static void draw(struct progress *progress, size_t done, size_t all)
{
	static const char bar[] = "##############################";
	int full = all ? (int)(done * WIDTH / all) : WIDTH;

	fprintf(stderr, "\r[%-*.*s] %3d%%  %zu of %zu %s\033[K", WIDTH, full,
	        bar, all ? (int)(done * 100 / all) : 100, done, all,
	        progress->what);
	progress->drawn = true;
}

void progress_show(struct progress *progress, size_t done, size_t all)
{
	int64_t now = clock_ms();

	if (progress->quiet || now < progress->next)
		return;
	progress->next = now + (progress->terminal ? TERMINAL_MS : LINE_MS);
	if (progress->terminal)
		draw(progress, done, all);
	else
		fprintf(stderr, "%zu of %zu %s\n", done, all, progress->what);
}

void progress_clear(struct progress *progress)
{
	if (progress->drawn)
		fputs("\r\033[K", stderr);
	progress->drawn = false;
}
