#include "sources/outlook_files.h"

#include <string.h>
#include <strings.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/clean.h"
#include "sources/html.h"
#include "sources/outlook.h"

enum {
	FILES_MOST = 100,          /* told of one mail */
	READ_MOST = 8,             /* calls of one fetch */
	FILE_BYTES_MOST = 1 << 20, /* of one that is read */
	TYPE_MOST = 100,
};

// clang-format off
/* By media type, or by the end of the name where the type says nothing. */
static const struct {
	const char *type; /* "text/" is a beginning */
	const char *end;
	enum file_kind kind;
} kinds[] = {
	{ "text/html",             ".html", FILE_HTML },
	{ "application/xhtml+xml", ".htm",  FILE_HTML },
	{ "text/rtf",              ".rtf",  FILE_OTHER },
	{ "text/",                 ".txt",  FILE_TEXT },
	{ "application/json",      ".json", FILE_TEXT },
	{ "application/xml",       ".xml",  FILE_TEXT },
	{ "application/yaml",      ".yaml", FILE_TEXT },
	{ "application/x-yaml",    ".yml",  FILE_TEXT },
	{ "application/csv",       ".csv",  FILE_TEXT },
	{ "application/sql",       ".sql",  FILE_TEXT },
	{ "application/markdown",  ".md",   FILE_TEXT },
	{ "application/ics",       ".ics",  FILE_TEXT },
	{ "application/toml",      ".tsv",  FILE_TEXT },
	{ "application/x-ndjson",  ".log",  FILE_TEXT },
};
// clang-format on

static bool starts_with(const char *text, const char *start)
{
	return strncasecmp(text, start, strlen(start)) == 0;
}

static bool ends_with(const char *text, const char *end)
{
	size_t size = strlen(text), length = strlen(end);

	return size > length && strcasecmp(text + size - length, end) == 0;
}

static enum file_kind kind_of(const char *type, const char *name)
{
	bool told = *type && !starts_with(type, "application/octet-stream");

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (told ? starts_with(type, kinds[i].type)
		         : ends_with(name, kinds[i].end))
			return kinds[i].kind;
	}
	return FILE_OTHER;
}

static struct mail_file file_of(struct arena *mem, json_object *tree)
{
	const char *odata = js_text(js_get(tree, "@odata.type"));
	struct mail_file file = {
		.id = js_text(js_get(tree, "id")),
		.name = clean_line(mem, js_text(js_get(tree, "name")),
		                   OUTLOOK_NAME_MOST),
		.type = clean_line(mem, js_text(js_get(tree, "contentType")),
		                   TYPE_MOST),
		.size = js_integer(js_get(tree, "size")),
	};

	if (!*file.name)
		file.name = "(no name)";
	if (text_same(odata, "#microsoft.graph.itemAttachment"))
		file.kind = FILE_MAIL;
	else if (text_same(odata, "#microsoft.graph.fileAttachment"))
		file.kind = kind_of(file.type, file.name);
	return file;
}

struct mail_files mail_files_of(struct arena *mem, json_object *message)
{
	json_object *list = js_get(message, "attachments");
	struct mail_files files = {
		.files = arena_array(mem, FILES_MOST, sizeof(struct mail_file)),
	};

	for (size_t i = 0; i < js_count(list); i++) {
		json_object *tree = js_item(list, i);

		if (js_true(js_get(tree, "isInline")))
			continue;
		if (files.count == FILES_MOST)
			files.left_out++;
		else
			files.files[files.count++] = file_of(mem, tree);
	}
	return files;
}

/* ---- asking ---- */

static struct call *ask_for(struct job *job, const struct mail_file *file,
                            const char *message)
{
	struct call *call;

	if (file->kind == FILE_MAIL)
		return outlook_get(
			job,
			outlook_url(job, url_fill(job->mem,
		                                  "/messages/{}/attachments/{}"
		                                  "?$expand=microsoft.graph."
		                                  "itemattachment/item",
		                                  message, file->id)));
	call = outlook_get(
		job,
		outlook_url(job, url_fill(job->mem,
	                                  "/messages/{}/attachments/{}/$value",
	                                  message, file->id)));
	vendor_any_type(call);
	return call;
}

