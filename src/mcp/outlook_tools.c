#include "mcp/outlook_tools.h"

#include <string.h>

#include "auth/principal.h"
#include "core/moment.h"
#include "core/text.h"
#include "mcp/offer.h"
#include "mcp/shape.h"
#include "mcp/turn.h"
#include "search/answer.h"
#include "search/id.h"
#include "search/search.h"
#include "sources/outlook_find.h"
#include "sources/outlook_words.h"
#include "sources/registry.h"
#include "sources/words.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/request.h"

enum { AROUND = 7000 }; /* characters of an answer beside its mails */

#define FOLDER_NAMES "inbox, sent, drafts, archive, deleted, junk, outbox"

// clang-format off
#define SOURCE_SHAPE \
	"\"source\":{\"type\":\"string\",\"description\":\"The id of a source " \
	"of type outlook; needed only where there are several and folder is " \
	"no id.\",\"minLength\":1,\"maxLength\":100}"

static const char find_input[] =
	"{\"type\":\"object\",\"properties\":{"
	"\"sender\":{\"type\":\"string\",\"description\":\"Who sent it: a name "
	"or an address, or words of one.\",\"minLength\":1,\"maxLength\":200},"
	"\"recipient\":{\"type\":\"string\",\"description\":\"Whom it was sent "
	"to, likewise; copies count.\",\"minLength\":1,\"maxLength\":200},"
	"\"subject\":{\"type\":\"string\",\"description\":\"Words of its "
	"subject, all of them; in quotes, side by side.\",\"minLength\":1,"
	"\"maxLength\":200},"
	"\"words\":{\"type\":\"string\",\"description\":\"Words anywhere in "
	"it, likewise.\",\"minLength\":1,\"maxLength\":200},"
	"\"received_after\":{\"type\":\"string\",\"description\":\"Received "
	"then or later: 2026-09-14, which is its first moment in UTC, or "
	"2026-09-14T09:30:00Z.\",\"minLength\":10,\"maxLength\":40},"
	"\"received_before\":{\"type\":\"string\",\"description\":\"Received "
	"before that, which is given likewise: a day does not count.\","
	"\"minLength\":10,\"maxLength\":40},"
	"\"folder\":{\"type\":\"string\",\"description\":\"In this folder, not "
	"those within it: " FOLDER_NAMES ", or the id of one that "
	"outlook_list_folders gave. Left out: the whole mailbox.\","
	"\"minLength\":1,\"maxLength\":1000},"
	"\"has_attachments\":{\"type\":\"boolean\",\"description\":\"With "
	"attachments, or without any.\"},"
	"\"unread\":{\"type\":\"boolean\",\"description\":\"Not read yet, or "
	"read.\"},"
	"\"cursor\":{\"type\":\"string\",\"description\":\"The next_cursor of "
	"an earlier answer, unchanged, for older mails; all other arguments "
	"have to be the same again.\",\"minLength\":1,\"maxLength\":8000},"
	SOURCE_SHAPE "},\"additionalProperties\":false}";

static const char find_output[] =
	"{\"type\":\"object\",\"properties\":{"
	"\"messages\":{\"type\":\"array\",\"description\":\"Newest first.\","
	"\"items\":{\"type\":\"object\",\"properties\":{"
	"\"id\":{\"type\":\"string\",\"description\":\"Give this to fetch.\"},"
	"\"title\":{\"type\":\"string\",\"description\":\"The subject.\"},"
	"\"url\":{\"type\":\"string\",\"description\":\"Cite this.\"},"
	"\"text\":{\"type\":\"string\",\"description\":\"How it begins.\"},"
	"\"time\":{\"type\":\"string\",\"description\":\"Received.\"},"
	"\"from\":{\"type\":\"string\"},\"to\":{\"type\":\"string\"},"
	"\"unread\":{\"type\":\"boolean\"},"
	"\"attachments\":{\"type\":\"boolean\"}},"
	"\"required\":[\"id\",\"title\",\"text\",\"unread\","
	"\"attachments\"]}}," SOURCES_SHAPE ","
	"\"next_cursor\":{\"type\":\"string\",\"description\":\"There may be "
	"more: give this as cursor, with the same other arguments.\"}},"
	"\"required\":[\"messages\",\"sources\"]}";

static const char folders_input[] =
	"{\"type\":\"object\",\"properties\":{"
	"\"folder\":{\"type\":\"string\",\"description\":\"The folder whose "
	"folders are wanted: its id, as this tool gave it, or " FOLDER_NAMES
	". Left out: the topmost ones.\",\"minLength\":1,\"maxLength\":1000},"
	SOURCE_SHAPE "},\"additionalProperties\":false}";

