#include "web/page.h"

#include <assert.h>
#include <string.h>

#include "core/arena.h"
#include "vault/vault.h"
#include "web/response.h"

enum { SHOWN_MOST = 300 };

/* Readable on a phone, by day and by night. */
static const char style[] =
	":root{color-scheme:light dark}"
	"body{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;"
	"max-width:32rem;padding:1.5rem}"
	"h1{font-size:1.4rem;line-height:1.25}"
	"dl{margin:1rem 0}dt{font-size:.85rem;opacity:.75}"
	"dd{margin:0 0 .75rem;overflow-wrap:anywhere}"
	"ul{padding-left:1.25rem}li{overflow-wrap:anywhere}"
	"label{display:block;margin:.75rem 0}"
	"input[type=email],input[type=password],select{box-sizing:border-box;"
	"display:block;font:inherit;padding:.5rem;width:100%}"
	"button{border:1px "
	"solid;border-radius:.4rem;cursor:pointer;font:inherit;"
	"margin:.5rem .5rem .5rem 0;padding:.6rem 1.2rem}"
	"button.yes{background:#0b57d0;border-color:#0b57d0;color:#fff}"
	".warning{border-left:.3rem solid #b3261e;padding:.25rem .75rem}";

struct html_page page_new(struct arena *mem, const char *title)
{
	return (struct html_page){ .body = { .mem = mem }, .title = title };
}

static void add_escaped(struct buffer *to, const char *text)
{
	static const struct {
		char letter;
		const char *entity;
	} rows[] = {
		{ '&', "&amp;" },  { '<', "&lt;" },   { '>', "&gt;" },
		{ '"', "&quot;" }, { '\'', "&#39;" }, { 0 },
	};

	while (*text) {
		size_t plain = strcspn(text, "&<>\"'");

		buffer_add_n(to, text, plain);
		text += plain;
		for (size_t i = 0; *text && rows[i].letter; i++)
			if (rows[i].letter == *text)
				buffer_add(to, rows[i].entity);
		text += *text != '\0';
	}
}

void page_add_all(struct html_page *page, const char *form, size_t count,
                  const char *const *values)
{
	struct arena *mem = page->body.mem;
	size_t used = 0;
	const char *gap;

	while ((gap = strstr(form, "{}"))) {
		const char *text;

		assert(used < count);
		text = values[used] ? values[used] : "";
		used++;
		buffer_add_n(&page->body, form, (size_t)(gap - form));
		add_escaped(&page->body,
		            text_cut(mem, text_visible(mem, text), SHOWN_MOST));
		form = gap + 2;
	}
	assert(used == count);
	buffer_add(&page->body, form);
}

void page_send(const struct html_page *page, int status, struct response *out)
{
	struct arena *mem = page->body.mem;
	const char *hash = sha256_base64(mem, style, strlen(style));

	response_header(
		out, "Content-Security-Policy",
		text_format(mem,
	                    "default-src 'none'; style-src 'sha256-%s'; "
	                    "form-action 'self'%s%s; base-uri 'none'; "
	                    "frame-ancestors 'none'",
	                    hash, page->sent_to ? " " : "",
	                    page->sent_to ? page->sent_to : ""));
	/* With none at all a browser sends "null" for the page's own origin. */
	response_header(out, "Referrer-Policy", "same-origin");
	response_header(out, "X-Frame-Options", "DENY");
	out->status = status;
	out->type = "text/html; charset=utf-8";
	out->text = text_format(
		mem,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
		"<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
		"content=\"width=device-width, initial-scale=1\">\n"
		"<title>%s</title>\n<style>%s</style>\n</"
		"head>\n<body>\n<main>\n"
		"<h1>%s</h1>\n%s</main>\n</body>\n</html>\n",
		page->title, style, page->title, buffer_text(&page->body));
}
