/* Opening an item of Box: (a file's facts) -> (its text, as Box extracts it, or
 * its content where that is text) -> one window of it. */
#include <string.h>
#include <strings.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/box.h"
#include "sources/clean.h"
#include "sources/window.h"

#define FIELDS                                                        \
	"id,type,name,description,extension,size,modified_at,"        \
	"content_modified_at,created_by,modified_by,owned_by,parent," \
	"path_collection,representations"

enum {
	TEXT_BYTES = 8 << 20, /* of one text */
	LOOK_MS = 900,        /* between two looks at a text in the making */
};

struct notes {
	struct box_id id;
	json_object *file;
	const char *info;     /* where the making of a text is told */
	const char *download; /* where a text lies */
	const char *text;
	const char *why_none;
};

static struct step read_file(struct job *job);
static struct step read_text(struct job *job);
static struct step read_place(struct job *job);
static struct step read_info(struct job *job);

/* ---- what is asked for ---- */

struct step box_fetch(struct job *job)
{
	struct notes *notes = arena_alloc(job->mem, sizeof(*notes));
	struct call *call;

	job->notes = notes;
	if (!box_id_read(job->mem, job->id, &notes->id))
		return DONE;
	if (notes->id.folder)
		return box_open_folder(job, &notes->id);
	call = vendor_get(job,
	                  url_fill(job->mem,
	                           "https://api.box.com/2.0/files/{}"
	                           "?fields=" FIELDS,
	                           notes->id.number),
	                  box_hosts);
	call_header(call, "X-Rep-Hints", "[extracted_text]");
	return vendor_ask(job, read_file);
}

/* ---- the item ---- */

static void put_line(struct job *job, json_object *to, const char *name,
                     const char *text)
{
	text = clean_line(job->mem, text, BOX_SNIPPET_MOST);
	if (*text)
		js_put_text(to, name, text);
}

static json_object *metadata_of(struct job *job)
{
	const struct notes *notes = job->notes;
	json_object *metadata = js_object(job->mem), *file = notes->file;

	put_line(job, metadata, "author", box_person(job->mem, file));
	put_line(job, metadata, "time", box_time(job->mem, file));
	put_line(job, metadata, "path", box_path(job->mem, file));
	put_line(job, metadata, "description",
	         js_text(js_get(file, "description")));
	put_line(job, metadata, "extension",
	         js_text(js_get(file, "extension")));
	if (js_is_integer(js_get(file, "size")))
		js_put_integer(metadata, "size",
		               js_integer(js_get(file, "size")));
	return metadata;
}

/* The text of an item that has none. */
static const char *instead(struct job *job)
{
	const struct notes *notes = job->notes;
	const char *said = clean_line(
		job->mem, js_text(js_get(notes->file, "description")),
		BOX_SNIPPET_MOST);

	return text_format(job->mem, "%s%s[%s]", said, *said ? "\n\n" : "",
	                   notes->why_none ? notes->why_none
	                                   : "Box has no text of this file.");
}

static struct step make_item(struct job *job)
{
	const struct notes *notes = job->notes;
	json_object *metadata = metadata_of(job);
	const char *text =
		notes->text ? window_text(job, notes->text, notes->id.number,
	                                  notes->id.from, metadata)
			    : instead(job);

	job->item = arena_alloc(job->mem, sizeof(*job->item));
	*job->item = (struct item){
		.title = box_name(job->mem, notes->file),
		.url = box_page(job->mem, "file", notes->id.number),
		.metadata = metadata,
		.type = "text/plain",
		.text = text,
	};
	return DONE;
}

/* The file is told of, but its text could not be had. */
static struct step without_text(struct job *job, const char *why)
{
	struct notes *notes = job->notes;

	notes->why_none = why;
	job->coverage = COVERAGE_COMPLETE;
	job->help = NULL;
	return make_item(job);
}

/* A refusal of the text alone, such as a policy's: the rest is still told. */
static bool is_refused(struct job *job, const struct call *call,
                       struct step *end)
{
	const char *why = NULL;

	if (call->end == CALL_ANSWERED && call->reply.status == 404)
		why = "Box no longer has the text of this file.";
	if (call->end == CALL_ANSWERED && call->reply.status == 403)
		why = box_explain(job, call);
	if (!why)
		return false;
	*end = without_text(job, why);
	return true;
}

/* ---- the text ---- */

static struct step get_text(struct job *job)
{
	struct notes *notes = job->notes;
	struct call *call = vendor_get(job, notes->download, box_hosts);

	vendor_any_type(call);
	call->body_most = TEXT_BYTES;
	return vendor_ask(job, read_text);
}

static struct step read_text(struct job *job)
{
	struct notes *notes = job->notes;
	struct call *call = vendor_call(job, 0);
	struct step end;

