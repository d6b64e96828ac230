#include "sources/html.h"

#include <limits.h>
#include <string.h>

#include <libxml/HTMLparser.h>

#include "core/arena.h"
#include "core/text.h"

/* What stands around the content of an element. */
enum place { INLINE, BLOCK, ITEM, CELL, HIDDEN };

static const struct {
	const char *name;
	enum place place;
} places[] = {
	{ "script", HIDDEN },    { "style", HIDDEN },     { "head", HIDDEN },
	{ "template", HIDDEN },  { "noscript", HIDDEN },  { "svg", HIDDEN },
	{ "math", HIDDEN },      { "object", HIDDEN },    { "iframe", HIDDEN },
	{ "select", HIDDEN },    { "textarea", HIDDEN },  { "title", HIDDEN },
	{ "p", BLOCK },          { "div", BLOCK },        { "br", BLOCK },
	{ "h1", BLOCK },         { "h2", BLOCK },         { "h3", BLOCK },
	{ "h4", BLOCK },         { "h5", BLOCK },         { "h6", BLOCK },
	{ "ul", BLOCK },         { "ol", BLOCK },         { "dl", BLOCK },
	{ "dt", BLOCK },         { "dd", BLOCK },         { "pre", BLOCK },
	{ "table", BLOCK },      { "tr", BLOCK },         { "hr", BLOCK },
	{ "blockquote", BLOCK }, { "section", BLOCK },    { "article", BLOCK },
	{ "header", BLOCK },     { "footer", BLOCK },     { "nav", BLOCK },
	{ "aside", BLOCK },      { "main", BLOCK },       { "form", BLOCK },
	{ "figure", BLOCK },     { "figcaption", BLOCK }, { "address", BLOCK },
	{ "caption", BLOCK },    { "center", BLOCK },     { "body", BLOCK },
	{ "li", ITEM },          { "td", CELL },          { "th", CELL },
};

/* Ways of hiding text from a reader of mail, without blanks, lower case. */
static const char *const hiding[] = {
	"display:none", "visibility:hidden", "visibility:collapse",
	"font-size:0",  "opacity:0;",        "mso-hide:all",
};

/* Text as it grows: blanks are held back until something follows. */
struct writer {
	struct buffer out;
	int lines;  /* line breaks due before the next word */
	bool blank; /* a blank is due */
	bool tab;   /* a tab is due: a table's next cell */
	int pre;    /* open <pre> elements */
};

static void give_due(struct writer *w)
{
	if (w->out.size > 0 && w->lines > 0)
		buffer_add(&w->out, w->lines > 1 ? "\n\n" : "\n");
	else if (w->out.size > 0 && w->tab)
		buffer_add(&w->out, "\t");
	else if (w->out.size > 0 && w->blank)
		buffer_add(&w->out, " ");
	w->lines = 0;
	w->blank = w->tab = false;
}

static void write_text(struct writer *w, const char *text)
{
	while (*text) {
		size_t blank = strspn(text, " \t\r\n\f");
		size_t word = strcspn(text + blank, " \t\r\n\f");

		if (blank && w->pre && w->lines == 0 && w->out.size > 0)
			buffer_add_n(&w->out, text, blank);
		else if (blank)
			w->blank = true;
		if (word) {
			give_due(w);
			buffer_add_n(&w->out, text + blank, word);
		}
		text += blank + word;
	}
}

static void break_line(struct writer *w, int lines)
{
	if (w->lines < lines)
		w->lines = lines;
}

/* ---- elements ---- */

static bool is_hidden(const xmlNode *node)
{
	bool hidden = xmlHasProp(node, BAD_CAST "hidden") != NULL;
	xmlChar *style = xmlGetProp(node, BAD_CAST "style");
	char *to = (char *)style;

	if (!style)
		return hidden;
	for (const xmlChar *c = style; *c; c++) {
		if (*c > ' ')
			*to++ = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
	}
	*to = '\0';
	for (size_t i = 0; i < sizeof(hiding) / sizeof(*hiding); i++) {
		const char *at = strstr((char *)style, hiding[i]);

		/* "font-size:0.9em" hides nothing */
		if (at && at[strlen(hiding[i])] != '.')
			hidden = true;
	}
	xmlFree(style);
	return hidden;
}

