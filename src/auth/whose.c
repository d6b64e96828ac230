#include "auth/whose.h"

#include "auth/principal.h"
#include "core/log.h"
#include "web/record.h"
#include "web/request.h"

static const struct principal nobody;

static const struct principal *who_asks(const struct request *req)
{
	return req->principal ? req->principal : &nobody;
}

static const char *or_none(const char *id)
{
	return id ? id : "";
}

void record_account(const struct request *req, const struct route *route,
                    const struct response *out, const struct fault *wrong,
                    int64_t began)
{
	const struct principal *who = who_asks(req);
	const struct log_field fields[] = {
		{ "user_id", or_none(who->user_id), 0 },
		{ "session_id", or_none(who->session_id), 0 },
		{ 0 },
	};

	record_request(req, route, out, fields, wrong, began);
}

void record_token(const struct request *req, const struct route *route,
                  const struct response *out, const struct fault *wrong,
                  int64_t began)
{
	const struct principal *who = who_asks(req);
	const struct log_field fields[] = {
		{ "user_id", or_none(who->user_id), 0 },
		{ "server_id", or_none(who->server_id), 0 },
		{ "token_id", or_none(who->token_id), 0 },
		{ 0 },
	};

	record_request(req, route, out, fields, wrong, began);
}
