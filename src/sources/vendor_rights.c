/* What sources may do at their vendors: reading, and nothing else (MC-15). */
#include "core/log.h"
#include "core/text.h"
#include "sources/vendor_state.h"

const char *vendor_beyond(struct job *job)
{
	const struct vendor *vendor = job->source->kind->vendor;
	const char *more = vendor->beyond
	                           ? vendor->beyond(job, job->dealing->token)
	                           : NULL;

	if (!more)
		return NULL;
	log_line(LOG_WARNING, "vendor-grants",
	         { "request_id", .text = job->db->request_id },
	         { "source", .text = job->source->id },
	         { "kind", .text = job->source->kind->name },
	         { "rights", .text = more });
	return text_format(job->mem,
	                   "%s lets this source do more than it needs: %s. "
	                   "Enough is: %s.",
	                   vendor->name, more, vendor->rights);
}

void vendors_report(const struct source_kind *const *kinds)
{
	for (; *kinds; kinds++) {
		if ((*kinds)->vendor)
			log_line(
				LOG_INFO, "vendor-needs",
				{ "kind", .text = (*kinds)->name },
				{ "rights", .text = (*kinds)->vendor->rights });
	}
}
