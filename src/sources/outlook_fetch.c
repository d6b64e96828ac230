/* Opening one mail: (its headers and text) -> (the texts of attachments). */
#include "sources/outlook.h"

#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/clean.h"
#include "sources/html.h"
#include "sources/outlook_files.h"
#include "sources/window.h"

enum { PEOPLE_MOST = 50 }; /* told of one field */

/* What is asked of a mail; its text comes as its sender wrote it, since only
 * our own conversion knows what a reader would not see. */
#define HEADERS                                                          \
	"id,subject,from,sender,toRecipients,ccRecipients,replyTo,"      \
	"receivedDateTime,sentDateTime,lastModifiedDateTime,importance," \
	"isDraft,conversationId,webLink,bodyPreview,internetMessageId"
#define FILES "$expand=attachments($select=id,name,contentType,size,isInline)"

struct notes {
	const char *id;
	long from;         /* the character its window begins at */
	bool without_body; /* it was too large */
	json_object *mail;
	struct mail_files files;
};

static struct step read_message(struct job *job);
static struct step read_files(struct job *job);

/* ---- asking ---- */

static struct step ask(struct job *job)
{
	const struct notes *notes = job->notes;
	const char *mail =
		notes->without_body
			? url_fill(job->mem,
	                           "/messages/{}?$select=" HEADERS "&" FILES,
	                           notes->id)
			: url_fill(job->mem,
	                           "/messages/{}?$select=" HEADERS
	                           ",body&" FILES,
	                           notes->id);

	outlook_get(job, outlook_url(job, mail));
	return vendor_ask(job, read_message);
}

struct step outlook_fetch(struct job *job)
{
	struct notes *notes = arena_alloc(job->mem, sizeof(*notes));

	job->notes = notes;
	notes->id =
		window_id(job->mem, job->id, WINDOW_FROM_MOST, &notes->from);
	if (!outlook_is_id(notes->id) || text_starts(notes->id, OUTLOOK_FOLDER))
		return DONE;
	return ask(job);
}

/* ---- the text ---- */

static void add_line(struct buffer *out, const char *name, const char *value)
{
	if (value && *value)
		buffer_format(out, "%s: %s\n", name, value);
}

static const char *body_of(struct job *job)
{
	const struct notes *notes = job->notes;
	const char *type = js_text(js_get(notes->mail, "body", "contentType"));
	const char *text = js_text(js_get(notes->mail, "body", "content"));
	struct html page = { .text = "" };

	if (notes->without_body) {
		text = js_text(js_get(notes->mail, "bodyPreview"));
		return text_format(job->mem,
		                   "%s\n\n[Cut here: the mail is larger than "
		                   "the gateway takes.]",
		                   text_visible(job->mem, text ? text : ""));
	}
	if (!text)
		return "";
	if (text_same_ascii(type, "html")) {
		html_read(job->mem, text, strlen(text), &page);
		text = page.text;
	}
	return text_trim(job->mem, text_visible(job->mem, text));
}

static void add_people(struct job *job, struct buffer *out, const char *name,
                       const char *member)
{
	const struct notes *notes = job->notes;

	add_line(out, name,
	         outlook_people(job->mem, js_get(notes->mail, member),
	                        PEOPLE_MOST));
}

static void add_headers(struct job *job, struct buffer *out)
{
	struct arena *mem = job->mem;
	json_object *mail = ((struct notes *)job->notes)->mail;
	const char *from = outlook_person(mem, js_get(mail, "from"));
	const char *sender = outlook_person(mem, js_get(mail, "sender"));

	add_line(out, "Subject", job->item->title);
	add_line(out, "From", from);
	if (!text_same(from, sender))
		add_line(out, "Sent by", sender);
	add_people(job, out, "To", "toRecipients");
	add_people(job, out, "Cc", "ccRecipients");
	add_people(job, out, "Reply to", "replyTo");
	add_line(out, js_true(js_get(mail, "isDraft")) ? "Draft of" : "Date",
	         outlook_time(mem, js_get(mail, "sentDateTime")));
}

