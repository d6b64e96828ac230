/* The gate of the gateway domains with a fault in each of its steps (MC-3). The
 * database is this file's own: db.o and rows.o stay in the archive. */
#include "check.h"

#include "auth/principal.h"
#include "auth_request.h"
#include "core/json.h"
#include "core/log.h"
#include "core/text.h"
#include "db/db.h"

#define TOKEN "ght_0123456789abcdefghijklmnopqrstuvwxyzABCDEF-"
#define AUTH "HTTP_AUTHORIZATION=Bearer " TOKEN

enum {
	USER_ID,
	SERVER_ID,
	SERVER_NAME,
	ENDPOINT,
	TOKEN_ID,
	SOURCES,
	RATES,
	SUBJECT_ID,
	SCOPES,
	GRANT_ID,
	VOUCHED,
	COLUMNS
};

struct rows {
	bool none;
	const char *texts[COLUMNS];
};

static const struct rows good = {
	false,
	{ "00000000-0000-4000-8000-000000000001",
	  "00000000-0000-4000-8000-000000000002", "a server", "one.example.com",
	  "00000000-0000-4000-8000-000000000003",
	  "[{\"id\": \"00000000-0000-4000-8000-000000000004\"}]",
	  "{\"search\": 1500000}", "00000000-0000-4000-8000-000000000001", NULL,
	  NULL, "f" },
};

/* ---- the database ---- */

/* What the gate's statements come to: a fault of this kind, or what is found. */
static struct {
	enum fault_kind opening, recording; /* FAULT_KINDS: none */
	struct rows found;
	int opened, recorded;
} database;

CAN_FAIL db_run_all(struct db *db, enum sql statement, struct rows **rows,
                    size_t count, const char *const *values)
{
	bool opens = statement == SQL_GATEWAY_OPEN;
	enum fault_kind kind = opens ? database.opening : database.recording;

	(void)count;
	(void)values;
	*(opens ? &database.opened : &database.recorded) += 1;
	if (kind != FAULT_KINDS)
		return fault(db->mem, kind, "a step that fails");
	if (rows)
		*rows = &database.found;
	return NULL;
}

size_t rows_count(const struct rows *rows)
{
	return rows && !rows->none;
}

const char *rows_text(const struct rows *rows, size_t row, int column)
{
	return row < rows_count(rows) ? rows->texts[column] : NULL;
}

bool rows_true(const struct rows *rows, size_t row, int column)
{
	return text_same(rows_text(rows, row, column), "t");
}

static void database_is_well(void)
{
	memset(&database, 0, sizeof(database));
	database.opening = database.recording = FAULT_KINDS;
	database.found = good;
}

/* ---- the gate ---- */

static struct arena *mem;
static struct request req;

static struct fault *gate(const char *const *params)
{
	req = request_of(mem, "POST", params);
	req.db = (struct db){ .mem = mem, .watched = -1 };
	return gateway_token(&req);
}

/* Refused, and nobody is anybody. */
static void check_refused(struct fault *wrong, const char *what)
{
	int http = wrong ? fault_row(wrong->kind)->http : 200;

	CHECK_ROW(http == 401 || http == 421 || http >= 500, what);
	CHECK_ROW(!req.principal && !req.db.tenant, what);
}

/* So that the rest shows something. */
static void test_all_well(void)
{
	database_is_well();
	CHECK_FINE(gate(PARAMS(AUTH)));
	CHECK(req.principal != NULL);
	CHECK_TEXT(req.db.tenant, good.texts[USER_ID]);
	CHECK_TEXT(req.principal->token_id, good.texts[TOKEN_ID]);
	CHECK_INT(js_count(req.principal->sources), 1);
	CHECK_INT(js_integer(js_get(req.principal->rates, "search")), 1500000);
	CHECK_INT(database.opened, 1);
	CHECK_INT(database.recorded, 0);
	CHECK(!req.principal->grant_id && !req.principal->vouched);
	database.found.texts[GRANT_ID] = good.texts[USER_ID];
	database.found.texts[VOUCHED] = "t";
	CHECK_FINE(gate(PARAMS(AUTH)));
	CHECK_TEXT(req.principal->grant_id, good.texts[USER_ID]);
	CHECK(req.principal->vouched);
	database_is_well();
	/* A token that called nothing lately has no rates, and no fault. */
	database.found.texts[RATES] = NULL;
	CHECK_FINE(gate(PARAMS(AUTH)));
	CHECK(js_is_object(req.principal->rates));
	CHECK_INT(js_count(req.principal->rates), 0);
}

/* MC-3: whatever the statement that looks the token up ends with */
static void test_opening_fails(void)
{
	for (int kind = 0; kind < FAULT_KINDS; kind++) {
		struct fault *wrong;

		database_is_well();
		database.opening = (enum fault_kind)kind;
		wrong = gate(PARAMS(AUTH));
		CHECK_ROW(wrong && (int)wrong->kind == kind,
		          "MC-3: the fault of the look-up is the gate's");
		CHECK_ROW(!req.principal && !req.db.tenant,
		          fault_row((enum fault_kind)kind)->name);
		CHECK_INT(database.recorded, 0);
	}
}

/* MC-3: a refusal stands whether or not it can be recorded */
static void test_recording_fails(void)
{
	for (int kind = 0; kind <= FAULT_KINDS; kind++) {
		database_is_well();
		database.found.texts[TOKEN_ID] = NULL;
		database.recording = (enum fault_kind)kind;
		CHECK_FAULT(gate(PARAMS(AUTH)), BAD_TOKEN);
		CHECK(!req.principal && !req.db.tenant);
		CHECK_INT(database.recorded, 1);
	}
}

/* MC-3: with a database that is well, the token that is none of its own */
static void test_tokens(void)
{
	const char *const *const wrong[] = {
		PARAMS("HTTP_AUTHORIZATION=Bearer not-one-of-ours"),
		PARAMS("HTTP_AUTHORIZATION=Bearer a b"),
		PARAMS("HTTP_AUTHORIZATION=Bearer "),
		PARAMS(AUTH, AUTH),
		PARAMS("HTTP_AUTHORIZATION=Basic " TOKEN),
		PARAMS("HTTP_COOKIE=access_token=" TOKEN),
		PARAMS("QUERY_STRING=access_token=" TOKEN),
		NO_PARAMS,
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		/* Even if the database said that it were a good one. */
		database_is_well();
		check_refused(gate(wrong[i]), wrong[i][0] ? wrong[i][0] : "");
	}
}

/* MC-3: an answer that is not whole makes nobody */
static void test_rows(void)
{
	static const int needed[] = { USER_ID, SERVER_ID, ENDPOINT, TOKEN_ID };

	database_is_well();
	database.found.none = true;
	CHECK_FAULT(gate(PARAMS(AUTH)), WRONG_HOST);
	CHECK(!req.principal && !req.db.tenant);
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
		database_is_well();
		database.found.texts[needed[i]] = NULL;
		check_refused(gate(PARAMS(AUTH)), "MC-3: a value is missing");
		database_is_well();
		database.found.texts[needed[i]] = "";
		check_refused(gate(PARAMS(AUTH)), "MC-3: a value is empty");
	}
}

int main(void)
{
	mem = arena_new(1 << 20);
	log_open("gate_test", LOG_ERROR);
	CHECK_FINE(vault_start(mem));
	test_all_well();
	test_opening_fails();
	test_recording_fails();
	test_tokens();
	test_rows();
	arena_free(mem);
	return check_end();
}
