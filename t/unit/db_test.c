/* The database's door, against a server that ends statements as told. */
#include "check.h"

#include <stdint.h>
#include <stdlib.h>

#include <unistd.h>

#include "core/arena.h"
#include "core/deadline.h"
#include "core/text.h"
#include "db/db.h"
#include "postgres.h"

static struct arena *mem;
static const char *address;

/* May be repeated after a lost connection, and may not. */
#define AGAIN(db) db_run(db, SQL_SESSION_ROLE, NULL)
#define ONCE(db) db_run(db, SQL_AUDIT_EVENT, NULL, NULL, "e", "ok", "{}")

static struct db new_db_at(const char *libpq)
{
	return (struct db){
		.pool = pool_new(libpq, 1, 8000),
		.mem = mem,
		.deadline = deadline_in(8000),
		.watched = -1,
	};
}

static struct db new_db(void)
{
	return new_db_at(address);
}

/* A condition that another thread brings about. */
static bool comes_to(int (*count)(void), int wanted)
{
	for (int i = 0; i < 5000 && count() != wanted; i++)
		usleep(1000);
	return count() == wanted;
}

/* ---- DB-3: what each state means ---- */

struct row {
	const char *state;
	enum fault_kind kind; /* when it ends so each time */
	int tries;            /* a statement marked 'again' */
	int tries_once;       /* one that is not */
	bool closed;          /* the connection is of no use any more */
};

// clang-format off
static const struct row rows[] = {
	{ "08000", FAULT_NO_DATABASE, 2, 1, true },
	{ "08003", FAULT_NO_DATABASE, 2, 1, true },
	{ "08006", FAULT_NO_DATABASE, 2, 1, true },
	{ "08P01", FAULT_NO_DATABASE, 2, 1, true },
	{ "57P01", FAULT_NO_DATABASE, 2, 1, true },
	{ "57P02", FAULT_NO_DATABASE, 2, 1, true },
	{ "57P03", FAULT_NO_DATABASE, 2, 1, true },
	{ "lost",  FAULT_NO_DATABASE, 2, 1, true },
	{ "53300", FAULT_NO_DATABASE, 2, 2, true },
	{ "25006", FAULT_NO_DATABASE, 2, 2, true },
	{ "40001", FAULT_BUSY,        4, 4, false },
	{ "40P01", FAULT_BUSY,        4, 4, false },
	{ "55P03", FAULT_BUSY,        1, 1, false },
	{ "57014", FAULT_TIMED_OUT,   1, 1, false },
	{ "23505", FAULT_CONFLICT,    1, 1, false },
	{ "22021", FAULT_BAD_FIELD,   1, 1, false },
	{ "22P05", FAULT_BAD_FIELD,   1, 1, false },
	{ "22P02", FAULT_INTERNAL,    1, 1, false },
	{ "23503", FAULT_INTERNAL,    1, 1, false },
	{ "25P02", FAULT_INTERNAL,    1, 1, false },
	{ "40003", FAULT_INTERNAL,    1, 1, false },
	{ "42501", FAULT_INTERNAL,    1, 1, false },
	{ "42P01", FAULT_INTERNAL,    1, 1, false },
	{ "53100", FAULT_INTERNAL,    1, 1, false },
	{ "57000", FAULT_INTERNAL,    1, 1, false },
	{ "P0001", FAULT_INTERNAL,    1, 1, false },
	{ "XX000", FAULT_INTERNAL,    1, 1, false },
	{ 0 },
};
// clang-format on

/* It ends so each time. */
static void ends_always(const struct row *row, bool again)
{
	const char *s = row->state;
	struct postgres_script script = { { s, s, s, s, s, s, s, s }, NULL };
	int tries = again ? row->tries : row->tries_once;
	struct db db = new_db();
	struct fault *wrong;

	postgres_plays(&script);
	wrong = again ? AGAIN(&db) : ONCE(&db);
	/* DB-3 */
	CHECK_ROW(wrong && wrong->kind == row->kind, s);
	CHECK_INT(postgres_statements(), tries);
	CHECK_INT(postgres_connections(), row->closed ? tries : 1);
	CHECK_ROW(comes_to(postgres_open, row->closed ? 0 : 1), s);
	CHECK_ROW(db.repeated ==
	                  (again && row->tries == 2 && row->tries_once == 1),
	          "what may be done already is told from what is not");
	pool_free(db.pool);
	CHECK_ROW(comes_to(postgres_open, 0), "all is closed");
}

/* It ends so once: what may be repeated is. */
static void ends_once(const struct row *row)
{
	struct postgres_script script = { { row->state }, NULL };
	struct db db = new_db();
	struct fault *wrong;

	postgres_plays(&script);
	wrong = AGAIN(&db);
	/* DB-3, DB-4 */
	CHECK_ROW(row->tries > 1 ? !wrong : wrong != NULL, row->state);
	/* The next is not the worse for it. */
	CHECK_FINE(ONCE(&db));
	CHECK(!db.repeated);
	pool_free(db.pool);
}

static void test_states(void)
{
	for (const struct row *row = rows; row->state; row++) {
		ends_always(row, true);
		ends_always(row, false);
		ends_once(row);
	}
}

