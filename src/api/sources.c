#include "api/sources.h"

#include <assert.h>

#include "api/list.h"
#include "api/row.h"
#include "auth/principal.h"
#include "core/json.h"
#include "core/text.h"
#include "db/db.h"
#include "sources/source.h"
#include "sources/trial.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/request.h"
#include "web/response.h"

enum { TYPE_MOST = 100 };
enum { JSON, TYPE }; /* columns of a source */

/* What a client says of a source; NULL for what it does not say. */
struct said {
	const char *type;
	const struct source_kind *kind;
	json_object *metadata;
};

static CAN_FAIL find_kind(struct request *req, struct said *said)
{
	struct buffer names = { .mem = req->mem };

	said->kind = kind_find(req->app->kinds, said->type);
	if (said->kind)
		return NULL;
	for (const struct source_kind *const *k = req->app->kinds; *k; k++)
		buffer_format(&names, "%s%s", names.size ? ", " : "",
		              (*k)->name);
	return fault_told(req->mem, FAULT_BAD_FIELD, "type must be one of: %s",
	                  buffer_text(&names));
}

static CAN_FAIL read_source(struct request *req, struct said *said)
{
	struct fields body = fields_of(req->mem, req->json);

	said->type = field_text_maybe(&body, "type", 0, TYPE_MOST);
	said->metadata = field_object_maybe(&body, "source_metadata");
	TRY(body.fault);
	return said->type ? find_kind(req, said) : NULL;
}

/* The source's secrets as they shall be afterwards, as JSON: sealed text for a
 * new one, null for one given back as it was read, which stays. Each is sealed
 * for the row it will stand in, and nowhere else will open (SE-3). */
static CAN_FAIL seal_secrets(struct request *req, const char *id,
                             const struct said *said, json_object *secrets,
                             const char **sealed)
{
	json_object *all = js_object(req->mem);

	assert(said->kind);
	for (const struct kind_setting *s = said->kind->settings; s->name;
	     s++) {
		const char *secret = js_text(js_get(secrets, s->name)), *text;
		struct seal_place place = {
			.table = "source_secrets",
			.column = s->name,
			.tenant = req->principal->user_id,
			.row = id,
		};

		if (!s->secret)
			continue;
		if (js_is_object(js_get(said->metadata, s->name))) {
			js_put_null(all, s->name);
			continue;
		}
		if (!secret)
			continue;
		TRY(vault_seal(req->app->vault, req->mem, &place, secret,
		               &text));
		js_put_text(all, s->name, text);
	}
	*sealed = js_print(req->mem, all);
	return NULL;
}

CAN_FAIL sources_list(struct request *req, struct response *out)
{
	struct list list;
	struct rows *rows;

	TRY(list_read(req, &list));
	TRY(db_run(&req->db, SQL_SOURCE_LIST, &rows, list.limit, list.offset));
	list_answer(req, &list, rows, "/api/v1/sources", out);
	return NULL;
}

/* With ?test=true a source is stored only if its vendor answers. */
static CAN_FAIL try_first(struct request *req, const struct said *said,
                          const char *id, json_object *kept,
                          json_object *secrets)
{
	struct source source = source_of(req->mem, said->kind, id, kept);
	struct trial trial;
	const char *test;

	TRY(request_query(req, "test", &test));
	if (!test || text_same(test, "false"))
		return NULL;
	if (!text_same(test, "true"))
		return fault_told(req->mem, FAULT_BAD_FIELD,
		                  "test must be true or false.");
	trial = source_try(req, &source, secrets);
	if (!trial.fine)
		return fault_told(req->mem, FAULT_BAD_FIELD, "%s", trial.told);
	return NULL;
}

CAN_FAIL source_create(struct request *req, struct response *out)
{
	const char *id = random_uuid(req->mem);
	json_object *kept, *secrets;
	const char *sealed;
	struct said said = { 0 };
	struct rows *rows;

	TRY(read_source(req, &said));
	if (!said.kind || !said.metadata)
		return fault_told(req->mem, FAULT_BAD_FIELD, "%s is missing.",
		                  said.kind ? "source_metadata" : "type");
	TRY(kind_check(said.kind, req->mem, said.metadata, NULL, &kept,
	               &secrets));
	TRY(try_first(req, &said, id, kept, secrets));
	TRY(seal_secrets(req, id, &said, secrets, &sealed));
	TRY(db_run(&req->db, SQL_SOURCE_CREATE, &rows, id, said.type,
	           js_print(req->mem, kept), sealed,
	           text_format(req->mem, "%ld",
	                       req->app->config.sources_per_user)));
	return row_answer(req, rows, 201, FAULT_NO_SOURCE, out);
}

CAN_FAIL source_get(struct request *req, struct response *out)
{
	struct rows *rows;

	TRY(db_run(&req->db, SQL_SOURCE_GET, &rows, req->parts[0]));
	return row_answer(req, rows, 200, FAULT_NO_SOURCE, out);
}

/* Completes what a client says of a source by what is stored. kept: the
 * stored metadata, unless the kind changes and it is of no use any more. */
static CAN_FAIL complete(struct request *req, struct said *said,
                         json_object **kept)
{
	json_object *stored;
	const char *type;
	struct rows *rows;

	TRY(db_run(&req->db, SQL_SOURCE_GET, &rows, req->parts[0]));
	if (!rows_text(rows, 0, 0))
		return fault(req->mem, FAULT_NO_SOURCE, "no such source");
	type = rows_text(rows, 0, TYPE);
	stored = js_get(js_literal(req->mem, rows_text(rows, 0, JSON)),
	                "source_metadata");
	if (!said->type)
		said->type = type;
	TRY(find_kind(req, said));
	if (!said->metadata)
		said->metadata = stored;
	*kept = text_same(said->type, type) ? stored : NULL;
	return NULL;
}

/* Type and metadata are checked and stored together, so that a source never
 * has the one of one kind and the other of another (defect 23). Metadata
 * replaces the whole; a secret given back as it was read stays as it is. */
CAN_FAIL source_change(struct request *req, struct response *out)
{
	json_object *stored = NULL, *kept, *secrets;
	struct said said = { 0 };
	const char *sealed;
	struct rows *rows;

	TRY(read_source(req, &said));
	if (!said.type && !said.metadata)
		return fault(req->mem, FAULT_NOTHING_TO_CHANGE, "empty change");
	TRY(complete(req, &said, &stored));
	TRY(kind_check(said.kind, req->mem, said.metadata, stored, &kept,
	               &secrets));
	TRY(seal_secrets(req, req->parts[0], &said, secrets, &sealed));
	TRY(db_run(&req->db, SQL_SOURCE_CHANGE, &rows, req->parts[0], said.type,
	           js_print(req->mem, kept), sealed));
	return row_answer(req, rows, 200, FAULT_NO_SOURCE, out);
}

CAN_FAIL source_delete(struct request *req, struct response *out)
{
	struct rows *rows;

	TRY(db_run(&req->db, SQL_SOURCE_DELETE, &rows, req->parts[0]));
	return row_deleted(req, rows, "Source deleted successfully",
	                   FAULT_NO_SOURCE, out);
}