	if (call->end == CALL_TOO_LARGE)
		return without_text(job, "The text is larger than the gateway "
		                         "takes.");
	if (call->end == CALL_ANSWERED && call->reply.status == 202)
		return without_text(job, "Box is still making the text of this "
		                         "file: fetch it again soon.");
	if (is_refused(job, call, &end) || vendor_failed(job, call, &end))
		return end;
	if (!text_valid(call->reply.body, call->reply.size))
		return without_text(job, "What Box sent is no text.");
	notes->text = text_visible(job->mem, call->reply.body);
	return make_item(job);
}

/* A representation's state: there, in the making, to be asked for, or none. */
static struct step follow(struct job *job, json_object *made)
{
	struct notes *notes = job->notes;
	const char *state = js_text(js_get(made, "status", "state"));
	const char *form = js_text(js_get(made, "content", "url_template"));
	const char *hole = form ? strstr(form, "{+asset_path}") : NULL;

	notes->info = js_text(js_get(made, "info", "url"));
	if (text_same(state, "success") && hole) {
		notes->download =
			text_format(job->mem, "%.*s%s", (int)(hole - form),
		                    form, hole + strlen("{+asset_path}"));
		return get_text(job);
	}
	if ((text_same(state, "none") || text_same(state, "pending")) &&
	    notes->info) {
		vendor_get(job, notes->info, box_hosts);
		return vendor_ask(job, read_info);
	}
	return without_text(job, "Box could not make a text of this file.");
}

static struct step look_again(struct job *job)
{
	vendor_get(job, ((struct notes *)job->notes)->info, box_hosts);
	return vendor_ask(job, read_info);
}

static struct step read_info(struct job *job)
{
	struct call *call = vendor_call(job, 0);
	json_object *made;
	struct step end;

	if (vendor_failed(job, call, &end))
		return end;
	made = vendor_json(job, call, &end);
	if (!made)
		return end;
	if (!text_same(js_text(js_get(made, "status", "state")), "pending") &&
	    !text_same(js_text(js_get(made, "status", "state")), "none"))
		return follow(job, made);
	if (deadline_left(job->deadline) < 2 * LOOK_MS)
		return without_text(job, "Box is still making the text of this "
		                         "file: fetch it again soon.");
	return vendor_pause(job, LOOK_MS, look_again);
}

/* Files that are text themselves, where Box extracts none. */
static bool is_text(json_object *file)
{
	static const char *const extensions[] = {
		"txt",  "md",  "markdown", "csv", "tsv", "json", "xml", "log",
		"yaml", "yml", "ini",      "sql", "rst", "tex",  NULL,
	};
	const char *extension = js_text(js_get(file, "extension"));

	for (size_t i = 0; extension && extensions[i]; i++) {
		if (strcasecmp(extension, extensions[i]) == 0)
			return true;
	}
	return false;
}

static struct step read_file(struct job *job)
{
	struct notes *notes = job->notes;
	struct call *call = vendor_call(job, 0);
	json_object *made;
	struct step end;

	if (call->end == CALL_ANSWERED && call->reply.status == 404)
		return DONE;
	if (vendor_failed(job, call, &end))
		return end;
	notes->file = vendor_json(job, call, &end);
	if (!notes->file)
		return end;
	if (!box_is_inside(job, notes->file))
		return DONE;
	made = js_get(notes->file, "representations", "entries");
	for (size_t i = 0; i < js_count(made); i++) {
		json_object *entry = js_item(made, i);

		if (text_same(js_text(js_get(entry, "representation")),
		              "extracted_text"))
			return follow(job, entry);
	}
	if (!is_text(notes->file))
		return without_text(job, "Box has no text of this kind of "
		                         "file.");
	vendor_get(job,
	           url_fill(job->mem,
	                    "https://api.box.com/2.0/files/{}/content",
	                    notes->id.number),
	           box_hosts);
	return vendor_ask(job, read_place);
}

/* A content lies elsewhere, at an address that is its own right: no token goes
 * there, and the outbound rules see that it is one of Box's hosts. */
static struct step read_place(struct job *job)
{
	struct call *call = vendor_call(job, 0);
	struct step end;

	if (call->end == CALL_ANSWERED && call->reply.status == 202)
		return without_text(job, "The file is just being uploaded: "
		                         "fetch it again soon.");
	if (call->end == CALL_ANSWERED && call->reply.status == 302 &&
	    call->reply.location) {
		struct call *next =
			vendor_get(job, call->reply.location, box_hosts);

		vendor_any_type(next);
		next->body_most = TEXT_BYTES;
		return vendor_ask_bare(job, read_text);
	}
	if (is_refused(job, call, &end) || vendor_failed(job, call, &end))
		return end;
	return without_text(job, "Box did not say where the file lies.");
}
