#include "check.h"

#include "core/arena.h"
#include "search/fuse.h"

static struct result mail[] = {
	{ .native_id = "m1", .title = "Cake", .time = "2026-01-01T00:00:00Z" },
	{ .native_id = "m2", .title = "Tea", .same_as = "<1@x>" },
};
static struct result files[] = {
	{ .native_id = "f1", .title = "Bread", .url = "https://x/1" },
	{ .native_id = "f2", .title = "Cake", .time = "2026-01-01T00:00:00Z" },
	{ .native_id = "f3", .title = "Tea?", .same_as = "<1@x>" },
	{ .native_id = "f4", .title = "Bread again", .url = "https://x/1" },
	{ .native_id = "f5", .title = "Log", .time = "2026-01-02T00:00:00Z" },
	{ .native_id = "f6", .title = "Log", .time = "2026-01-02T00:00:00Z" },
};

static const char *order(const struct hit *hits, size_t count)
{
	static char text[200];

	text[0] = '\0';
	for (size_t i = 0; i < count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
		         "%s ", hits[i].result->native_id);
	return text;
}

int main(void)
{
	struct arena *mem = arena_new(1 << 20);
	struct job jobs[] = {
		{ .results = mail, .result_count = 2 },
		{ .results = files, .result_count = 6 },
		{ .result_count = 0 },
	};
	struct hit *hits;
	size_t count = fuse(mem, jobs, 3, &hits);

	/* found twice beats found once; two logs of one time stay two */
	CHECK_TEXT(order(hits, count), "m1 f1 m2 f5 f6 ");
	CHECK(hits[0].also && !strcmp(hits[0].also->result->native_id, "f2"));
	CHECK(hits[0].also->also == NULL);
	CHECK_TEXT(hits[1].also->result->native_id, "f4");
	CHECK_TEXT(hits[2].also->result->native_id, "f3");

	jobs[0].weight = 0.1;
	count = fuse(mem, jobs, 2, &hits);
	CHECK_TEXT(order(hits, count), "f1 f2 f3 f5 f6 ");

	CHECK_INT(fuse(mem, jobs, 0, &hits), 0);
	jobs[0] = (struct job){ .results = files, .result_count = 1 };
	jobs[1] = (struct job){ .results = mail, .result_count = 1 };
	count = fuse(mem, jobs, 2, &hits);
	CHECK_TEXT(order(hits, count), "f1 m1 "); /* ties keep their order */
	arena_free(mem);
	return check_end();
}
