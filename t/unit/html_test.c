#include "check.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/clean.h"
#include "sources/html.h"

static struct arena *mem;

static const char *text_of(const char *html)
{
	struct html page;

	return html_read(mem, html, strlen(html), &page) ? page.text : NULL;
}

/* MC-13: what a reader would not see is not passed on. */
static const char *const hidden[] = {
	"<script>canary</script>",
	"<style>canary</style>",
	"<!-- canary -->",
	"<p hidden>canary</p>",
	"<div style='display:none'>canary</div>",
	"<div style='DISPLAY : None;x:y'><p>canary</p></div>",
	"<span style=\"visibility: hidden\">canary</span>",
	"<span style='font-size:0'>canary</span>",
	"<span style='font-size: 0px'>canary</span>",
	"<template>canary</template>",
	"<noscript>canary</noscript>",
	"<textarea>canary</textarea>",
	"<svg><text>canary</text></svg>",
	"<img alt='canary'>",
	"<a title='canary' href='https://canary/'></a>",
	NULL,
};

/* Nesting as deep as text allows: no recursion of ours to run out of. */
static void test_deep(void)
{
	size_t depth = 100000;
	char *deep = calloc(depth, 5);

	for (size_t i = 0; i + 1 < depth; i++)
		memcpy(deep + i * 5, "<div>", 5);
	CHECK_TEXT(text_of(deep), "");
	free(deep);
}

int main(void)
{
	struct html page;

	mem = arena_new(1 << 24);
	CHECK_TEXT(text_of("<p>One <b>two</b>\n three</p><p>four"),
	           "One two three\n\nfour");
	CHECK_TEXT(text_of("<ul><li>a<li>b</ul>"), "- a\n- b");
	CHECK_TEXT(text_of("<table><tr><td>1<td>2<tr><td>3</table>"),
	           "1\t2\n3");
	CHECK_TEXT(text_of("x<pre>a\n  b</pre>y"), "x\n\na\n  b\n\ny");
	CHECK_TEXT(text_of("a<br>b"), "a\nb");
	CHECK_TEXT(text_of("&lt;b&gt; &amp; &eacute;"), "<b> & \xC3\xA9");
	CHECK_TEXT(text_of("na\xC3\xAFve"), "na\xC3\xAFve");
	CHECK_TEXT(text_of("<p style='font-size:0.9em'>seen</p>"), "seen");
	CHECK_TEXT(text_of("<unclosed>a <<>> <p>seen"), "a <<>>\n\nseen");
	CHECK(html_read(mem, "<title> a\n b </title>x", 22, &page));
	CHECK_TEXT(page.title, "a b");
	CHECK_TEXT(page.text, "x");
	CHECK(!html_read(mem, "", 0, &page));
	for (size_t i = 0; hidden[i]; i++) {
		const char *text =
			text_of(text_format(mem, "<p>a</p>%s", hidden[i]));

		CHECK_ROW(text && !strstr(text, "canary"), hidden[i]);
	}
	test_deep();

	/* MC-13: of what a source says, only what can be seen */
	CHECK_TEXT(clean_line(mem, "a\xE2\x80\x8B\xE2\x80\xAE  b\n", 10),
	           "a b");
	CHECK_TEXT(clean_line(mem, NULL, 10), "");
	CHECK_TEXT(clean_url(mem, "https://x/y?z#a", 100), "https://x/y?z#a");
	CHECK_TEXT(clean_url(mem, "javascript:alert(1)", 100), NULL);
	CHECK_TEXT(clean_url(mem, "https://", 100), NULL);
	CHECK_TEXT(clean_url(mem, "http:///x", 100), NULL);
	CHECK_TEXT(clean_url(mem, "https://x/ y", 100), NULL);
	CHECK_TEXT(clean_url(mem, "https://x/\xC3\xA9", 100), NULL);
	CHECK_TEXT(clean_url(mem, "https://x/y", 5), NULL);
	CHECK_TEXT(js_print(mem, clean_json(mem, "{\"a\\u200b\":[\"b\\u202e\","
	                                         "1,{\"c\":null}]}")),
	           "{\"a\":[\"b\",1,{\"c\":null}]}");
	CHECK_TEXT(js_print(mem, clean_json(mem, NULL)), "{}");
	arena_free(mem);
	return check_end();
}
