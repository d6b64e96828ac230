/* The folders of a mailbox, or those of one folder. */
#include "sources/outlook_find.h"

#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/clean.h"
#include "sources/outlook.h"

#define FOLDERS                             \
	"?$top=100&$select=id,displayName," \
	"childFolderCount,unreadItemCount,totalItemCount"
enum { FOLDERS_MOST = 100 };

const char *outlook_folder_of(const char *native)
{
	if (!text_starts(native, OUTLOOK_FOLDER))
		return NULL;
	native += strlen(OUTLOOK_FOLDER);
	return outlook_is_id(native) ? native : NULL;
}

static void put_folder(struct job *job, json_object *to, json_object *folder)
{
	const char *name =
		clean_line(job->mem, js_text(js_get(folder, "displayName")),
	                   OUTLOOK_NAME_MOST);

	js_put_text(to, "id",
	            outlook_item(job, OUTLOOK_FOLDER,
	                         js_text(js_get(folder, "id"))));
	js_put_text(to, "name", *name ? name : "(no name)");
	js_put_integer(to, "total",
	               js_integer(js_get(folder, "totalItemCount")));
	js_put_integer(to, "unread",
	               js_integer(js_get(folder, "unreadItemCount")));
	js_put_integer(to, "folders",
	               js_integer(js_get(folder, "childFolderCount")));
}

static struct step make_item(struct job *job, json_object *list, bool more)
{
	json_object *metadata = js_object(job->mem), *folders;

	folders = js_put_array(metadata, "folders");
	for (size_t i = 0; i < js_count(list) && i < FOLDERS_MOST; i++) {
		json_object *folder = js_item(list, i);

		if (outlook_is_id(js_text(js_get(folder, "id"))))
			put_folder(job, js_add_object(folders), folder);
	}
	job->result_count = js_count(folders);
	job->item = arena_alloc(job->mem, sizeof(*job->item));
	*job->item = (struct item){ .metadata = metadata };
	if (more) {
		job->coverage = COVERAGE_PARTIAL;
		job->help = "There are more than 100 folders: these are the "
			    "first.";
	}
	return DONE;
}

static struct step read_folders(struct job *job)
{
	struct call *call = vendor_call(job, 0);
	json_object *answer, *list;
	struct step end;

	if (*job->id && outlook_is_gone(job, call))
		return DONE;
	if (vendor_failed(job, call, &end))
		return end;
	answer = vendor_json(job, call, &end);
	if (!answer)
		return end;
	list = js_get(answer, "value");
	if (!js_is_array(list))
		return outlook_unreadable(job, "no list of folders");
	return make_item(job, list, js_get(answer, "@odata.nextLink"));
}

struct step outlook_folders(struct job *job)
{
	const char *list =
		*job->id ? url_fill(job->mem,
	                            "/mailFolders/{}/childFolders" FOLDERS,
	                            job->id)
			 : "/mailFolders" FOLDERS;

	outlook_get(job, outlook_url(job, list));
	return vendor_ask(job, read_folders);
}
