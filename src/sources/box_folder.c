/* A folder of Box: what it is and what it holds, asked for at once. */
#include "sources/box_list.h"

#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/box.h"
#include "sources/clean.h"

enum { ITEMS = 100 }; /* of one answer */

struct notes {
	struct box_id id;
	json_object *folder;
	json_object *entries; /* as they are answered */
	bool entries_wanted;
};

/* ---- one entry ---- */

/* What fetch takes; NULL for what it cannot open, such as a link. */
static const char *fetch_id(const struct job *job, json_object *entry)
{
	const char *id = js_text(js_get(entry, "id"));
	const char *type = js_text(js_get(entry, "type"));
	bool folder = text_same(type, "folder");

	if (!box_is_id(id) || (!folder && !text_same(type, "file")))
		return NULL;
	return text_format(job->mem, "box::%s::%s%s", job->source->id,
	                   folder ? "folder-" : "", id);
}

static const char *type_of(json_object *entry)
{
	const char *type = js_text(js_get(entry, "type"));

	if (text_same(type, "folder") || text_same(type, "file"))
		return type;
	return "link";
}

static void put_entry(const struct job *job, json_object *to,
                      json_object *entry)
{
	const char *id = fetch_id(job, entry);
	const char *time = box_time(job->mem, entry);
	json_object *size = js_get(entry, "size");

	if (id)
		js_put_text(to, "id", id);
	js_put_text(to, "name", box_name(job->mem, entry));
	js_put_text(to, "type", type_of(entry));
	if (js_is_integer(size))
		js_put_integer(to, "size", js_integer(size));
	if (time)
		js_put_text(to, "time", time);
}

static void put_line(struct buffer *text, json_object *entry)
{
	const char *id = js_text(js_get(entry, "id"));

	buffer_format(text, "- %s: %s", js_text(js_get(entry, "type")),
	              js_text(js_get(entry, "name")));
	if (js_has(entry, "size"))
		buffer_format(text, ", %lld bytes",
		              (long long)js_integer(js_get(entry, "size")));
	if (id)
		buffer_format(text, " (fetch %s)", id);
	buffer_add(text, "\n");
}

/* ---- the folder ---- */

static const char *text_of(const struct job *job, long next, long total)
{
	const struct notes *notes = job->notes;
	struct buffer text = { .mem = job->mem };

	for (size_t i = 0; i < js_count(notes->entries); i++)
		put_line(&text, js_item(notes->entries, i));
	if (next)
		buffer_format(&text,
		              "\n[Items %ld to %ld of %ld. To read on, fetch "
		              "box::%s::folder-%s@%ld]",
		              notes->id.from + 1, next, total, job->source->id,
		              notes->id.number, next);
	if (text.size)
		return buffer_text(&text);
	return total > 0 ? "[The folder ends before that.]"
	                 : "[The folder is empty.]";
}

static struct step make_item(struct job *job, json_object *answer)
{
	struct notes *notes = job->notes;
	json_object *given = js_get(answer, "entries");
	json_object *metadata = js_object(job->mem);
	const char *path = box_path(job->mem, notes->folder);
	long total = (long)js_integer(js_get(answer, "total_count"));
	long next = notes->id.from + ITEMS < total ? notes->id.from + ITEMS : 0;

	notes->entries = js_array(job->mem);
	for (size_t i = 0; i < js_count(given) && i < ITEMS; i++)
		put_entry(job, js_add_object(notes->entries),
		          js_item(given, i));
	if (*path)
		js_put_text(metadata, "path", path);
	js_put_integer(metadata, "total", total);
	if (next)
		js_put_integer(metadata, "next", next);
	if (notes->entries_wanted)
		js_put(metadata, "entries", notes->entries);
	job->item = arena_alloc(job->mem, sizeof(*job->item));
	*job->item = (struct item){
		.title = box_name(job->mem, notes->folder),
		.url = box_page(job->mem, "folder", notes->id.number),
		.text = text_of(job, next, total),
		.type = "text/plain",
		.metadata = metadata,
	};
	return DONE;
}

static struct step read_folder(struct job *job)
{
	struct notes *notes = job->notes;
	json_object *answer;
	struct step end;

	for (size_t i = 0; i < 2; i++) {
		struct call *call = vendor_call(job, i);

		if (call->end == CALL_ANSWERED && call->reply.status == 404)
			return DONE;
		if (vendor_failed(job, call, &end))
			return end;
		answer = vendor_json(job, call, &end);
		if (!answer)
			return end;
		if (i == 0)
			notes->folder = answer;
	}
	if (!box_is_inside(job, notes->folder))
		return DONE;
	if (!js_is_array(js_get(answer, "entries")))
		return box_unreadable(job, "no list of entries");
	return make_item(job, answer);
}

static struct step ask(struct job *job, const struct box_id *id,
                       bool entries_wanted)
{
	struct notes *notes = arena_alloc(job->mem, sizeof(*notes));

	job->notes = notes;
	notes->id = *id;
	notes->entries_wanted = entries_wanted;
	vendor_get(job,
	           url_fill(job->mem,
	                    "https://api.box.com/2.0/folders/{}"
	                    "?fields=id,type,name,path_collection",
	                    id->number),
	           box_hosts);
	vendor_get(job,
	           url_fill(job->mem,
	                    "https://api.box.com/2.0/folders/{}/items"
	                    "?limit={}&offset={}"
	                    "&fields=id,type,name,size,modified_at",
	                    id->number, text_format(job->mem, "%d", ITEMS),
	                    text_format(job->mem, "%ld", id->from)),
	           box_hosts);
	return vendor_ask(job, read_folder);
}

struct step box_open_folder(struct job *job, const struct box_id *id)
{
	return ask(job, id, false);
}

struct step box_list(struct job *job)
{
	const char *top = vendor_setting(job, "box_folder_id");
	struct box_id id;

	if (!*job->id || *job->id == '@')
		job->id = text_format(job->mem, "folder-%s%s", *top ? top : "0",
		                      job->id);
	if (!box_id_read(job->mem, job->id, &id) || !id.folder)
		return DONE;
	return ask(job, &id, true);
}
