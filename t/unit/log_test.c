/* One line an event, whatever text is in it, and a sink that fails. */
#include "core/log.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/json.h"
#include "check.h"

static char line[8192];

/* Runs a statement with standard error in a pipe; what it wrote is in line. */
#define LOGGED(statement)                                             \
	do {                                                          \
		int ends[2];                                          \
		int kept = dup(STDERR_FILENO);                        \
		if (pipe(ends) < 0)                                   \
			abort();                                      \
		dup2(ends[1], STDERR_FILENO);                         \
		close(ends[1]);                                       \
		statement;                                            \
		dup2(kept, STDERR_FILENO);                            \
		close(kept);                                          \
		ssize_t size = read(ends[0], line, sizeof(line) - 1); \
		line[size > 0 ? size : 0] = '\0';                     \
		close(ends[0]);                                       \
	} while (0)

static const char *member(struct arena *mem, const char *name)
{
	json_object *tree = NULL;

	if (js_parse(mem, line, strlen(line), &tree))
		return "this is no JSON";
	return js_text(js_get(tree, name));
}

/* LA-1, LA-4 */
static void lines(struct arena *mem)
{
	static const char *const hostile[] = {
		"two\nlines",
		"two\r\nlines",
		"\x1b[31mred\x1b[0m",
		"a\"b\\c",
		"\xe2\x80\xaeright-to-left",
		"a\xe2\x80\xa8"
		"b",
		"tab\there",
	};

	LOGGED(log_line(LOG_INFO, "request", { "path", "/a" },
	                { "status", .number = 200 }));
	CHECK_TEXT(member(mem, "event"), "request");
	CHECK_TEXT(member(mem, "level"), "info");
	CHECK_TEXT(member(mem, "path"), "/a");
	CHECK(strstr(line, "\"status\":200"));
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		LOGGED(log_line(LOG_INFO, "x", { "text", hostile[i] }));
		CHECK_ROW(strchr(line, '\n') == line + strlen(line) - 1,
		          "LA-4: hostile text gives one line");
		CHECK_ROW(!strchr(line, 0x1b) && !strstr(line, "\xe2\x80"),
		          "LA-4: and nothing that acts on a terminal");
		CHECK_ROW(member(mem, "text") != NULL, "LA-1: and valid JSON");
	}
}

/* LA-4: long text is cut, at a character, and the line stays valid. */
static void cuts(struct arena *mem)
{
	char *text = arena_alloc(mem, 30001);

	for (size_t i = 0; i < 30000; i += 3)
		memcpy(text + i, "€", 3);
	LOGGED(log_line(LOG_INFO, "x", { "a", text }, { "b", text },
	                { "c", "short" }));
	CHECK(strlen(line) <= 4096);
	CHECK_TEXT(member(mem, "c"), "short");
	CHECK(strlen(member(mem, "a")) < 700);
}

/* LA-7: a closed and a full sink neither end nor block, and are counted. */
static void sinks(void)
{
	int kept = dup(STDERR_FILENO);
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

	CHECK_INT(log_dropped(), 0);
	close(STDERR_FILENO);
	log_line(LOG_INFO, "x", { "a", "b" });
	CHECK_INT(log_dropped(), 1);
	dup2(full, STDERR_FILENO);
	log_line(LOG_INFO, "x", { "a", "b" });
	CHECK_INT(log_dropped(), 2);
	dup2(kept, STDERR_FILENO);
	close(full);
	close(kept);
}

/* LA-7: a pipe that nobody reads fills up; log_open made it non-blocking. */
static void full_pipe(void)
{
	int ends[2];
	int kept = dup(STDERR_FILENO);

	if (pipe(ends) < 0)
		abort();
	dup2(ends[1], STDERR_FILENO);
	log_open("test", LOG_INFO);
	for (int i = 0; i < 2000; i++)
		log_line(LOG_INFO, "filling-the-pipe", { "a", "b" });
	dup2(kept, STDERR_FILENO);
	close(kept);
	CHECK(log_dropped() > 2);
}

int main(void)
{
	struct arena *mem = arena_new(1 << 20);

	lines(mem);
	cuts(mem);
	sinks();
	full_pipe();
	arena_free(mem);
	return check_end();
}
