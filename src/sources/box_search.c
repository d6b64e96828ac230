/* Searching Box: one call, and another with any of the words when no file has
 * all of them. */
#include "core/arena.h"
#include "core/text.h"
#include "sources/box.h"
#include "sources/clean.h"

#define FIELDS                                                        \
	"id,type,name,description,extension,size,modified_at,"        \
	"content_modified_at,created_by,modified_by,owned_by,parent," \
	"path_collection,sha1"

enum { HITS_MOST = 200 }; /* Box's own bound */

struct notes {
	struct box_query query;
	bool widened;
};

static struct step read_hits(struct job *job);

/* The commas of a list stay as they are: they separate. */
static void put_extensions(struct buffer *url, const struct box_query *query)
{
	for (size_t i = 0; i < query->extension_count; i++) {
		buffer_add(url, i == 0 ? "&file_extensions=" : ",");
		buffer_add(url, query->extensions[i]);
	}
}

static const char *address(struct job *job, const char *words)
{
	const struct notes *notes = job->notes;
	const struct box_query *q = &notes->query;
	const char *folder =
		q->folder ? q->folder : vendor_setting(job, "box_folder_id");
	size_t limit = job->limit < HITS_MOST ? job->limit : HITS_MOST;
	struct buffer url = { .mem = job->mem };

	buffer_add(&url, url_fill(job->mem,
	                          "https://api.box.com/2.0/search?query={}"
	                          "&type={}&limit={}&fields=" FIELDS,
	                          words, q->type,
	                          text_format(job->mem, "%zu", limit)));
	put_extensions(&url, q);
	if (*folder)
		buffer_add(&url, form_fill(job->mem, "&ancestor_folder_ids={}",
		                           folder));
	if (*q->after || *q->before)
		buffer_add(&url, form_fill(job->mem, "&updated_at_range={},{}",
		                           q->after, q->before));
	return buffer_text(&url);
}

static struct step ask(struct job *job, const char *words)
{
	vendor_get(job, address(job, words), box_hosts);
	return vendor_ask(job, read_hits);
}

struct step box_search(struct job *job)
{
	struct notes *notes = arena_alloc(job->mem, sizeof(*notes));

	job->notes = notes;
	notes->query = box_query_read(job->mem, job->query);
	if (!notes->query.all) {
		job->help = "Box needs at least one word to look for, beside "
			    "type:, ext:, folder:, after: and before:, and "
			    "beside words to leave out.";
		return DONE;
	}
	return ask(job, notes->query.all);
}

/* Box gives no passages: what its people wrote about the file, else where it
 * lies. */
static const char *snippet_of(struct arena *mem, json_object *entry)
{
	const char *said = clean_line(
		mem, js_text(js_get(entry, "description")), BOX_SNIPPET_MOST);
	const char *path = box_path(mem, entry);

	if (*said && *path)
		return text_format(mem, "%s (in %s)", said, path);
	if (*said)
		return said;
	return *path ? text_format(mem, "In %s", path) : "";
}

static struct result result_of(struct job *job, json_object *entry)
{
	const char *id = js_text(js_get(entry, "id"));
	const char *type = js_text(js_get(entry, "type"));
	const char *sha1 = js_text(js_get(entry, "sha1"));

	return (struct result){
		.native_id = text_same(type, "folder")
		                     ? text_format(job->mem, "folder-%s", id)
		                     : id,
		.title = box_name(job->mem, entry),
		.url = box_page(job->mem, type, id),
		.snippet = snippet_of(job->mem, entry),
		.time = box_time(job->mem, entry),
		.author = box_person(job->mem, entry),
		.same_as = sha1 ? text_format(job->mem, "sha1:%s", sha1) : NULL,
	};
}

static const char *nothing_found(const struct job *job)
{
	const struct notes *notes = job->notes;

	if (text_same(vendor_setting(job, "box_subject_type"), "enterprise"))
		return "Nothing matches. This source sees only what the Box "
		       "app's service account owns or was invited to: its "
		       "owner can invite that account to more folders.";
	if (text_same(notes->query.type, "folder"))
		return "No folder matches: try other or fewer words.";
	return "No file matches: try other or fewer words. New files can be "
	       "found after about ten minutes.";
}

static const char *help_of(const struct job *job)
{
	const struct notes *notes = job->notes;

	if (notes->query.not_understood)
		return "Of type:file or type:folder, ext:pdf, folder:123, "
		       "after:2026-01-31 and before:2026-01-31 one was not "
		       "understood and was searched for as a word.";
	if (job->result_count == 0)
		return nothing_found(job);
	if (notes->widened)
		return "No file has all the words: these have some of them.";
	if (notes->query.cut)
		return "Only the first 20 words were searched for.";
	return NULL;
}

static void keep(struct job *job, json_object *entries)
{
	size_t count = js_count(entries);

	job->result_count = 0;
	job->results = arena_array(job->mem, count + 1, sizeof(struct result));
	for (size_t i = 0; i < count && job->result_count < job->limit; i++) {
		json_object *entry = js_item(entries, i);

		if (box_is_id(js_text(js_get(entry, "id"))) &&
		    box_is_inside(job, entry))
			job->results[job->result_count++] =
				result_of(job, entry);
	}
}

static struct step read_hits(struct job *job)
{
	struct notes *notes = job->notes;
	struct call *call = vendor_call(job, 0);
	json_object *tree, *entries;
	struct step end;

	if (vendor_failed(job, call, &end))
		return end;
	tree = vendor_json(job, call, &end);
	if (!tree)
		return end;
	entries = js_get(tree, "entries");
	if (!js_is_array(entries))
		return box_unreadable(job, "no list of entries");
	if (js_count(entries) == 0 && notes->query.any && !notes->widened) {
		notes->widened = true;
		return ask(job, notes->query.any);
	}
	keep(job, entries);
	job->weight = notes->widened ? 0.3 : 1;
	job->help = help_of(job);
	return DONE;
}