static const char folders_output[] =
	"{\"type\":\"object\",\"properties\":{"
	"\"folders\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
	"\"properties\":{"
	"\"id\":{\"type\":\"string\",\"description\":\"Give this to "
	"outlook_find_messages, or to this tool, as folder.\"},"
	"\"name\":{\"type\":\"string\"},"
	"\"total\":{\"type\":\"integer\",\"description\":\"Mails in it.\"},"
	"\"unread\":{\"type\":\"integer\",\"description\":\"Of these, not "
	"read yet.\"},"
	"\"folders\":{\"type\":\"integer\",\"description\":\"Folders in "
	"it.\"}},"
	"\"required\":[\"id\",\"name\",\"total\",\"unread\",\"folders\"]}},"
	SOURCES_SHAPE "},\"required\":[\"folders\",\"sources\"]}";
// clang-format on

/* ---- arguments ---- */

/* The folder and the source of the arguments: an id names both. folder: set to
 * Graph's name or id, NULL for all. */
static CAN_FAIL read_folder(struct turn *turn, const char **source,
                            const char **folder)
{
	const char *given = js_text(js_get(turn->arguments, "folder"));
	struct item_id id;

	*source = js_text(js_get(turn->arguments, "source"));
	*folder = NULL;
	if (!given)
		return NULL;
	if (!item_id_read(turn->mem, given, &id)) {
		*folder = folder_of(given);
		if (!*folder)
			return fault_told(
				turn->mem, FAULT_BAD_INPUT,
				"'folder' must be one of " FOLDER_NAMES
				", or an id that "
				"outlook_list_folders gave.");
		*folder = **folder ? *folder : NULL;
		return NULL;
	}
	*folder = outlook_folder_of(id.native);
	if (!*folder || !text_same(id.type, outlook_kind.name) ||
	    (*source && !text_same(id.source, *source)))
		return fault(turn->mem, FAULT_NO_ITEM, "no folder of this one");
	*source = id.source;
	return NULL;
}

static CAN_FAIL read_words(struct turn *turn, const char *name, const char **to)
{
	const char *text = js_text(js_get(turn->arguments, name));

	*to = text ? text_visible(turn->mem, text) : NULL;
	if (!text || word_is_any(*to))
		return NULL;
	return fault_told(turn->mem, FAULT_BAD_INPUT,
	                  "'%s' has nothing to look for.", name);
}

static CAN_FAIL read_moment(struct turn *turn, const char *name, time_t *to)
{
	const char *text = js_text(js_get(turn->arguments, name));

	if (!text || moment_read(turn->mem, text, to))
		return NULL;
	return fault_told(turn->mem, FAULT_BAD_INPUT,
	                  "'%s' must be a day such as 2026-09-14, or a time "
	                  "such as 2026-09-14T09:30:00Z.",
	                  name);
}

static enum mail_mark read_mark(struct turn *turn, const char *name)
{
	json_object *given = js_get(turn->arguments, name);

	if (!given)
		return MAIL_ANY;
	return js_true(given) ? MAIL_WITH : MAIL_WITHOUT;
}

static CAN_FAIL read_wanted(struct turn *turn, struct outlook_wanted *wanted)
{
	TRY(read_words(turn, "sender", &wanted->sender));
	TRY(read_words(turn, "recipient", &wanted->recipient));
	TRY(read_words(turn, "subject", &wanted->subject));
	TRY(read_words(turn, "words", &wanted->words));
	TRY(read_moment(turn, "received_after", &wanted->after));
	TRY(read_moment(turn, "received_before", &wanted->before));
	wanted->attachments = read_mark(turn, "has_attachments");
	wanted->unread = read_mark(turn, "unread");
	if (wanted->after && wanted->before && wanted->after >= wanted->before)
		return fault_told(turn->mem, FAULT_BAD_INPUT,
		                  "'received_after' must be before "
		                  "'received_before'.");
	return NULL;
}

/* ---- cursors ---- */

/* What a cursor is good for: these arguments, from this user, of a source that
 * is as it was. A page's address names a mailbox. */
