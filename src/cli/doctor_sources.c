#include "auth/principal.h"
#include "cli/command.h"
#include "cli/finding.h"
#include "core/arena.h"
#include "core/json.h"
#include "core/text.h"
#include "outbound/outbound.h"
#include "sources/registry.h"
#include "sources/source.h"
#include "sources/trial.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/request.h"

enum { PAGE = 100, TRIAL_MS = 15000, TRIAL_MEMORY = 32 << 20 };

/* What a source is tried with: as much of the mcp program as that needs. */
struct trial_room {
	struct app app;
	bool ready; /* its key is there */
};

/* ---- one source ---- */

/* One that is looked at. */
struct patient {
	const char *id;
	const char *email; /* of its owner */
	json_object *json; /* as the API shows it */
	const struct source_kind *kind;
};

static const char *about(struct doctor *doctor, const struct patient *patient)
{
	return text_format(doctor->cli->mem, "%s (%s) of %s", patient->id,
	                   js_shown(patient->json, "type"), patient->email);
}

/* By the kind's own table, as when it was entered; a secret that is set counts
 * as one. */
static struct fault *settings_wrong(struct request *req,
                                    const struct patient *patient)
{
	json_object *metadata = js_get(patient->json, "source_metadata");
	json_object *kept, *secrets;

	return kind_check(patient->kind, req->mem, metadata, metadata, &kept,
	                  &secrets);
}

/* Whether each of its secrets opens where it stands. */
static CAN_FAIL secrets_open(struct request *req, const char *id, bool *open)
{
	enum { NAME, SEALED };
	struct rows *rows;

	*open = true;
	TRY(db_run(&req->db, SQL_SOURCE_SECRETS, &rows, id));
	for (size_t i = 0; i < rows_count(rows); i++) {
		struct seal_place place = {
			.table = "source_secrets",
			.column = rows_text(rows, i, NAME),
			.tenant = req->db.tenant,
			.row = id,
		};
		const char *secret;

		if (vault_unseal(req->app->vault, req->mem, &place,
		                 rows_text(rows, i, SEALED), &secret))
			*open = false;
	}
	return NULL;
}

static void try_it(struct doctor *doctor, struct request *req,
                   const struct patient *patient)
{
	struct source source =
		source_of(req->mem, patient->kind, patient->id,
	                  js_get(patient->json, "source_metadata"));
	struct trial trial = source_try(req, &source, NULL);

	finding(doctor, trial.fine ? FINE : WRONG, "source",
	        about(doctor, patient),
	        trial.fine ? trial.told
	                   : text_format(req->mem, "%s: %s", trial.state,
	                                 trial.told),
	        "Its owner changes its settings, or the vendor's, as said; "
	        "then run this again.");
}

static CAN_FAIL examine(struct doctor *doctor, struct request *req,
                        const struct trial_room *room,
                        const struct patient *patient)
{
	const char *which = about(doctor, patient);
	struct fault *wrong;
	bool open;

	if (!patient->kind) {
		finding(doctor, WRONG, "source", which,
		        "this release does not know its type",
		        "Delete it, or go back to the release that made it.");
		return NULL;
	}
	wrong = settings_wrong(req, patient);
	if (wrong) {
		finding(doctor, WRONG, "source", which, wrong->told,
		        "Its owner changes that setting.");
		return NULL;
	}
	if (!room->ready) {
		finding(doctor, DOUBTFUL, "source", which,
		        "its settings are right; without the private key it "
		        "was not tried",
		        "Set GATEHOUSE_SEAL_PRIVATE_KEY_FILE.");
		return NULL;
	}
	TRY(secrets_open(req, patient->id, &open));
	if (!open) {
		finding(doctor, WRONG, "source", which,
		        "its stored credentials do not open with the private "
		        "key",
		        "Is it the key they were sealed to? If that one is "
		        "lost, the owner enters them again.");
		return NULL;
	}
	if (cli_option(doctor->cli, "offline"))
		finding(doctor, FINE, "source", which,
		        "its settings are right and its credentials open", "");
	else
		try_it(doctor, req, patient);
	return NULL;
}

/* ---- all of them ---- */

static void close_outbound(void *outbound)
{
	outbound_close(outbound);
}

static CAN_FAIL prepare(struct doctor *doctor, struct trial_room *room)
{
	const char *key = doctor->config.seal_private_key_file;
	struct app *app = &room->app;

	*app = (struct app){
		.name = "doctor",
		.mem = doctor->cli->mem,
		.config = doctor->config,
		.pool = doctor->db.pool,
		.kinds = registry,
	};
	room->ready = key && !vault_open(app->mem, NULL, key, &app->vault);
	if (cli_option(doctor->cli, "offline"))
		return NULL;
	TRY(outbound_open(app->mem, &app->config, &app->outbound));
	arena_defer(app->mem, close_outbound, app->outbound);
	return NULL;
}

/* In memory of its own, which its end gives back. */
static CAN_FAIL visit(struct doctor *doctor, struct trial_room *room,
                      const char *id, const char *tenant, const char *email)
{
	struct arena *mem = arena_new(TRIAL_MEMORY);
	struct request req = {
		.mem = mem,
		.app = &room->app,
		.id = random_hex(mem, 16),
		.principal = &(const struct principal){ .user_id = tenant },
		.db = doctor->db,
		.deadline = deadline_in(TRIAL_MS),
	};
	struct patient patient = { .id = id, .email = email };
	json_object *row = js_object(mem);
	struct rows *rows;
	struct fault *wrong;

	req.db.mem = mem;
	req.db.tenant = tenant;
	req.db.deadline = req.deadline;
	wrong = db_run(&req.db, SQL_SOURCE_GET, &rows, id);
	if (!wrong && rows_count(rows) > 0) {
		js_put_json(row, "source", rows_text(rows, 0, 0));
		patient.json = js_get(row, "source");
		patient.kind = kind_find(room->app.kinds,
		                         js_text(js_get(patient.json, "type")));
		wrong = examine(doctor, &req, room, &patient);
	}
	if (wrong)
		wrong = fault(doctor->cli->mem, wrong->kind, "%s", wrong->note);
	arena_free(mem);
	return wrong;
}

CAN_FAIL doctor_sources(struct doctor *doctor)
{
	enum { ID, TENANT, EMAIL };
	struct cli *cli = doctor->cli;
	const char *one = cli_option(cli, "source"), *after = NULL;
	struct trial_room room;
	struct rows *rows;

	if (!doctor->database)
		return NULL;
	if (one && !text_uuid(cli->mem, one))
		return cli_usage(cli, "--source wants the id of a source");
	TRY(prepare(doctor, &room));
	do {
		TRY(db_run(&doctor->db, SQL_DOCTOR_SOURCES, &rows, after,
		           cli_option(cli, "user"), one,
		           text_format(cli->mem, "%d", PAGE)));
		for (size_t i = 0; i < rows_count(rows); i++) {
			doctor->db.deadline = deadline_in(2 * TRIAL_MS);
			after = text_copy(cli->mem, rows_text(rows, i, ID));
			TRY(visit(doctor, &room, after,
			          rows_text(rows, i, TENANT),
			          rows_text(rows, i, EMAIL)));
		}
	} while (rows_count(rows) == PAGE);
	if (one && !after)
		finding(doctor, WRONG, "source", one, "there is no such source",
		        "gatehouse source list shows those of an account.");
	return NULL;
}