static enum place place_of(const xmlNode *node)
{
	if (node->type != XML_ELEMENT_NODE)
		return HIDDEN;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		if (strcmp((const char *)node->name, places[i].name) == 0)
			return places[i].place == HIDDEN || is_hidden(node)
			               ? HIDDEN
			               : places[i].place;
	}
	return is_hidden(node) ? HIDDEN : INLINE;
}

static bool is_named(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE &&
	       strcmp((const char *)node->name, name) == 0;
}

/* Whether a block keeps an empty line around it. */
static bool is_apart(const xmlNode *node)
{
	static const char *const apart[] = {
		"p",  "h1", "h2", "h3",    "h4",  "h5",         "h6",
		"ul", "ol", "dl", "table", "pre", "blockquote",
	};

	for (size_t i = 0; i < sizeof(apart) / sizeof(*apart); i++) {
		if (is_named(node, apart[i]))
			return true;
	}
	return false;
}

static void open_element(struct writer *w, const xmlNode *node,
                         enum place place)
{
	if (place == BLOCK || place == ITEM)
		break_line(w, is_apart(node) ? 2 : 1);
	if (place == ITEM) {
		give_due(w);
		buffer_add(&w->out, "- ");
	}
	if (place == CELL)
		w->tab = true;
	if (is_named(node, "pre"))
		w->pre++;
}

static void close_element(struct writer *w, const xmlNode *node)
{
	enum place place = place_of(node);

	if (is_named(node, "pre"))
		w->pre--;
	if (place == BLOCK || place == ITEM)
		break_line(w, is_apart(node) ? 2 : 1);
}

/* ---- the walk: without recursion, whatever the depth ---- */

/* Enters a node; returns whether its children are to be visited. */
static bool enter(struct writer *w, const xmlNode *node)
{
	enum place place;

	if (node->type == XML_TEXT_NODE ||
	    node->type == XML_CDATA_SECTION_NODE) {
		write_text(w, (const char *)node->content);
		return false;
	}
	place = place_of(node);
	if (place == HIDDEN)
		return false;
	open_element(w, node, place);
	if (node->children)
		return true;
	close_element(w, node);
	return false;
}

static void walk(struct writer *w, const xmlNode *root)
{
	const xmlNode *node = root;

	while (node) {
		if (enter(w, node)) {
			node = node->children;
			continue;
		}
		while (node != root && !node->next) {
			node = node->parent;
			close_element(w, node);
		}
		node = node == root ? NULL : node->next;
	}
}

static const char *title_of(struct arena *mem, const xmlNode *root)
{
	for (const xmlNode *top = root->children; top; top = top->next) {
		if (!is_named(top, "head"))
			continue;
		for (xmlNode *node = top->children; node; node = node->next) {
			xmlChar *title;
			const char *folded;

			if (!is_named(node, "title"))
				continue;
			title = xmlNodeGetContent(node);
			folded = text_fold(mem, title ? (char *)title : "");
			xmlFree(title);
			return folded;
		}
	}
	return "";
}

bool html_read(struct arena *mem, const char *bytes, size_t size,
               struct html *page)
{
	struct writer w = { .out = { .mem = mem } };
	htmlDocPtr tree;
	xmlNode *root;

	if (size == 0 || size > INT_MAX)
		return false;
	tree = htmlReadMemory(bytes, (int)size, NULL, "UTF-8",
	                      HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
	                              HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
	                              HTML_PARSE_COMPACT);
	root = tree ? xmlDocGetRootElement(tree) : NULL;
	if (root) {
		page->title = title_of(mem, root);
		walk(&w, root);
		page->text = buffer_text(&w.out);
	}
	xmlFreeDoc(tree);
	return root != NULL;
}
