/* Connection strings and their hosts. */
#include "check.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/text.h"
#include "db/hosts.h"

static struct arena *mem;

/* What holds of a parameter: the last of that name. */
static const char *value_of(const struct parameters *all, const char *name)
{
	const char *value = NULL;

	for (size_t i = 0; all->names[i]; i++)
		if (text_same(all->names[i], name))
			value = all->values[i];
	return value ? value : "-";
}

/* Each host as "host hostaddr port", with a bar between. */
static const char *told(const char *libpq)
{
	struct buffer text = { .mem = mem };
	struct hosts *hosts;

	if (hosts_read(mem, libpq, &hosts))
		return "malformed";
	for (size_t i = 0; i < hosts_count(hosts); i++) {
		struct parameters all = { .count = 0 };

		hosts_add(hosts, i, &all);
		buffer_format(&text, "%s%s %s %s", i ? "|" : "",
		              value_of(&all, "host"),
		              value_of(&all, "hostaddr"),
		              value_of(&all, "port"));
	}
	return buffer_text(&text);
}

static void test_lists(void)
{
	/* DB-2: each host is tried alone, with what is its own */
	CHECK_TEXT(told(""), "- - -");
	CHECK_TEXT(told("dbname=x"), "- - -");
	CHECK_TEXT(told("host=a"), "a - -");
	CHECK_TEXT(told("postgresql://a/x"), "a - -");
	CHECK_TEXT(told("postgresql://a:1,b:2/x"), "a - 1|b - 2");
	CHECK_TEXT(told("host=a,b,c port=7"), "a - 7|b - 7|c - 7");
	CHECK_TEXT(told("host=a,,/s port=1,,3"), "a - 1| - |/s - 3");
	CHECK_TEXT(told("host=a,b hostaddr=::1,"), "a ::1 -|b  -");
	CHECK_TEXT(told("hostaddr=1.2.3.4,1.2.3.5"), "- 1.2.3.4 -|- 1.2.3.5 -");
	/* lists that do not fit are libpq's to complain of */
	CHECK_TEXT(told("host=a,b port=1,2,3"), "a,b - 1,2,3");
	CHECK_TEXT(told("host=a hostaddr=1.2.3.4,1.2.3.5"),
	           "a 1.2.3.4,1.2.3.5 -");
	/* LA-3: what is malformed is not repeated: it may hold a password */
	CHECK_TEXT(told("postgresql://me:password@[::1/x"), "malformed");
}

static void test_the_rest(void)
{
	struct parameters all = { .count = 0 };
	struct hosts *hosts;

	parameters_add(&all, "target_session_attrs", "read-write");
	CHECK_FINE(hosts_read(mem,
	                      "postgresql://me:p%2Fw@a,b/"
	                      "x?sslmode=require&target_session_attrs=any",
	                      &hosts));
	hosts_add(hosts, 1, &all);
	CHECK_TEXT(value_of(&all, "user"), "me");
	CHECK_TEXT(value_of(&all, "password"), "p/w");
	CHECK_TEXT(value_of(&all, "dbname"), "x");
	CHECK_TEXT(value_of(&all, "sslmode"), "require");
	CHECK_TEXT(value_of(&all, "target_session_attrs"), "any");
}

/* DB-2: which host is another machine that need not prove who it is. */
static void test_unproved(void)
{
	static const struct {
		const char *libpq, *unproved;
	} rows[] = {
		{ "dbname=x", NULL },
		{ "host=/run/postgresql", NULL },
		{ "host=@abstract", NULL },
		{ "host=localhost", NULL },
		{ "host=127.0.0.1", NULL },
		{ "host=127.1.2.3", NULL },
		{ "host=::1", NULL },
		{ "host=db hostaddr=127.0.0.1", NULL },
		{ "host=db sslmode=verify-full", NULL },
		{ "host=db", "db" },
		{ "host=db sslmode=disable", "db" },
		{ "host=db sslmode=prefer", "db" },
		{ "host=db sslmode=require", "db" },
		{ "host=db sslmode=verify-ca", "db" },
		{ "host=localhost hostaddr=192.0.2.1", "192.0.2.1" },
		{ "host=localhost.evil.example", "localhost.evil.example" },
		{ "host=128.0.0.1", "128.0.0.1" },
		{ "host=2001:db8::1", "2001:db8::1" },
		{ "host=/run/postgresql,db", "db" },
		{ "host=a,b hostaddr=127.0.0.1,", "b" },
		{ "host=a,b port=1,2,3", "a,b" },
		{ 0 },
	};

	for (size_t i = 0; rows[i].libpq; i++) {
		struct hosts *hosts;

		CHECK_FINE(hosts_read(mem, rows[i].libpq, &hosts));
		CHECK_TEXT(hosts_unproved(hosts), rows[i].unproved);
	}
}

static void test_environment(void)
{
	struct hosts *hosts;

	CHECK_FINE(hosts_read(mem, "dbname=x", &hosts));
	setenv("PGHOST", "db", 1);
	CHECK_TEXT(hosts_unproved(hosts), "db");
	setenv("PGSSLMODE", "verify-full", 1);
	CHECK_TEXT(hosts_unproved(hosts), NULL);
}

int main(void)
{
	mem = arena_new(1 << 20);
	unsetenv("PGHOST");
	unsetenv("PGHOSTADDR");
	unsetenv("PGSSLMODE");
	test_lists();
	test_the_rest();
	test_unproved();
	test_environment();
	arena_free(mem);
	return check_end();
}