static const char *context(struct turn *turn, const struct job *job)
{
	static const char *const names[] = {
		"sender", "recipient",       "subject",
		"words",  "received_after",  "received_before",
		"folder", "has_attachments", "unread",
		NULL,
	};
	const struct principal *who = turn->req->principal;
	json_object *given = js_object(turn->mem);

	for (size_t i = 0; names[i]; i++) {
		if (js_has(turn->arguments, names[i]))
			js_put(given, names[i],
			       js_get(turn->arguments, names[i]));
	}
	return text_format(turn->mem, "outlook-page\n%s\n%s\n%s\n%s\n%s",
	                   who->user_id, who->server_id, job->source->id,
	                   js_print(turn->mem, job->source->metadata),
	                   js_print(turn->mem, given));
}

/* "<seen> <page>" */
static CAN_FAIL read_cursor(struct turn *turn, const struct job *job,
                            struct outlook_wanted *wanted)
{
	const char *cursor = js_text(js_get(turn->arguments, "cursor"));
	const char *text = NULL, *blank = NULL;
	long seen = 0;

	if (!cursor)
		return NULL;
	if (!state_open(turn->req->app->vault, turn->mem, context(turn, job),
	                cursor, &text))
		blank = strchr(text, ' ');
	if (!blank ||
	    !text_number(text_copy_n(turn->mem, text, (size_t)(blank - text)),
	                 0, 1000, &seen))
		return fault_told(turn->mem, FAULT_BAD_INPUT,
		                  "This cursor is not valid here: give "
		                  "next_cursor unchanged, with the same other "
		                  "arguments, or begin without it.");
	wanted->seen = (size_t)seen;
	wanted->page = blank + 1;
	return NULL;
}

static CAN_FAIL put_cursor(struct turn *turn, const struct job *job,
                           json_object *answer)
{
	json_object *facts = job->item->metadata;
	const char *page = js_text(js_get(facts, "page")), *cursor = NULL;

	if (!page)
		return NULL;
	TRY(state_seal(turn->req->app->vault, turn->mem, context(turn, job),
	               text_format(turn->mem, "%lld %s",
	                           (long long)js_integer(js_get(facts, "seen")),
	                           page),
	               &cursor));
	js_put_text(answer, "next_cursor", cursor);
	return NULL;
}

/* ---- the tools ---- */

static void put(json_object *answer, const struct job *job, const char *name)
{
	js_put(answer, name, js_get(job->item->metadata, name));
	answer_coverage(js_put_array(answer, "sources"), job);
}

static CAN_FAIL find_messages(struct turn *turn)
{
	json_object *answer = js_object(turn->mem);
	struct outlook_wanted wanted = { 0 };
	const char *source;
	struct job job;

	TRY(read_wanted(turn, &wanted));
	TRY(read_folder(turn, &source, &wanted.folder));
	TRY(search_tool_job(turn->req, &outlook_kind, source, &job));
	TRY(read_cursor(turn, &job, &wanted));
	job.notes = &wanted;
	job.text_most =
		(size_t)turn->req->app->config.answer_characters - AROUND;
	TRY(search_tool_run(turn->req, &job, outlook_find));
	put(answer, &job, "messages");
	TRY(put_cursor(turn, &job, answer));
	turn_structured(turn, answer);
	return NULL;
}

static CAN_FAIL list_folders(struct turn *turn)
{
	json_object *answer = js_object(turn->mem);
	const char *source, *folder;
	struct job job;

	TRY(read_folder(turn, &source, &folder));
	TRY(search_tool_job(turn->req, &outlook_kind, source, &job));
	job.id = folder ? folder : "";
	TRY(search_tool_run(turn->req, &job, outlook_folders));
	put(answer, &job, "folders");
	turn_structured(turn, answer);
	return NULL;
}

static const struct offer_tool tools[] = {
	{
		.name = "outlook_find_messages",
		.title = "Find mails in Outlook",
		.description =
			"Lists the mails of an Outlook mailbox that have all "
			"of what is given (sender, recipient, words, time, "
			"folder, attachments, unread), newest first, with the "
			"ids that fetch takes; without arguments, the newest. "
			"Use it for exact conditions and for complete lists; "
			"use search to find what is best for a question.",
		.input = find_input,
		.output = find_output,
		.hints = READ_ONLY | IDEMPOTENT,
		.answer = find_messages,
	},
	{
		.name = "outlook_list_folders",
		.title = "List the folders of Outlook",
		.description =
			"Lists the mail folders of an Outlook mailbox, or "
			"those in one of them, with how many mails they hold "
			"and how many are not read yet.",
		.input = folders_input,
		.output = folders_output,
		.hints = READ_ONLY | IDEMPOTENT,
		.answer = list_folders,
	},
	{ 0 },
};

const struct offer outlook_offer = {
	.kind = "outlook",
	.tools = tools,
};
