#include "web/record.h"

#include "core/deadline.h"
#include "core/fault.h"
#include "core/log.h"
#include "web/request.h"
#include "web/response.h"
#include "web/route.h"

enum { ALWAYS = 9, WHO_MOST = 4 };

void record_request(const struct request *req, const struct route *route,
                    const struct response *out, const struct log_field *who,
                    const struct fault *wrong, int64_t began)
{
	struct log_field line[] = {
		{ "request_id", req->id, 0 },
		{ "method", req->method, 0 },
		{ "route", route ? route->path : "(none)", 0 },
		{ "status", NULL, out->status },
		{ "milliseconds", NULL, clock_ms() - began },
		{ "client", req->address, 0 },
		{ "fault", wrong ? fault_row(wrong->kind)->name : "", 0 },
		{ "where", wrong ? wrong->where : "", 0 },
		{ "note", wrong ? wrong->note : "", 0 },
		[ALWAYS + WHO_MOST] = { 0 },
	};

	for (size_t i = 0; i < WHO_MOST && who[i].name; i++)
		line[ALWAYS + i] = who[i];
	log_fields(out->status >= 500 ? LOG_ERROR : LOG_INFO, "request", line);
}
