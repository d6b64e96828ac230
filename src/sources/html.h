/* HTML made text: the only door to libxml2.
 *
 * The parser takes any tag soup, loads nothing from anywhere, and keeps its
 * own bounds on depth. What a reader would not see is left out: scripts,
 * styles, comments, elements hidden by attribute or inline style (security
 * MC-13). Blocks become lines, list items get a dash, cells a tab. */
#ifndef GATEHOUSE_SOURCES_HTML_H
#define GATEHOUSE_SOURCES_HTML_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct html {
	const char *title; /* of <title>, folded; "" when there is none */
	const char *text;  /* trimmed, at most one empty line in a row */
};

/* Reads size bytes of UTF-8 as HTML. page: set, of mem. Returns false when
 * there is nothing to read. */
bool html_read(struct arena *mem, const char *bytes, size_t size,
               struct html *page);

#endif
