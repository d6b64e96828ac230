#include "web/record.h"

#include "core/deadline.h"
#include "core/fault.h"
#include "core/log.h"
#include "web/request.h"
#include "web/response.h"
#include "web/route.h"

void record_request(const struct request *req, const struct route *route,
                    const struct response *out, const struct log_field *who,
                    const struct fault *wrong, int64_t began)
{
	log_line(out->status >= 500 ? LOG_ERROR : LOG_INFO, "request",
	         { "request_id", req->id, 0 }, { "method", req->method, 0 },
	         { "route", route ? route->path : "(none)", 0 },
	         { "status", NULL, out->status },
	         { "milliseconds", NULL, clock_ms() - began }, *who,
	         { "client", req->address, 0 },
	         { "fault", wrong ? fault_row(wrong->kind)->name : "", 0 },
	         { "where", wrong ? wrong->where : "", 0 },
	         { "note", wrong ? wrong->note : "", 0 });
}
