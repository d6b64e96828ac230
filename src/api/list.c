#include "api/list.h"

#include <string.h>

#include "core/text.h"
#include "db/db.h"
#include "web/response.h"

CAN_FAIL list_read(struct request *req, struct list *list)
{
	TRY(request_page(req, LIST_MOST, &list->page));
	list->limit = text_format(req->mem, "%ld", list->page.limit + 1);
	list->offset = text_format(req->mem, "%ld", list->page.offset);
	return NULL;
}

void list_answer(struct request *req, const struct list *list,
                 const struct rows *rows, const char *path,
                 struct response *out)
{
	json_object *array = js_array(req->mem);
	size_t most = (size_t)list->page.limit;
	size_t count = rows_count(rows);

	for (size_t i = 0; i < count && i < most; i++)
		js_add(array, js_literal(req->mem, rows_text(rows, i, 0)));
	if (count > most)
		response_header(out, "Link",
		                text_format(req->mem,
		                            "<%s%climit=%zu&offset=%zu>; "
		                            "rel=\"next\"",
		                            path, strchr(path, '?') ? '&' : '?',
		                            most,
		                            most + (size_t)list->page.offset));
	response_json(out, 200, array);
}
