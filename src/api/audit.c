#include "api/audit.h"

#include <string.h>

#include "api/list.h"
#include "core/moment.h"
#include "core/text.h"
#include "db/db.h"
#include "web/request.h"
#include "web/response.h"

enum { WORD_MOST = 64 };

/* What of the log is asked for; NULL lets all pass. */
struct filter {
	const char *event;
	const char *outcome;
	const char *server;
	const char *since;
	const char *until;
};

static CAN_FAIL read_word(struct request *req, const char *name,
                          const char **word)
{
	TRY(request_query(req, name, word));
	if (*word && (!**word || strlen(*word) > WORD_MOST))
		return fault_told(req->mem, FAULT_BAD_FIELD,
		                  "%s must have 1 to %d characters.", name,
		                  WORD_MOST);
	return NULL;
}

static CAN_FAIL read_time(struct request *req, const char *name,
                          const char **time)
{
	time_t moment;

	TRY(request_query(req, name, time));
	if (!*time)
		return NULL;
	if (!moment_read(req->mem, *time, &moment))
		return fault_told(req->mem, FAULT_BAD_FIELD,
		                  "%s must be a day or a time, such as "
		                  "2026-01-31T12:00:00Z.",
		                  name);
	*time = moment_text(req->mem, moment);
	return NULL;
}

static CAN_FAIL read_filter(struct request *req, struct filter *filter)
{
	TRY(read_word(req, "event", &filter->event));
	TRY(read_word(req, "outcome", &filter->outcome));
	TRY(request_query(req, "server", &filter->server));
	if (filter->server) {
		filter->server = text_uuid(req->mem, filter->server);
		if (!filter->server)
			return fault_told(req->mem, FAULT_BAD_FIELD,
			                  "server must be an id.");
	}
	TRY(read_time(req, "since", &filter->since));
	return read_time(req, "until", &filter->until);
}

/* The list's own address, with what it asks for, for the next page. */
static const char *path_of(struct request *req, const struct filter *filter)
{
	static const char *const names[] = { "event", "outcome", "server",
		                             "since", "until" };
	const char *const values[] = { filter->event, filter->outcome,
		                       filter->server, filter->since,
		                       filter->until };
	struct buffer path = { .mem = req->mem };
	char joint = '?';

	buffer_add(&path, "/api/v1/audit");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!values[i])
			continue;
		buffer_format(&path, "%c%s=%s", joint, names[i],
		              text_percent(req->mem, values[i]));
		joint = '&';
	}
	return buffer_text(&path);
}

CAN_FAIL audit_list(struct request *req, struct response *out)
{
	struct filter filter = { 0 };
	struct list list;
	struct rows *rows;

	TRY(list_read(req, &list));
	TRY(read_filter(req, &filter));
	TRY(db_run(&req->db, SQL_AUDIT_LIST, &rows, filter.event,
	           filter.outcome, filter.server, filter.since, filter.until,
	           list.limit, list.offset));
	list_answer(req, &list, rows, path_of(req, &filter), out);
	return NULL;
}
