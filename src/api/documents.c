#include "api/documents.h"

#include <string.h>

#include "api/list.h"
#include "api/row.h"
#include "core/json.h"
#include "core/text.h"
#include "db/db.h"
#include "sources/clean.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/request.h"
#include "web/response.h"

enum {
	TITLE_MOST = 500,          /* code points */
	TEXT_MOST = 1024 * 1024,   /* the body's bound is reached first */
	URL_MOST = 2000,           /* bytes */
	METADATA_MOST = 16 * 1024, /* bytes, printed */
};

enum { SOURCE, DOCUMENT }; /* req->parts */
enum { JSON, TEXT };       /* columns of a document */

/* What a client says of a document. */
struct said {
	const char *title;
	const char *text;
	const char *url;      /* or NULL */
	const char *metadata; /* JSON */
};

static CAN_FAIL read_document(struct request *req, struct said *said)
{
	struct fields body = fields_of(req->mem, req->json);
	json_object *metadata;

	said->title = field_text(&body, "title", 1, TITLE_MOST);
	said->text = field_text(&body, "text", 0, TEXT_MOST);
	said->url = field_text_maybe(&body, "url", 0, URL_MOST);
	metadata = field_object_maybe(&body, "metadata");
	if (said->url && !*said->url)
		said->url = NULL;
	if (said->url && !clean_url(req->mem, said->url, URL_MOST))
		field_wrong(&body,
		            "url must be an absolute http or https URL "
		            "of at most %d bytes.",
		            URL_MOST);
	said->metadata = metadata ? js_print(req->mem, metadata) : "{}";
	if (strlen(said->metadata) > METADATA_MOST)
		field_wrong(&body, "metadata must have at most %d bytes.",
		            METADATA_MOST);
	return body.fault;
}

CAN_FAIL documents_list(struct request *req, struct response *out)
{
	const char *source = req->parts[SOURCE];
	struct list list;
	struct rows *rows;

	TRY(list_read(req, &list));
	TRY(db_run(&req->db, SQL_DOCUMENTS_LIST, &rows, source, list.limit,
	           list.offset));
	list_answer(
		req, &list, rows,
		text_format(req->mem, "/api/v1/sources/%s/documents", source),
		out);
	return NULL;
}

CAN_FAIL document_create(struct request *req, struct response *out)
{
	struct said said;
	struct rows *rows;

	TRY(read_document(req, &said));
	TRY(db_run(&req->db, SQL_DOCUMENT_CREATE, &rows, req->parts[SOURCE],
	           random_uuid(req->mem), said.title, said.text, said.url,
	           said.metadata));
	return row_answer(req, rows, 201, FAULT_NO_DOCUMENT, out);
}

CAN_FAIL document_get(struct request *req, struct response *out)
{
	json_object *body;
	struct rows *rows;

	TRY(db_run(&req->db, SQL_DOCUMENT_GET, &rows, req->parts[SOURCE],
	           req->parts[DOCUMENT]));
	if (rows_count(rows) == 0)
		return fault(req->mem, FAULT_NO_DOCUMENT, "no such document");
	body = js_literal(req->mem, rows_text(rows, 0, JSON));
	js_put_text(body, "text", rows_text(rows, 0, TEXT));
	response_json(out, 200, body);
	return NULL;
}

CAN_FAIL document_replace(struct request *req, struct response *out)
{
	struct said said;
	struct rows *rows;

	TRY(read_document(req, &said));
	TRY(db_run(&req->db, SQL_DOCUMENT_REPLACE, &rows, req->parts[SOURCE],
	           req->parts[DOCUMENT], said.title, said.text, said.url,
	           said.metadata));
	return row_answer(req, rows, 200, FAULT_NO_DOCUMENT, out);
}

CAN_FAIL document_delete(struct request *req, struct response *out)
{
	struct rows *rows;

	TRY(db_run(&req->db, SQL_DOCUMENT_DELETE, &rows, req->parts[SOURCE],
	           req->parts[DOCUMENT]));
	return row_deleted(req, rows, "Document deleted successfully",
	                   FAULT_NO_DOCUMENT, out);
}
