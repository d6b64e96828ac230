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
/* one thing in three sources, of which no mark is shared by all */
static struct result chain_mail[] = {
	{ .native_id = "a1", .url = "https://x/9", .same_as = "<9@x>" },
	{ .native_id = "a2" },
};
static struct result chain_files[] = {
	{ .native_id = "b1" },
	{ .native_id = "b2",
	  .title = "Plan",
	  .time = "2026-02-01T00:00:00Z",
	  .url = "https://x/9" },
};
static struct result chain_notes[] = {
	{ .native_id = "c1" },
	{ .native_id = "c2" },
	{ .native_id = "c3", .title = "Plan", .time = "2026-02-01T00:00:00Z" },
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

/* By hand, in ten thousandths:
 *   m1 1/61 + f2 1/62 = 325.2    f5 1/65 = 153.8
 *   m2 1/62 + f3 1/63 = 320.0    f6 1/66 = 151.5
 *   f1 1/61           = 163.9, and f4, of the same source, adds nothing */
static void by_hand(struct arena *mem, struct job *jobs)
{
	struct hit *hits;
	size_t count = fuse(mem, jobs, 3, &hits);

	/* found twice beats found once; two logs of one time stay two */
	CHECK_TEXT(order(hits, count), "m1 m2 f1 f5 f6 ");
	CHECK(hits[0].also && !strcmp(hits[0].also->result->native_id, "f2"));
	CHECK(hits[0].also->also == NULL);
	CHECK_TEXT(hits[1].also->result->native_id, "f3");
	CHECK_TEXT(hits[2].also->result->native_id, "f4");
	CHECK_INT(hits[0].score * 1e6, 32522);
	CHECK_INT(hits[1].score * 1e6, 32002);
	CHECK_INT(hits[2].score * 1e6, 16393);
}

/* With mail at a tenth, in ten thousandths:
 *   f2 1/62 + m1 0.1/61 = 177.7    f1 1/61 = 163.9
 *   f3 1/63 + m2 0.1/62 = 174.9    f5, f6 as before */
static void weighted(struct arena *mem, struct job *jobs)
{
	struct hit *hits;
	size_t count;

	jobs[0].weight = 0.1;
	count = fuse(mem, jobs, 2, &hits);
	CHECK_TEXT(order(hits, count), "f2 f3 f1 f5 f6 ");
	CHECK_INT(hits[0].score * 1e6, 17768);
}

/* a1 + b2 + c3 is 1/61 + 1/62 + 1/63; then b1, c1 (1/61) in their order, and
 * a2, c2 (1/62) */
static void chained(struct arena *mem)
{
	struct job jobs[] = {
		{ .results = chain_mail, .result_count = 2 },
		{ .results = chain_files, .result_count = 2 },
		{ .results = chain_notes, .result_count = 3 },
	};
	struct hit *hits;
	size_t count = fuse(mem, jobs, 3, &hits);

	CHECK_TEXT(order(hits, count), "a1 b1 c1 a2 c2 ");
	CHECK_INT(hits[0].score * 1e6, 48395);
	CHECK(hits[0].also && hits[0].also->also && !hits[0].also->also->also);
}

/* Both are first in their source. s2 shows "leases" as "lease", in title and
 * passage, and so is first of a further list that counts a quarter:
 *   s2 1/61 + 0.25/61 = 20492    s1 1/61 + 0.25/62 = 20426
 * "the" says nothing, "release" begins otherwise, and what stands behind a minus
 * is not looked for. */
static void shown(struct arena *mem)
{
	struct result one[] = { { .native_id = "s1",
		                  .title = "The release news",
		                  .snippet = "Of the harbour." } };
	struct result two[] = { { .native_id = "s2",
		                  .title = "Quay 4: LEASE",
		                  .snippet = "A lease for five years." } };
	struct job jobs[] = {
		{ .query = "the leases -news",
		  .results = one,
		  .result_count = 1 },
		{ .query = "the leases -news",
		  .results = two,
		  .result_count = 1 },
	};
	struct hit *hits;
	size_t count = fuse(mem, jobs, 2, &hits);

	CHECK_TEXT(order(hits, count), "s2 s1 ");
	CHECK_INT(hits[0].score * 1e6, 20491);
	CHECK_INT(hits[1].score * 1e6, 20425);
	jobs[0].query = jobs[1].query = "the -news";
	count = fuse(mem, jobs, 2, &hits);
	CHECK_TEXT(order(hits, count), "s1 s2 ");
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
	size_t count;

	by_hand(mem, jobs);
	weighted(mem, jobs);
	chained(mem);
	shown(mem);

	CHECK_INT(fuse(mem, jobs, 0, &hits), 0);
	jobs[0] = (struct job){ .results = files, .result_count = 1 };
	jobs[1] = (struct job){ .results = mail, .result_count = 1 };
	count = fuse(mem, jobs, 2, &hits);
	CHECK_TEXT(order(hits, count), "f1 m1 "); /* ties keep their order */
	arena_free(mem);
	return check_end();
}
