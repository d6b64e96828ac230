#include "check.h"

#include "core/arena.h"
#include "core/moment.h"

static struct arena *mem;

static time_t moment(const char *text)
{
	time_t found = 0;

	return moment_read(mem, text, &found) ? found : 0;
}

// clang-format off
static const struct {
	const char *text;
	time_t moment; /* 0: it is none */
} moments[] = {
	{ "2026-09-14", 1789344000 },
	{ "2026-09-14T00:00:00Z", 1789344000 },
	{ "2026-09-14T09:30:00Z", 1789378200 },
	{ "2026-09-14T09:30", 1789378200 },
	{ "2026-09-14T09:30Z", 1789378200 },
	{ "2026-09-14T09:30:00", 1789378200 },
	{ "2026-09-14T09:30:00.999Z", 1789378200 },
	{ "2026-09-14T11:30:00+02:00", 1789378200 },
	{ "2026-09-13T22:00:00-1130", 1789378200 },
	{ "2024-02-29", 1709164800 },
	{ "1970-01-01", 1 },
	{ "1969-12-31T23:00:00Z", 1 },
	{ "2025-02-29", 0 },
	{ "2026-02-30", 0 },
	{ "2026-13-01", 0 },
	{ "2026-00-10", 0 },
	{ "2026-09", 0 },
	{ "2026-9-14", 0 },
	{ "2026-9-14T10:00:00Z", 0 },
	{ "09/14/2026", 0 },
	{ "14.09.2026", 0 },
	{ "2026-09-14 ", 0 },
	{ "2026-09-14 09:30", 0 },
	{ "2026-09-14T", 0 },
	{ "2026-09-14T25:00:00Z", 0 },
	{ "2026-09-14T09:30:00 or 1 eq 1", 0 },
	{ "2026-09-14T09:30:00Z'", 0 },
	{ "2026-09-14T09:30:00Zx", 0 },
	{ " 026-09-14", 0 },
	{ "2026- 9-14", 0 },
	{ "2026-09-144", 0 },
	{ "9999-12-31T23:59:59Z", 253402300799 },
	{ "yesterday!", 0 },
	{ "", 0 },
};
// clang-format on

static void check_moments(void)
{
	for (size_t i = 0; i < sizeof(moments) / sizeof(*moments); i++)
		CHECK_ROW(moment(moments[i].text) == moments[i].moment,
		          moments[i].text);
}

int main(void)
{
	mem = arena_new(1 << 20);
	check_moments();
	CHECK_TEXT(moment_text(mem, 1), "1970-01-01T00:00:01Z");
	CHECK_TEXT(moment_text(mem, moment("2026-09-14T11:30:00.5+02:00")),
	           "2026-09-14T09:30:00Z");
	arena_free(mem);
	return check_end();
}
