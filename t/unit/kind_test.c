#include "check.h"

#include "core/arena.h"
#include "core/json.h"
#include "sources/clean.h"
#include "sources/registry.h"
#include "sources/source.h"

static struct arena *mem;
static json_object *kept, *secrets;

static struct fault *checked(const struct source_kind *kind, const char *given)
{
	return kind_check(kind, mem, js_literal(mem, given), NULL, &kept,
	                  &secrets);
}

static struct fault *url_checked(const char *url)
{
	json_object *given = js_object(mem);

	js_put_text(given, "snowflake_account_url", url);
	js_put_text(given, "snowflake_pat", "p");
	js_put_text(given, "snowflake_semantic_model_file", "@a/b.yaml");
	js_put_text(given, "snowflake_cortex_search_service", "d.s.n");
	return kind_check(&snowflake_kind, mem, given, NULL, &kept, &secrets);
}

/* OH-5: another host, or another reading of it, never gets past. */
static const char *const wrong_urls[] = {
	"http://a.snowflakecomputing.com",
	"https://",
	"https:///a.snowflakecomputing.com",
	"https://.snowflakecomputing.com",
	"https://snowflakecomputing.com",
	"https://evil.com",
	"https://evil.com#.snowflakecomputing.com",
	"https://evil.com/.snowflakecomputing.com",
	"https://evil.com?.snowflakecomputing.com",
	"https://evil.com\\@a.snowflakecomputing.com",
	"https://u@a.snowflakecomputing.com",
	"https://u:p@a.snowflakecomputing.com",
	"https://a.snowflakecomputing.com.evil.com",
	"https://asnowflakecomputing.com",
	"https://a.snowflakecomputing.com:8443",
	"https://a.snowflakecomputing.com/x",
	"https://a.snowflakecomputing.com//",
	"https://a..snowflakecomputing.com",
	"https://a%2esnowflakecomputing.com",
	"https://a.\xD1\x95nowflakecomputing.com",
	"https://a.snowflakecomputing.com.",
	"https://127.0.0.1",
	NULL,
};

static void test_outlook(void)
{
	struct fault *fault;

	CHECK_FINE(checked(&outlook_kind,
	                   "{\"tenant_id\":\"t\",\"graph_client_id\":\"c\","
	                   "\"graph_client_secret\":\"s\","
	                   "\"graph_user_id\":\"u\",\"more\":1}"));
	CHECK_TEXT(js_print(mem, kept),
	           "{\"tenant_id\":\"t\",\"graph_client_id\":\"c\","
	           "\"graph_user_id\":\"u\"}");
	CHECK_TEXT(js_print(mem, secrets), "{\"graph_client_secret\":\"s\"}");
	fault = checked(&outlook_kind, "{\"graph_client_id\":\"c\"}");
	CHECK_FAULT(fault, BAD_FIELD);
	CHECK(strstr(fault->told, "tenant_id"));
	CHECK_FAULT(checked(&outlook_kind, "{\"tenant_id\":1}"), BAD_FIELD);
	CHECK_FAULT(checked(&outlook_kind, "{\"tenant_id\":null}"), BAD_FIELD);
	CHECK_FAULT(checked(&outlook_kind, "{\"tenant_id\":\"\"}"), BAD_FIELD);
	CHECK_FAULT(checked(&outlook_kind, "[]"), BAD_FIELD);
}

/* OH-9: what could end a header line is refused, and never told back. */
static void test_controls(void)
{
	struct fault *fault =
		checked(&outlook_kind, "{\"tenant_id\":\"canary\\r\\nX: y\"}");

	CHECK_FAULT(fault, BAD_FIELD);
	CHECK(!strstr(fault->told, "canary"));
	CHECK_FAULT(checked(&documents_kind, "{\"name\":\"a\\nb\"}"),
	            BAD_FIELD);
	CHECK_FAULT(checked(&documents_kind, "{\"name\":\"a\\u007fb\"}"),
	            BAD_FIELD);
}

static void test_kept_secret(void)
{
	static const char given[] =
		"{\"box_client_id\":\"c\",\"box_client_secret\":{\"set\":true},"
		"\"box_subject_type\":\"user\",\"box_subject_id\":\"i\"}";
	json_object *stored =
		js_literal(mem, "{\"box_client_secret\":{\"set\":true}}");

	CHECK_FINE(kind_check(&box_kind, mem, js_literal(mem, given), stored,
	                      &kept, &secrets));
	CHECK_INT(js_count(secrets), 0);
	CHECK_FAULT(checked(&box_kind, given), BAD_FIELD);
}

/* RL-4: what fits is counted as JSON prints it. */
static void fits(void)
{
	CHECK_INT(clean_fit("", 5), 0);
	CHECK_INT(clean_fit("a\n\"b", 0), 0);
	CHECK_INT(clean_fit("a\n\"b", 4), 2);
	CHECK_INT(clean_fit("a\n\"b", 5), 3);
	CHECK_INT(clean_fit("a\n\"b", 6), 4);
	CHECK_INT(clean_fit("\u00e9\u20ac\\", 3), 2);
	CHECK_INT(clean_fit("\u00e9\u20ac\\", 4), 3);
}

int main(void)
{
	mem = arena_new(1 << 20);
	CHECK(kind_find(registry, "documents") == &documents_kind);
	CHECK(!kind_find(registry, "Documents"));
	CHECK(!kind_find(registry, NULL));
	for (size_t i = 0; registry[i]; i++) {
		CHECK_ROW(registry[i]->name && registry[i]->label, "names");
		for (const struct kind_setting *s = registry[i]->settings;
		     s->name; s++)
			CHECK_ROW(s->help && s->most > 0, s->name);
	}
	test_outlook();
	test_controls();
	test_kept_secret();
	for (size_t i = 0; wrong_urls[i]; i++) {
		struct fault *fault = url_checked(wrong_urls[i]);

		CHECK_ROW(fault && fault->kind == FAULT_BAD_FIELD,
		          wrong_urls[i]);
	}
	CHECK_FINE(url_checked("https://org-acc.snowflakecomputing.com"));
	CHECK_FINE(url_checked("https://ORG_a.Snowflakecomputing.cn/"));
	CHECK_FINE(checked(&documents_kind, "{}"));
	CHECK_FINE(checked(&documents_kind,
	                   "{\"name\":\"\",\"language\":\"simple\"}"));
	CHECK_TEXT(js_print(mem, kept), "{\"language\":\"simple\"}");
	CHECK_FAULT(checked(&documents_kind, "{\"language\":\"klingon\"}"),
	            BAD_FIELD);
	CHECK_FINE(checked(&documents_kind, "{\"search_seconds\":\"60\"}"));
	CHECK_FAULT(checked(&documents_kind, "{\"search_seconds\":\"61\"}"),
	            BAD_FIELD);
	CHECK_FAULT(checked(&documents_kind, "{\"search_seconds\":\"1.5\"}"),
	            BAD_FIELD);
	fits();
	CHECK_FAULT(checked(&box_kind, "{\"box_client_id\":\"c\","
	                               "\"box_client_secret\":\"s\","
	                               "\"box_subject_type\":\"admin\","
	                               "\"box_subject_id\":\"i\"}"),
	            BAD_FIELD);
	arena_free(mem);
	return check_end();
}
