/* Pages for people: HTML made here, without a script, in which every value is
 * escaped and nothing is loaded from elsewhere (security OA-12). */
#ifndef GATEHOUSE_WEB_PAGE_H
#define GATEHOUSE_WEB_PAGE_H

#include <stddef.h>

#include "core/text.h"

struct arena;
struct response;

struct html_page {
	struct buffer body;
	const char *title;   /* a constant */
	const char *sent_to; /* where a form's answer may lead beside our own
	                      * host, as CSP has a source; NULL: nowhere */
};

/* An empty page. */
struct html_page page_new(struct arena *mem, const char *title);

/* Adds HTML, a literal in which each {} stands for a text: escaped, without
 * characters that cannot be seen, cut at 300 code points. */
#define page_add(page, form, ...)                               \
	page_add_all(page, "" form "", PAGE_COUNT(__VA_ARGS__), \
	             (const char *const[]){ "", ##__VA_ARGS__ } + 1)
#define PAGE_COUNT(...)                                       \
	(sizeof((const char *const[]){ "", ##__VA_ARGS__ }) / \
	         sizeof(const char *) -                       \
	 1)
void page_add_all(struct html_page *page, const char *form, size_t count,
                  const char *const *values);

/* Makes it the answer, with the headers that keep it from being framed, cached
 * or made to load anything. */
void page_send(const struct html_page *page, int status, struct response *out);

#endif
