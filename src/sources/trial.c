#include "sources/trial.h"

#include "auth/principal.h"
#include "sources/vendor.h"
#include "web/app.h"
#include "web/request.h"

enum { TRIAL_MS = 15000, ANSWERING_MS = 250 };

static struct deadline trial_deadline(const struct request *req)
{
	struct deadline until = { req->deadline.at - ANSWERING_MS };

	return deadline_sooner(until, deadline_in(TRIAL_MS));
}

struct trial source_try(struct request *req, const struct source *source,
                        json_object *secrets)
{
	struct job job = {
		.mem = req->mem,
		.db = &req->db,
		.source = source,
		.subject = req->principal->user_id,
		.deadline = trial_deadline(req),
		.limit = 1,
		.app = req->app,
		.next.then = source->kind->test,
	};

	if (secrets && source->kind->vendor)
		vendor_apart(&job, secrets);
	gather(&job, 1);
	return (struct trial){
		.fine = job.coverage == COVERAGE_COMPLETE,
		.state = coverage_text(job.coverage),
		.told = job.help ? job.help : "The source answers.",
	};
}
