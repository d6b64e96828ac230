#include "api/source_test.h"

#include "core/json.h"
#include "db/db.h"
#include "sources/source.h"
#include "sources/trial.h"
#include "web/app.h"
#include "web/request.h"
#include "web/response.h"

enum { ID, TYPE, METADATA };

CAN_FAIL source_test(struct request *req, struct response *out)
{
	const struct source_kind *kind;
	json_object *answer = js_object(req->mem);
	struct source source;
	struct trial trial;
	struct rows *rows;

	TRY(db_run(&req->db, SQL_SOURCE_PLAIN, &rows, req->parts[0]));
	if (rows_count(rows) == 0)
		return fault(req->mem, FAULT_NO_SOURCE, "no such source");
	kind = kind_find(req->app->kinds, rows_text(rows, 0, TYPE));
	if (!kind)
		return fault_told(req->mem, FAULT_BAD_FIELD,
		                  "This release of the gateway does not know "
		                  "sources of this type.");
	source = source_of(req->mem, kind, rows_text(rows, 0, ID),
	                   js_literal(req->mem, rows_text(rows, 0, METADATA)));
	trial = source_try(req, &source, NULL);
	js_put_boolean(answer, "ok", trial.fine);
	js_put_text(answer, "state", trial.state);
	js_put_text(answer, "detail", trial.told);
	response_json(out, 200, answer);
	return NULL;
}
