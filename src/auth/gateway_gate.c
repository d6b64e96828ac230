#include "auth/principal.h"

#include "auth/bearer.h"
#include "auth/host.h"
#include "core/arena.h"
#include "core/log.h"
#include "core/text.h"
#include "vault/vault.h"
#include "web/request.h"

enum { RECORD_MS = 2000 };

/* What gateway_open answers for a live server. */
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
	VOUCHED
};

/* A refusal stands whether or not it could be recorded (I4): the log has it
 * in any case. */
static void record_refusal(struct request *req, const char *server_id)
{
	json_object *detail = js_object(req->mem);
	struct db db = db_unwatched(&req->db, RECORD_MS);

	js_put_text(detail, "request", req->id);
	js_put_text(detail, "server", server_id);
	js_put_text(detail, "address", req->address);
	if (db_run(&db, SQL_AUDIT_EVENT, NULL, NULL, "gateway_token", "refused",
	           js_print(req->mem, detail)))
		log_line(LOG_WARNING, "audit-lost",
		         { "request_id", req->id, 0 },
		         { "note", "gateway_token refused", 0 });
}

static CAN_FAIL check_token(struct request *req, const char *token,
                            const struct rows *rows)
{
	if (!token)
		return fault_told(req->mem, FAULT_NO_TOKEN,
		                  "A bearer token is required.");
	if (rows_text(rows, 0, TOKEN_ID))
		return NULL;
	record_refusal(req, rows_text(rows, 0, SERVER_ID));
	return fault_told(
		req->mem, FAULT_BAD_TOKEN,
		"The token is unknown, ended or not for this gateway.");
}

/* token: set, or NULL when none was sent or the one sent has a wrong form. */
static CAN_FAIL read_token(struct request *req, const char **token)
{
	const char *sent;

	*token = NULL;
	TRY(bearer_token(req, &sent));
	if (sent && !gateway_token_form(sent))
		return fault_told(req->mem, FAULT_BAD_TOKEN,
		                  "The token is not one of this gateway's.");
	*token = sent;
	return NULL;
}

/* rows: set to the host's live server, and to the token if it is the server's;
 * without a token no token is looked for. */
static CAN_FAIL find_server(struct request *req, const char *token,
                            struct rows **rows)
{
	const char *digest = token ? digest_hex(req->mem, token) : NULL;
	const char *host_port = text_format(req->mem, "%s:%s", req->host,
	                                    req->port ? req->port : "");

	TRY(db_run(&req->db, SQL_GATEWAY_OPEN, rows, req->host, host_port,
	           digest));
	if (rows_count(*rows) == 0)
		return fault(req->mem, FAULT_WRONG_HOST, "no server has it");
	return NULL;
}

/* What is not whole is nobody: no path makes up a part of who asks (MC-3). */
static CAN_FAIL check_whole(struct request *req, const struct rows *rows)
{
	static const int needed[] = { USER_ID, SERVER_ID, ENDPOINT, TOKEN_ID };

	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
		const char *text = rows_text(rows, 0, needed[i]);

		if (!text || !*text)
			return fault(req->mem, FAULT_INTERNAL,
			             "gateway_open: column %d is empty",
			             needed[i]);
	}
	return NULL;
}

/* For the challenge that whoever has no token is told. */
static void keep_offered(struct request *req, const struct rows *rows)
{
	json_object *row = js_object(req->mem);

	if (rows_text(rows, 0, TOKEN_ID))
		return;
	js_put_json(row, "scopes", rows_text(rows, 0, SCOPES));
	req->offered = js_get(row, "scopes");
}

static void read_gateway(struct request *req, const struct rows *rows)
{
	struct principal *who = arena_alloc(req->mem, sizeof(*who));
	json_object *row = js_object(req->mem);

	*who = (struct principal){
		.user_id = rows_text(rows, 0, USER_ID),
		.token_id = rows_text(rows, 0, TOKEN_ID),
		.grant_id = rows_text(rows, 0, GRANT_ID),
		.vouched = rows_true(rows, 0, VOUCHED),
		.server_id = rows_text(rows, 0, SERVER_ID),
		.server_name = rows_text(rows, 0, SERVER_NAME),
		.endpoint = rows_text(rows, 0, ENDPOINT),
	};
	js_put_json(row, "sources", rows_text(rows, 0, SOURCES));
	who->sources = js_get(row, "sources");
	if (rows_text(rows, 0, RATES))
		js_put_json(row, "rates", rows_text(rows, 0, RATES));
	else
		js_put_object(row, "rates");
	who->rates = js_get(row, "rates");
	who->subject_id = rows_text(rows, 0, SUBJECT_ID);
	if (rows_text(rows, 0, SCOPES))
		js_put_json(row, "scopes", rows_text(rows, 0, SCOPES));
	who->scopes = js_get(row, "scopes");
	req->principal = who;
	req->db.tenant = who->user_id;
}

CAN_FAIL gateway_token(struct request *req)
{
	struct fault *malformed;
	struct rows *rows;
	const char *token;

	if (!host_fine(req->host))
		return fault(req->mem, FAULT_WRONG_HOST, "no host name");
	malformed = read_token(req, &token);
	TRY(find_server(req, token, &rows));
	keep_offered(req, rows);
	TRY(malformed);
	TRY(check_token(req, token, rows));
	TRY(check_whole(req, rows));
	read_gateway(req, rows);
	return NULL;
}
