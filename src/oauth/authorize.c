#include "oauth/authorize.h"

#include <string.h>

#include "core/text.h"
#include "db/db.h"
#include "oauth/answer.h"
#include "oauth/client.h"
#include "oauth/pkce.h"
#include "oauth/redirect.h"
#include "oauth/refusal.h"
#include "oauth/resource.h"
#include "oauth/scope.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/form.h"
#include "web/request.h"
#include "web/response.h"

enum { STATE_MOST = 4096, WAITING_MOST = 1000 };

/* One question. */
struct question {
	struct oauth_server server;
	struct oauth_client client;
	json_object *asked;
	const char *redirect_uri;
	const char *state;
};

/* First who asks, and where the answer may go. */
static CAN_FAIL read_client(struct request *req, struct question *question)
{
	TRY(form_read(req->mem, req->query, strlen(req->query),
	              &question->asked));
	TRY(oauth_client_find(req, form_text(question->asked, "client_id"),
	                      &question->server, &question->client));
	question->redirect_uri = form_text(question->asked, "redirect_uri");
	question->state = form_text(question->asked, "state");
	if (!question->redirect_uri ||
	    !redirect_known(question->client.redirect_uris,
	                    question->redirect_uri))
		return fault(req->mem, FAULT_BAD_REDIRECT, "not registered");
	return NULL;
}

/* Then what is asked. Ways that would send what we do not send, or elsewhere,
 * are refused rather than passed over (OA-3). */
static CAN_FAIL check(struct request *req, const struct question *question)
{
	static const char *const refused[] = { "request", "request_uri" };
	json_object *asked = question->asked;
	const char *mode = form_text(asked, "response_mode");

	if (!text_same(form_text(asked, "response_type"), "code"))
		return fault(req->mem, FAULT_BAD_RESPONSE_TYPE, "not code");
	if (mode && !text_same(mode, "query"))
		return fault_told(req->mem, FAULT_BAD_REQUEST,
		                  "response_mode can be query alone.");
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		if (form_text(asked, refused[i]))
			return fault_told(req->mem, FAULT_BAD_REQUEST,
			                  "%s is not supported.", refused[i]);
	if (!oauth_client_may(&question->client, "authorization_code"))
		return fault(req->mem, FAULT_CLIENT_MAY_NOT, "no codes");
	if (!text_same(form_text(asked, "code_challenge_method"), "S256") ||
	    !pkce_challenge_fine(form_text(asked, "code_challenge")))
		return fault_told(req->mem, FAULT_BAD_REQUEST,
		                  "A code_challenge by S256 is required.");
	if (question->state && strlen(question->state) > STATE_MOST)
		return fault_told(req->mem, FAULT_BAD_REQUEST,
		                  "state is too long.");
	return resource_check(req, form_text(asked, "resource"),
	                      &question->server);
}

static CAN_FAIL start(struct request *req, const struct question *question,
                      const char *id)
{
	size_t count;
	const char **scopes =
		scope_wanted(req->mem, question->server.scopes,
	                     form_text(question->asked, "scope"), &count);

	if (count == 0)
		return fault(req->mem, FAULT_BAD_SCOPE, "none is offered");
	return db_run(&req->db, SQL_AUTHORIZATION_START, NULL, id,
	              question->server.id, question->server.issuer,
	              question->client.id, question->client.name,
	              question->redirect_uri, question->state,
	              db_array(req->mem, scopes, count),
	              form_text(question->asked, "code_challenge"),
	              text_format(req->mem, "%d", WAITING_MOST));
}

static void go_to(struct response *out, const char *url)
{
	response_header(out, "Location", url);
	out->status = 303;
}

static void refuse(struct request *req, const struct question *question,
                   const struct fault *wrong, struct response *out)
{
	static const char *const names[] = { "error", "error_description",
		                             "state", "iss" };
	const char *const values[] = { oauth_code(wrong), wrong->told,
		                       question->state,
		                       question->server.issuer };

	go_to(out,
	      redirect_with(req->mem, question->redirect_uri,
	                    sizeof(names) / sizeof(*names), names, values));
}

/* What came of it, unless nothing may be sent to the redirect URI. */
static CAN_FAIL ask(struct request *req, struct question *question,
                    struct fault **wrong, struct response *out)
{
	const char *id = random_uuid(req->mem);

	*wrong = read_client(req, question);
	TRY(*wrong);
	*wrong = check(req, question);
	if (!*wrong)
		*wrong = start(req, question, id);
	if (*wrong && fault_row((*wrong)->kind)->http >= 500)
		return *wrong;
	if (*wrong)
		refuse(req, question, *wrong, out);
	else
		go_to(out, text_format(req->mem, "%s/oauth/consent/%s",
		                       req->app->config.app_url, id));
	return NULL;
}

CAN_FAIL authorize(struct request *req, struct response *out)
{
	struct question question = { 0 };
	struct fault *wrong, *told = ask(req, &question, &wrong, out);

	if (wrong)
		refusal_record(req, &question.server, &question.client,
		               "authorize", wrong);
	return told;
}
