/* Mails by sender, time and the like: one page of Graph's after the other, until
 * there are enough that fit. */
#include "sources/outlook_find.h"

#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/outlook.h"
#include "sources/outlook_query.h"

/* What is asked of each mail. */
#define MAILS                                                        \
	"$top={}&$select=id,subject,from,sender,toRecipients,"       \
	"receivedDateTime,lastModifiedDateTime,bodyPreview,webLink," \
	"isRead,hasAttachments"

enum {
	FOUND_MOST = 25,  /* of one answer */
	SIFTED = 100,     /* looked at at once, where only some of them fit */
	PAGES_MOST = 3,   /* looked at for one answer */
	PAGE_MOST = 4000, /* bytes of a page's address */
	PEOPLE_MOST = 10, /* told of one mail */
};

struct notes {
	const struct outlook_wanted *wanted;
	const char *page; /* that is looked at, or comes next; NULL: the first,
	                   * or none */
	size_t seen;      /* mails of it that were */
	size_t pages;     /* that were looked at */
	json_object *messages;
	size_t room;
	bool cut; /* there were more words than are searched for */
};

static struct step read_page(struct job *job);

/* ---- asking ---- */

/* Without words Graph sorts out itself what does not fit. */
static const char *first_page(struct job *job)
{
	struct notes *notes = job->notes;
	const struct outlook_wanted *wanted = notes->wanted;
	const char *kql = outlook_wanted_kql(job->mem, wanted, &notes->cut);
	const char *filter = outlook_wanted_filter(job->mem, wanted);
	bool sifted = kql && (wanted->unread || wanted->attachments);
	const char *top =
		text_format(job->mem, "%d", sifted ? SIFTED : FOUND_MOST);
	const char *query;

	if (kql)
		query = url_fill(job->mem, "?$search={}&" MAILS,
		                 outlook_search_value(job->mem, kql), top);
	else if (filter)
		query = url_fill(
			job->mem,
			"?$filter={}&$orderby=receivedDateTime%20desc&" MAILS,
			filter, top);
	else
		query = url_fill(job->mem,
		                 "?$orderby=receivedDateTime%20desc&" MAILS,
		                 top);
	return outlook_mails_url(job, wanted->folder, query);
}

static struct step ask(struct job *job)
{
	const struct notes *notes = job->notes;

	outlook_get(job, notes->page ? notes->page : first_page(job));
	return vendor_ask(job, read_page);
}

struct step outlook_find(struct job *job)
{
	const struct outlook_wanted *wanted = job->notes;
	struct notes *notes = arena_alloc(job->mem, sizeof(*notes));

	*notes = (struct notes){
		.wanted = wanted,
		.page = wanted->page && *wanted->page ? wanted->page : NULL,
		.seen = wanted->seen,
		.messages = js_array(job->mem),
		.room = job->text_most,
	};
	job->notes = notes;
	return ask(job);
}

/* ---- reading ---- */

static json_object *message_of(struct job *job, json_object *mail)
{
	struct result result = outlook_result(job, mail);
	json_object *tree = js_object(job->mem);
	const char *to = outlook_people(job->mem, js_get(mail, "toRecipients"),
	                                PEOPLE_MOST);

	js_put_text(tree, "id", outlook_item(job, "", result.native_id));
	js_put_text(tree, "title", result.title);
	if (result.url)
		js_put_text(tree, "url", result.url);
	js_put_text(tree, "text", result.snippet);
	if (result.time)
		js_put_text(tree, "time", result.time);
	if (result.author)
		js_put_text(tree, "from", result.author);
	if (*to)
		js_put_text(tree, "to", to);
	js_put_boolean(tree, "unread", !js_true(js_get(mail, "isRead")));
	js_put_boolean(tree, "attachments",
	               js_true(js_get(mail, "hasAttachments")));
	return tree;
}

/* Keeps what fits, as long as there is room. Whether the page came to its end;
 * else seen is how far. */
static bool keep(struct job *job, json_object *list)
{
	struct notes *notes = job->notes;

	for (; notes->seen < js_count(list); notes->seen++) {
		json_object *mail = js_item(list, notes->seen), *message;
		size_t size;

		if (!outlook_is_id(js_text(js_get(mail, "id"))) ||
		    !outlook_wanted_fits(job->mem, notes->wanted, mail))
			continue;
		message = message_of(job, mail);
		size = text_length(js_print(job->mem, message)) + 1;
		if (js_count(notes->messages) == FOUND_MOST ||
		    (size > notes->room && js_count(notes->messages) > 0))
			return false;
		js_add(notes->messages, message);
		notes->room -= size < notes->room ? size : notes->room;
	}
	return true;
}

/* The address of the page after that of an answer; it is opaque, but names the
 * host that was asked. NULL: there is none. */
static const char *page_after(struct job *job, json_object *answer, bool *odd)
{
	const char *link = js_text(js_get(answer, "@odata.nextLink"));
	const char *own = url_fill(job->mem, "https://{}/v1.0/",
	                           outlook_cloud(job)->graph);

	*odd = link && (!text_starts(link, own) || strlen(link) > PAGE_MOST);
	return *odd ? NULL : link;
}

static void make_item(struct job *job)
{
	const struct notes *notes = job->notes;
	json_object *metadata = js_object(job->mem);

	js_put(metadata, "messages", notes->messages);
	if (notes->page || notes->seen > 0) {
		js_put_text(metadata, "page", notes->page ? notes->page : "");
		js_put_integer(metadata, "seen", (int64_t)notes->seen);
	}
	job->result_count = js_count(notes->messages);
	job->item = arena_alloc(job->mem, sizeof(*job->item));
	*job->item = (struct item){ .metadata = metadata };
}

/* What the model should know of how they were found. */
static const char *help_of(const struct job *job, bool odd)
{
	const struct notes *notes = job->notes;

	if (odd)
		return "More mails match, but Microsoft Graph did not say "
		       "where to read on: narrow it by dates.";
	if (notes->cut)
		return "The arguments are long: only their first words were "
		       "searched for.";
	if (notes->page && job->result_count < FOUND_MOST)
		return "Only a part of the mails was looked through: "
		       "next_cursor goes on to older ones.";
	if (job->result_count == 0)
		return "No mail matches: leave out an argument, or give fewer "
		       "words.";
	return NULL;
}

static struct step read_page(struct job *job)
{
	struct notes *notes = job->notes;
	struct call *call = vendor_call(job, 0);
	json_object *answer, *list;
	struct step end;
	bool odd = false;

	if (!notes->page && notes->wanted->folder && outlook_is_gone(job, call))
		return DONE;
	if (vendor_failed(job, call, &end))
		return end;
	answer = vendor_json(job, call, &end);
	if (!answer)
		return end;
	list = js_get(answer, "value");
	if (!js_is_array(list))
		return outlook_unreadable(job, "no list of messages");
	notes->pages++;
	if (keep(job, list)) {
		notes->page = page_after(job, answer, &odd);
		notes->seen = 0;
		make_item(job);
		if (notes->page && notes->pages < PAGES_MOST &&
		    job->result_count < FOUND_MOST)
			return ask(job);
	} else {
		make_item(job);
	}
	job->coverage = odd ? COVERAGE_PARTIAL : COVERAGE_COMPLETE;
	job->help = help_of(job, odd);
	return DONE;
}