size_t mail_files_ask(struct job *job, struct mail_files *files,
                      const char *message)
{
	size_t asked = 0;

	for (size_t i = 0; i < files->count; i++) {
		struct mail_file *file = &files->files[i];

		if (file->kind == FILE_OTHER || !outlook_is_id(file->id))
			continue;
		/* Graph counts more bytes than there are, never fewer. */
		if (file->size > 2 * FILE_BYTES_MOST) {
			file->why = "too large to be read here";
			continue;
		}
		if (asked == READ_MOST) {
			file->why = "not read: too many attachments";
			continue;
		}
		file->why = "could not be read just now";
		file->call = ask_for(job, file, message);
		file->call->body_most = FILE_BYTES_MOST;
		asked++;
	}
	return asked;
}

/* ---- reading ---- */

/* Bytes that are not UTF-8 are taken as Latin-1, in which any are text. */
static const char *decoded(struct arena *mem, const char *bytes, size_t size)
{
	struct buffer out = { .mem = mem };

	for (size_t i = 0; i < size; i++) {
		unsigned char byte = (unsigned char)bytes[i];
		char two[] = { (char)(0xC0 | byte >> 6),
			       (char)(0x80 | (byte & 0x3F)) };

		if (byte < 0x80)
			buffer_add_n(&out, bytes + i, 1);
		else
			buffer_add_n(&out, two, sizeof(two));
	}
	return buffer_text(&out);
}

/* Text of bytes; NULL when they are none. */
static const char *text_of(struct arena *mem, const char *bytes, size_t size)
{
	char *copy;
	size_t to = 0;

	if (size >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 ||
	                  memcmp(bytes, "\xFE\xFF", 2) == 0))
		return NULL; /* UTF-16 */
	copy = arena_alloc(mem, size + 1);
	for (size_t i = 0; i < size; i++) {
		if (bytes[i])
			copy[to++] = bytes[i];
	}
	return text_valid(copy, to) ? copy : decoded(mem, copy, to);
}

static const char *html_text(struct arena *mem, const char *html)
{
	struct html page = { .text = "" };

	html_read(mem, html, strlen(html), &page);
	return page.text;
}

/* An attached mail, as Graph opens it. */
static void read_mail(struct job *job, struct mail_file *file)
{
	struct arena *mem = job->mem;
	struct step end;
	json_object *tree = vendor_json(job, file->call, &end);
	json_object *item = js_get(tree, "item");
	const char *text = js_text(js_get(item, "body", "content"));
	const char *type = js_text(js_get(item, "body", "contentType"));
	const char *from = outlook_person(mem, js_get(item, "from"));
	const char *subject = clean_line(mem, js_text(js_get(item, "subject")),
	                                 OUTLOOK_TITLE_MOST);

	if (!text)
		return;
	if (text_same_ascii(type, "html"))
		text = html_text(mem, text);
	file->text = text_format(mem, "%s%s%sSubject: %s\n\n%s",
	                         from ? "From: " : "", from ? from : "",
	                         from ? "\n" : "", subject, text);
}

static void read_file(struct job *job, struct mail_file *file)
{
	const struct call *call = file->call;
	const char *text;
	struct step end;

	if (call->end == CALL_TOO_LARGE) {
		file->why = "too large to be read here";
		return;
	}
	if (vendor_failed(job, call, &end))
		return;
	if (file->kind == FILE_MAIL) {
		read_mail(job, file);
	} else {
		text = text_of(job->mem, call->reply.body, call->reply.size);
		if (!text)
			file->why = "in an encoding that is not read here";
		else if (file->kind == FILE_HTML)
			file->text = html_text(job->mem, text);
		else
			file->text = text;
	}
	if (file->text)
		file->text =
			text_trim(job->mem, text_visible(job->mem, file->text));
}

void mail_files_read(struct job *job, struct mail_files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		struct mail_file *file = &files->files[i];

		if (file->call)
			read_file(job, file);
		if (file->text)
			file->why = NULL;
	}
}

void mail_files_put(json_object *metadata, const struct mail_files *files)
{
	json_object *list;

	if (files->count == 0)
		return;
	list = js_put_array(metadata, "attachments");
	for (size_t i = 0; i < files->count; i++) {
		const struct mail_file *file = &files->files[i];
		json_object *tree = js_add_object(list);

		js_put_text(tree, "name", file->name);
		js_put_text(tree, "type", file->type);
		js_put_integer(tree, "size", file->size);
		js_put_boolean(tree, "read", file->text != NULL);
	}
}
