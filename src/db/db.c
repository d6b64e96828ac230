#include "db/db.h"

#include <assert.h>
#include <string.h>

#include <libpq-fe.h>

#include "core/arena.h"
#include "core/text.h"
#include "db/connection.h"
#include "db/pool.h"
#include "db/rows.h"
#include "db/statement.h"

enum { MOST_TRIES = 4 };

/* What an SQLSTATE, or a class of them, means here (security DB-3). */
struct meaning {
	const char *state; /* a prefix */
	enum fault_kind kind;
	bool lost;   /* the connection is of no use any more */
	bool undone; /* nothing was done: safe to repeat, whatever it is */
};

static const struct meaning meanings[] = {
	{ "08", FAULT_NO_DATABASE, true, false },
	{ "57P", FAULT_NO_DATABASE, true, false },  /* shutdown, starting up */
	{ "53300", FAULT_NO_DATABASE, true, true }, /* too many connections */
	{ "25006", FAULT_NO_DATABASE, true, true }, /* became read-only */
	{ "40001", FAULT_BUSY, false, true },       /* serialization failure */
	{ "40P01", FAULT_BUSY, false, true },       /* deadlock */
	{ "55P03", FAULT_BUSY, false, false },      /* lock_timeout */
	{ "57014", FAULT_TIMED_OUT, false, false }, /* statement_timeout */
	{ "23505", FAULT_CONFLICT, false, false },  /* unique violation */
	{ "22021", FAULT_BAD_FIELD, false, false }, /* not in this encoding */
	{ "22P05", FAULT_BAD_FIELD, false, false }, /* untranslatable */
	{ "", FAULT_INTERNAL, false, false },
};

static const struct meaning *meaning_of(const char *state)
{
	const struct meaning *row = meanings;

	while (strncmp(state, row->state, strlen(row->state)) != 0)
		row++;
	return row;
}

/* A fault that a statement raised on purpose: SQLSTATE GH001, its kind's name
 * as the message, and what the caller is told as the detail. */
static struct fault *raised(struct db *db, const char *statement,
                            const PGresult *result)
{
	const char *name = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *told = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);

	for (int kind = 0; kind < FAULT_KINDS; kind++) {
		if (!text_same(name, fault_row((enum fault_kind)kind)->name))
			continue;
		if (told)
			return fault_told(db->mem, (enum fault_kind)kind, "%s",
			                  told);
		return fault(db->mem, (enum fault_kind)kind, "%s", statement);
	}
	return fault(db->mem, FAULT_INTERNAL, "%s raised '%s'", statement,
	             name ? name : "");
}

static struct fault *fault_of(struct db *db, enum sql statement,
                              const struct outcome *outcome)
{
	const char *name = statements[statement].name;

	if (outcome->left)
		return fault(db->mem, FAULT_TIMED_OUT, "%s: the client left",
		             name);
	if (outcome->timed_out)
		return fault(db->mem, FAULT_TIMED_OUT, "%s: deadline", name);
	if (outcome->lost)
		return fault(db->mem, FAULT_NO_DATABASE,
		             "%s: the connection was lost", name);
	if (strcmp(outcome->state, "GH001") == 0)
		return raised(db, name, outcome->result);
	/* Postgres may quote values in its message; only the state and the
	 * names of what was violated go to the log. */
	return fault(db->mem, meaning_of(outcome->state)->kind,
	             "%s: SQLSTATE %s %s", name, outcome->state,
	             outcome->state[0] == '2'
	                     ? ""
	                     : PQresultErrorField(outcome->result,
	                                          PG_DIAG_MESSAGE_PRIMARY));
}

/* Whether a statement that ended this way may run once more. */
static bool repeatable(enum sql statement, const struct outcome *outcome,
                       int tries)
{
	const struct meaning *meaning = meaning_of(outcome->state);

	if (outcome->left || outcome->timed_out || tries >= MOST_TRIES)
		return false;
	if (outcome->lost || meaning->lost)
		return tries == 1 && (statements[statement].again ||
		                      (!outcome->lost && meaning->undone));
	return meaning->undone;
}

static CAN_FAIL run_once(struct db *db, enum sql statement,
                         const char *const *values, struct outcome *outcome)
{
	struct connection *connection;

	TRY(pool_borrow(db, &connection));
	*outcome = connection_run(connection, db, statement, values);
	if (outcome->lost || outcome->left || outcome->timed_out ||
	    (outcome->state[0] && meaning_of(outcome->state)->lost))
		pool_lost(db->pool, connection);
	else
		pool_give_back(db->pool, connection);
	return NULL;
}

CAN_FAIL db_run_all(struct db *db, enum sql statement, struct rows **rows,
                    size_t count, const char *const *values)
{
	struct outcome outcome;
	int tries = 0;

	assert(count == (size_t)statements[statement].parameters);
	assert(!statements[statement].tenant || db->tenant);
	db->repeated = false;
	for (;;) {
		TRY(run_once(db, statement, values, &outcome));
		if (!outcome.lost && !outcome.left && !outcome.timed_out &&
		    !outcome.state[0])
			break;
		if (!repeatable(statement, &outcome, ++tries)) {
			struct fault *fault = fault_of(db, statement, &outcome);

			PQclear(outcome.result);
			return fault;
		}
		if (outcome.lost || (meaning_of(outcome.state)->lost &&
		                     !meaning_of(outcome.state)->undone))
			db->repeated = true;
		PQclear(outcome.result);
	}
	if (rows)
		*rows = rows_new(db->mem, outcome.result);
	else
		PQclear(outcome.result);
	return NULL;
}

char *db_array(struct arena *mem, const char *const *texts, size_t count)
{
	struct buffer array = { .mem = mem };

	buffer_add(&array, "{");
	for (size_t i = 0; i < count; i++) {
		buffer_add(&array, i ? ",\"" : "\"");
		for (const char *c = texts[i]; *c; c++) {
			if (*c == '"' || *c == '\\')
				buffer_add_n(&array, "\\", 1);
			buffer_add_n(&array, c, 1);
		}
		buffer_add(&array, "\"");
	}
	buffer_add(&array, "}");
	return array.text;
}