static void add_files(struct job *job, struct buffer *out)
{
	const struct mail_files *files = &((struct notes *)job->notes)->files;

	if (files->count == 0)
		return;
	buffer_add(out, "\n\nAttachments:\n");
	for (size_t i = 0; i < files->count; i++) {
		const struct mail_file *file = &files->files[i];

		buffer_format(out, "- %s (%s%s%lld bytes%s%s)\n", file->name,
		              file->type, *file->type ? ", " : "",
		              (long long)file->size, file->why ? "; " : "",
		              file->why ? file->why : "");
	}
	if (files->left_out > 0)
		buffer_format(out, "and %zu more\n", files->left_out);
	for (size_t i = 0; i < files->count; i++) {
		const struct mail_file *file = &files->files[i];

		if (file->text)
			buffer_format(out, "\nAttachment %s:\n\n%s\n",
			              file->name, file->text);
	}
}

/* ---- the item ---- */

static void put_people(struct arena *mem, json_object *to, const char *name,
                       json_object *list)
{
	json_object *names = NULL;

	for (size_t i = 0; i < js_count(list) && i < PEOPLE_MOST; i++) {
		const char *person = outlook_person(mem, js_item(list, i));

		if (person && !names)
			names = js_put_array(to, name);
		if (person)
			js_add_text(names, person);
	}
}

static void put_line(json_object *to, struct arena *mem, const char *name,
                     json_object *value)
{
	const char *text = clean_line(mem, js_text(value), OUTLOOK_TITLE_MOST);

	if (*text)
		js_put_text(to, name, text);
}

static json_object *metadata_of(struct job *job)
{
	struct arena *mem = job->mem;
	const struct notes *notes = job->notes;
	json_object *mail = notes->mail, *metadata = js_object(mem);
	const char *from = outlook_person(mem, js_get(mail, "from"));
	const char *time = outlook_time(mem, js_get(mail, "receivedDateTime"));

	if (from)
		js_put_text(metadata, "author", from);
	put_people(mem, metadata, "to", js_get(mail, "toRecipients"));
	put_people(mem, metadata, "cc", js_get(mail, "ccRecipients"));
	if (time)
		js_put_text(metadata, "time", time);
	put_line(metadata, mem, "importance", js_get(mail, "importance"));
	put_line(metadata, mem, "conversation", js_get(mail, "conversationId"));
	put_line(metadata, mem, "message_id",
	         js_get(mail, "internetMessageId"));
	mail_files_put(metadata, &notes->files);
	return metadata;
}

/* Again when the attachments are there: the mail comes without them, too. */
static void make_item(struct job *job)
{
	const struct notes *notes = job->notes;
	const char *subject =
		clean_line(job->mem, js_text(js_get(notes->mail, "subject")),
	                   OUTLOOK_TITLE_MOST);
	const char *url = js_text(js_get(notes->mail, "webLink"));
	struct buffer text = { .mem = job->mem };

	job->item = arena_alloc(job->mem, sizeof(*job->item));
	*job->item = (struct item){
		.title = *subject ? subject : "(no subject)",
		.url = clean_url(job->mem, url, OUTLOOK_URL_MOST),
		.metadata = metadata_of(job),
		.type = "text/plain",
	};
	add_headers(job, &text);
	buffer_format(&text, "\n%s", body_of(job));
	add_files(job, &text);
	if (notes->without_body)
		js_put_boolean(job->item->metadata, "cut", true);
	job->item->text = window_text(job, buffer_text(&text), notes->id,
	                              notes->from, job->item->metadata);
}

/* ---- reading ---- */

static struct step read_message(struct job *job)
{
	struct notes *notes = job->notes;
	struct call *call = vendor_call(job, 0);
	struct step end;

	if (outlook_is_gone(job, call))
		return DONE;
	if (call->end == CALL_TOO_LARGE && !notes->without_body) {
		notes->without_body = true;
		return ask(job);
	}
	if (vendor_failed(job, call, &end))
		return end;
	notes->mail = vendor_json(job, call, &end);
	if (!notes->mail)
		return end;
	notes->files = mail_files_of(job->mem, notes->mail);
	if (mail_files_ask(job, &notes->files, notes->id) == 0) {
		make_item(job);
		return DONE;
	}
	make_item(job);
	return vendor_ask(job, read_files);
}

/* A file that did not come is told in the text, and is no failure. */
static struct step read_files(struct job *job)
{
	struct notes *notes = job->notes;

	mail_files_read(job, &notes->files);
	job->coverage = COVERAGE_COMPLETE;
	job->help = NULL;
	for (size_t i = 0; i < notes->files.count; i++) {
		if (notes->files.files[i].why)
			job->coverage = COVERAGE_PARTIAL;
	}
	make_item(job);
	return DONE;
}