/* ---- TI-4: what is lent again ---- */

static void test_clean(void)
{
	static const struct postgres_script open = { { "open" }, NULL };
	static const struct postgres_script failed = { { "P0001" }, NULL };
	struct db db = new_db();

	/* TI-4: one that is still in a transaction is closed */
	postgres_plays(&open);
	CHECK_FINE(AGAIN(&db));
	CHECK(comes_to(postgres_open, 0));
	CHECK_FINE(AGAIN(&db));
	CHECK_INT(postgres_connections(), 2);
	/* and one whose transaction has failed, and is over, is not */
	postgres_plays(&failed);
	CHECK_FAULT(AGAIN(&db), INTERNAL);
	CHECK_FINE(AGAIN(&db));
	CHECK_INT(postgres_connections(), 0);
	pool_free(db.pool);
}

/* ---- DB-2: nothing waits for ever ---- */

static void test_silence(void)
{
	static const struct postgres_script silent = { { "silent" }, NULL };
	struct db db = new_db();
	int64_t began = clock_ms();

	/* DB-2: a server that does not answer a statement */
	postgres_plays(&silent);
	db.deadline = deadline_in(300);
	CHECK_FAULT(AGAIN(&db), TIMED_OUT);
	CHECK(clock_ms() - began < 3000);
	CHECK_INT(postgres_statements(), 1);
	/* TI-4: an answer that comes late is read by nobody */
	CHECK(comes_to(postgres_open, 0));
	db.deadline = deadline_in(8000);
	CHECK_FINE(AGAIN(&db));
	CHECK_INT(postgres_connections(), 2);
	pool_free(db.pool);
}

/* ---- DB-2: several hosts ---- */

/* The server twice, so that of its connections the first is the first host's. */
static const char *twice(void)
{
	const char *host = text_copy_n(mem, address, strcspn(address, " "));

	return text_format(mem, "%s,%s user=tests dbname=tests", host,
	                   host + strlen("host="));
}

/* All goes well, though the first host does as the script says. */
static void second_is_found(const char *libpq,
                            const struct postgres_script *script, int asked)
{
	static const struct postgres_script lost = { { "lost" }, NULL };
	struct db db = new_db_at(libpq);

	postgres_plays(script);
	CHECK_FINE(AGAIN(&db));
	CHECK_INT(postgres_connections(), asked);
	CHECK_INT(postgres_statements(), 1);
	/* The next connection begins with the host that answered. */
	postgres_plays(&lost);
	CHECK_FINE(AGAIN(&db));
	CHECK_INT(postgres_connections(), 1);
	pool_free(db.pool);
	CHECK(comes_to(postgres_open, 0));
}

static void test_hosts(void)
{
	static const struct postgres_script fine = { .silent = 0 };
	static const struct postgres_script silent = { .silent = 1 };
	static const struct postgres_script standby = { .standbys = 1 };
	static const struct postgres_script never = { .silent = 2 };
	struct db db = new_db_at(twice());
	int64_t began;

	/* DB-2: a host that swallows packets leaves time for the next */
	second_is_found(twice(), &silent, 2);
	/* one that takes no writes is passed over */
	second_is_found(twice(), &standby, 2);
	/* and so is one that is not there */
	second_is_found(
		text_format(mem, "host=/nowhere,%s", address + strlen("host=")),
		&fine, 1);
	/* None answers: that is told while there is time to tell it. */
	postgres_plays(&never);
	began = clock_ms();
	CHECK_FAULT(AGAIN(&db), NO_DATABASE);
	CHECK(clock_ms() - began < 6000);
	CHECK_INT(postgres_connections(), 2);
	pool_free(db.pool);
}

/* ---- DB-6: coming back ---- */

static void test_refusals(void)
{
	static const struct postgres_script many = { { 0 }, "53300" };
	static const struct postgres_script starts = { { 0 }, "57P03" };
	static const struct postgres_script fine = { { 0 }, NULL };
	struct db db = new_db();
	int64_t began = clock_ms();
	int asked = 0;

	postgres_plays(&many);
	CHECK_FAULT(AGAIN(&db), NO_DATABASE);
	/* DB-6: however many ask, the server is asked now and then */
	postgres_plays(&starts);
	while (clock_ms() - began < 1000) {
		struct fault *wrong = AGAIN(&db);

		asked += wrong && wrong->kind == FAULT_NO_DATABASE;
		usleep(1000);
	}
	CHECK(asked > 20);
	CHECK(postgres_connections() >= 1);
	CHECK(postgres_connections() <= 8);
	/* and is found again */
	postgres_plays(&fine);
	began = clock_ms();
	while (AGAIN(&db) && clock_ms() - began < 5000)
		usleep(1000);
	CHECK(clock_ms() - began < 2000);
	CHECK_FINE(AGAIN(&db));
	pool_free(db.pool);
}

int main(void)
{
	mem = arena_new(64 << 20);
	address = postgres_start();
	test_states();
	test_clean();
	test_silence();
	test_hosts();
	test_refusals();
	postgres_stop();
	arena_free(mem);
	return check_end();
}
