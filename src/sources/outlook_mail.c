/* What Graph says of a mail, made fit to be told. */
#include "sources/outlook.h"

#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/clean.h"

enum { ID_MOST = 512 };

bool outlook_is_id(const char *text)
{
	size_t size = text ? strlen(text) : 0;

	return size > 0 && size <= ID_MOST &&
	       strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                    "abcdefghijklmnopqrstuvwxyz0123456789-_=") == size;
}

const char *outlook_item(const struct job *job, const char *kind,
                         const char *id)
{
	return text_format(job->mem, "%s::%s::%s%s", job->source->kind->name,
	                   job->source->id, kind, id);
}

const char *outlook_person(struct arena *mem, json_object *recipient)
{
	json_object *email = js_get(recipient, "emailAddress");
	const char *name = clean_line(mem, js_text(js_get(email, "name")),
	                              OUTLOOK_NAME_MOST);
	const char *address = clean_line(mem, js_text(js_get(email, "address")),
	                                 OUTLOOK_NAME_MOST);

	if (!*address)
		return *name ? name : NULL;
	if (!*name || text_same_ascii(name, address))
		return address;
	return text_format(mem, "%s <%s>", name, address);
}

const char *outlook_people(struct arena *mem, json_object *list, size_t most)
{
	struct buffer out = { .mem = mem };
	size_t count = js_count(list);

	for (size_t i = 0; i < count && i < most; i++) {
		const char *person = outlook_person(mem, js_item(list, i));

		if (person)
			buffer_format(&out, "%s%s", out.size ? ", " : "",
			              person);
	}
	if (count > most)
		buffer_format(&out, " and %zu more", count - most);
	return buffer_text(&out);
}

const char *outlook_time(struct arena *mem, json_object *time)
{
	const char *text = js_text(time);
	size_t size = text ? strlen(text) : 0;

	if (size < 10 || size > 40 || strspn(text, "0123456789-:.TZ+") != size)
		return NULL;
	return text_copy(mem, text);
}

struct result outlook_result(struct job *job, json_object *mail)
{
	const char *subject = clean_line(
		job->mem, js_text(js_get(mail, "subject")), OUTLOOK_TITLE_MOST);
	const char *from = outlook_person(job->mem, js_get(mail, "from"));
	const char *time =
		outlook_time(job->mem, js_get(mail, "receivedDateTime"));

	return (struct result){
		.native_id = js_text(js_get(mail, "id")),
		.title = *subject ? subject : "(no subject)",
		.url = clean_url(job->mem, js_text(js_get(mail, "webLink")),
		                 OUTLOOK_URL_MOST),
		.snippet = clean_line(job->mem,
		                      js_text(js_get(mail, "bodyPreview")),
		                      OUTLOOK_SNIPPET_MOST),
		.time = time ? time
		             : outlook_time(
				       job->mem,
				       js_get(mail, "lastModifiedDateTime")),
		.author =
			from ? from
			     : outlook_person(job->mem, js_get(mail, "sender")),
		.same_as = js_text(js_get(mail, "internetMessageId")),
	};
}
