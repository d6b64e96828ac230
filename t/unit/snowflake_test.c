#include "check.h"

#include "core/arena.h"
#include "core/json.h"
#include "core/text.h"
#include "sources/snowflake.h"
#include "sources/snowflake_catalogue.h"
#include "sources/snowflake_value.h"

static struct arena *mem;

// clang-format off
/* What people paste, the host it means, and the account's own name. */
static const struct {
	const char *text, *host, *label;
} accounts[] = {
	{ "https://acme-main.snowflakecomputing.com", "acme-main.snowflakecomputing.com", "ACME-MAIN" },
	{ "https://ACME-Main.SnowflakeComputing.com/", "acme-main.snowflakecomputing.com", "ACME-MAIN" },
	{ "HTTPS://acme-main.snowflakecomputing.com", "acme-main.snowflakecomputing.com", "ACME-MAIN" },
	{ "https://acme-my_account.snowflakecomputing.com", "acme-my-account.snowflakecomputing.com", "ACME-MY_ACCOUNT" },
	{ "acme-main.snowflakecomputing.com", "acme-main.snowflakecomputing.com", "ACME-MAIN" },
	{ "https://xy12345.eu-central-1.snowflakecomputing.com", "xy12345.eu-central-1.snowflakecomputing.com", "XY12345" },
	{ "https://xy12345.west-europe.azure.snowflakecomputing.com", "xy12345.west-europe.azure.snowflakecomputing.com", "XY12345" },
	{ "https://acme-main.privatelink.snowflakecomputing.com", "acme-main.privatelink.snowflakecomputing.com", "ACME-MAIN" },
	{ "https://ORG_a.Snowflakecomputing.cn/", "org-a.snowflakecomputing.cn", "ORG_A" },
	{ "https://app.snowflake.com/acme/main/", "acme-main.snowflakecomputing.com", "ACME-MAIN" },
	{ "https://app.snowflake.com/acme/my_account/#/worksheets?x=y", "acme-my-account.snowflakecomputing.com", "ACME-MY_ACCOUNT" },
	{ "app.snowflake.com/acme/main", "acme-main.snowflakecomputing.com", "ACME-MAIN" },
	{ "acme-main", "acme-main.snowflakecomputing.com", "ACME-MAIN" },
	{ "ACME.MY_ACCOUNT", "acme-my-account.snowflakecomputing.com", "ACME-MY_ACCOUNT" },
	{ "xy12345.us-east-1", "xy12345.us-east-1.snowflakecomputing.com", "XY12345" },
	{ "xy12345.us-east-2.aws", "xy12345.us-east-2.aws.snowflakecomputing.com", "XY12345" },
	{ 0 },
};

/* OH-5: nothing else is a host of Snowflake's. */
static const char *const no_accounts[] = {
	"", "/", ".", "-", "acme", "a.b.", ".acme-main", "-acme-main", "acme-main-", "_a-b", "acme main", "acme-m\xC3\xA4in",
	"http://acme-main.snowflakecomputing.com", "ftp://acme-main", "https://acme-main", "https://acme.main",
	"https://", "https:///acme-main.snowflakecomputing.com", "//acme-main.snowflakecomputing.com",
	"https://snowflakecomputing.com", "https://.snowflakecomputing.com", ".snowflakecomputing.com",
	"https://evil.com", "https://evil.com#.snowflakecomputing.com", "https://evil.com/.snowflakecomputing.com",
	"https://evil.com?.snowflakecomputing.com", "https://evil.com\\@a.snowflakecomputing.com", "https://u@a.snowflakecomputing.com",
	"https://u:p@a.snowflakecomputing.com", "https://a.snowflakecomputing.com.evil.com", "https://asnowflakecomputing.com",
	"https://a.snowflakecomputing.com:8443", "https://a.snowflakecomputing.com/x", "https://a.snowflakecomputing.com//",
	"https://a..snowflakecomputing.com", "https://a%2esnowflakecomputing.com", "https://a.snowflakecomputing.com.",
	"https://127.0.0.1", "https://[::1]", "https://app.snowflake.com", "https://app.snowflake.com/", "https://app.snowflake.com/acme",
	"https://app.snowflake.com//main", "https://app.snowflake.com/acme/", "https://app.snowflake.com/a.evil/b", "https://app.snowflake.com/a/b@c",
	"https://app.snowflake.com.evil.com/a/b", "https://app.snowflake.com@evil.com/a/b", "a@b", "a:b", "a/b", "a-b\n",
	NULL,
};

static const struct {
	const char *text, *parts;
} names[] = {
	{ "DB.SCHEMA.NAME", "DB|SCHEMA|NAME" },
	{ "help.public.docs", "HELP|PUBLIC|DOCS" },
	{ "\"My Lab\".\"odd schema\".\"Mixed Service\"", "\"My Lab\"|\"odd schema\"|\"Mixed Service\"" },
	{ "db.\"a.b\".c$1", "DB|\"a.b\"|C$1" },
	{ "a.b.\"say \"\"x\"\"\"", "A|B|\"say \"\"x\"\"\"" },
	{ "a.b", NULL }, { "a.b.c.d", NULL }, { "a..c", NULL }, { "", NULL }, { "a.b.", NULL }, { ".b.c", NULL },
	{ "a.b.\"", NULL }, { "a.b.\"\"", NULL }, { "a.b.\"x", NULL }, { "a.b.\"x\"\"", NULL }, { "a.b.\"x\"y", NULL },
	{ "a.b.c/../d", NULL }, { "a.b.c d", NULL }, { "1a.b.c", NULL }, { "a.b.c;", NULL }, { "a.b.\xC3\xA4", NULL },
	{ 0 },
};

static const struct {
	const char *text, *names;
} lists[] = {
	{ "SALES", "SALES" },
	{ "sales, help", "SALES|HELP" },
	{ " a ,\"My Lab\" , \"x\"\"y\"", "A|My Lab|x\"y" },
	{ "", "" }, { ",", "" }, { "a,", "" }, { ",a", "" }, { "a b", "" }, { "a,,b", "" }, { "a.b", "" }, { "a,b,c,d", "" },
	{ 0 },
};

/* A value as the SQL API writes it, and as people do. */
static const struct {
	const char *type, *value, *text;
} values[] = {
	{ "fixed", "120345.50", "120345.50" },
	{ "text", "two\nlines\t\xE2\x80\x8B" "here", "two lines here" },
	{ "text", "1", "1" },
	{ "boolean", "true", "true" }, { "boolean", "1", "true" }, { "boolean", "0", "false" },
	{ "date", "0", "1970-01-01" }, { "date", "20635", "2026-07-01" }, { "date", "-1", "1969-12-31" },
	{ "date", "11016", "2000-02-29" }, { "date", "-719162", "0001-01-01" }, { "date", "2932896", "9999-12-31" },
	{ "date", "2026-07-01", "2026-07-01" }, { "date", "99999999999999999999", "99999999999999999999" }, { "date", "x", "x" }, { "date", "", "" },
	{ "DATE", "1", "1970-01-02" },
	{ "time", "0.000000000", "00:00:00" }, { "time", "86399.123400000", "23:59:59.1234" }, { "time", "86400", "86400" }, { "time", "12:00:00", "12:00:00" },
	{ "timestamp_ntz", "1577934245.000000000", "2020-01-02T03:04:05" },
	{ "timestamp_ntz", "1577934245.120000000", "2020-01-02T03:04:05.12" },
	{ "timestamp_ntz", "-1.000000000", "1969-12-31T23:59:59" },
	{ "timestamp_ltz", "1577934245", "2020-01-02T03:04:05Z" },
	{ "timestamp_tz", "1789372800.000000000 1560", "2026-09-14T10:00:00+02:00" },
	{ "timestamp_tz", "1789372800.000000000 1440", "2026-09-14T08:00:00Z" },
	{ "timestamp_tz", "1789372800.000000000 1140", "2026-09-14T03:00:00-05:00" },
	{ "timestamp_tz", "1789372800.000000000 9999", "1789372800.000000000 9999" },
	{ "timestamp_tz", "2026-09-14 10:00:00", "2026-09-14 10:00:00" },
	{ "timestamp_ntz", "9223372036854775808.0", "9223372036854775808.0" },
	{ "variant", "{\"a\":[1,undefined]}", "{\"a\":[1,undefined]}" },
	{ "binary", "00FF", "00FF" },
	{ "unheard_of", "5", "5" },
	{ NULL, "5", "5" },
	{ 0 },
};

static const struct {
	const char *statement;
	bool reads;
} statements[] = {
	{ "SELECT 1", true }, { "select 1;", true }, { "  Select 1 ; ", true }, { "(SELECT 1) UNION (SELECT 2)", true },
	{ "WITH a AS (SELECT 1) SELECT * FROM a", true }, { "with\na as (select 1) select 1", true },
	{ "SELECT 1 -- made by; the analyst\n;", true }, { "-- first\nSELECT 1", true }, { "// first\nSELECT 1", true },
	{ "/* first; */ SELECT /* ; */ 1", true }, { "SELECT ';' AS \";\"", true }, { "SELECT 'it''s; fine'", true },
	{ "SELECT 'a\\'; b'", true }, { "SELECT $$a; b$$", true }, { "SELECT * FROM t;\n-- end\n", true }, { "SELECT*FROM t", true }, { "SELECT'x'", true },
	{ "", false }, { ";", false }, { "-- SELECT", false }, { "/* SELECT 1", false }, { "SELECTED", false }, { "selects 1", false }, { "SELECT_1", false },
	{ "DELETE FROM t", false }, { "INSERT INTO t SELECT 1", false }, { "DROP TABLE t", false }, { "CALL p()", false }, { "BEGIN SELECT 1; END", false },
	{ "SELECT 1; DROP TABLE t", false }, { "SELECT 1; SELECT 2", false }, { "SELECT 1;;DROP TABLE t", false }, { "SELECT 1; -- x\nDROP TABLE t", false },
	{ "SELECT 'a'; DROP TABLE t --'", false }, { "SELECT \"a\"; DROP TABLE t", false }, { "SELECT $$a$$; DROP TABLE t", false }, { "SELECT /* */ 1; DELETE FROM t", false },
	{ "EXECUTE IMMEDIATE $$SELECT 1$$", false }, { "SHOW TABLES", false }, { "EXPLAIN SELECT 1", false }, { "\xEF\xBB\xBFSELECT 1", false },
	{ 0 },
};

static const char *const ids[] = {
	"database:SALES", "schema:SALES/MART", "table:SALES/MART/REVENUE", "view:SALES/MART/TOP_CUSTOMERS", "table:My%20Lab/odd%20schema/Mixed%20Case",
	"table:A/B/C%2FD", "table:A/B/.", "table:A/B/%C3%A4", "table:A/B/%22x%22",
	NULL,
};

static const char *const no_ids[] = {
	"", ":", "database", "database:", "database:A/B", "schema:A", "schema:A/", "schema:/B", "schema:A/B/C", "table:A/B", "table:A/B/", "table:A//C", "table:A/B/C/D",
	"table:A/B/C/", "Table:A/B/C", "tables:A/B/C", "tabl:A/B/C", "table:A/B/C D", "table:A/B/%43", "table:A/B/%2f", "table:A/B/%", "table:A/B/%00", "table:A/B/%FF",
	"table:A/B/\xC3\xA4", "table:A.B.C", " table:A/B/C", "table:A/B/C\n",
	NULL,
};

static const struct {
	const char *question, *words;
} questions[] = {
	{ "revenue", "revenue" },
	{ "where is the table of customers?", "customer" },
	{ "\"revenue table\" sales", "revenue|sale" },
	{ "TOP_CUSTOMERS", "TOP_CUSTOMER" },
	{ "address status", "address|statu" },
	{ "one two three four five six", "one|two|three|four" },
	{ "tables views schemas", "" },
	{ "?? !", "" }, { "", "" }, { "a", "" },
	{ 0 },
};
// clang-format on

static const char *joined(const char *const *parts, size_t count)
{
	struct buffer out = { .mem = mem };

	for (size_t i = 0; i < count; i++)
		buffer_format(&out, "%s%s", i ? "|" : "", parts[i]);
	return buffer_text(&out);
}

static void test_accounts(void)
{
	struct snowflake_account account;

	for (size_t i = 0; accounts[i].text; i++) {
		account = (struct snowflake_account){ 0 };
		CHECK_ROW(
			snowflake_account_read(mem, accounts[i].text, &account),
			accounts[i].text);
		CHECK_TEXT(account.host, accounts[i].host);
		CHECK_TEXT(account.label, accounts[i].label);
	}
	for (size_t i = 0; no_accounts[i]; i++)
		CHECK_ROW(
			!snowflake_account_read(mem, no_accounts[i], &account),
			no_accounts[i]);
}

static void test_names(void)
{
	for (size_t i = 0; names[i].text; i++) {
		struct snowflake_name name;

		CHECK_TEXT(snowflake_name_read(mem, names[i].text, &name)
		                   ? joined(name.parts, 3)
		                   : NULL,
		           names[i].parts);
	}
	for (size_t i = 0; lists[i].text; i++) {
		const char *list[3];

		CHECK_TEXT(joined(list, snowflake_names_read(mem, lists[i].text,
		                                             list, 3)),
		           lists[i].names);
	}
}

static void test_values(void)
{
	struct buffer out = { .mem = mem };
	json_object *type, *value;

	for (size_t i = 0; values[i].value; i++) {
		type = js_object(mem);
		value = js_object(mem);
		js_put_text(type, "type", values[i].type);
		js_put_text(value, "value", values[i].value);
		CHECK_TEXT(
			snowflake_value(mem, type, js_get(value, "value"), 100),
			values[i].text);
	}
	CHECK_TEXT(snowflake_value(mem, type, NULL, 100), "NULL");
	snowflake_table(
		&out,
		js_literal(mem, "[{\"name\":\"DAY\",\"type\":\"date\"},"
	                        "{\"name\":\"X\",\"type\":\"text\"}]"),
		js_literal(mem, "[[\"0\",null],[\"1\"],7,[\"2\",\"c\"]]"), 3);
	CHECK_TEXT(buffer_text(&out), "DAY | X\n1970-01-01 | NULL\n"
	                              "1970-01-02 | NULL\nNULL | NULL\n");
}

/* MC-10: what a model or a person wrote is never more than data. */
static void test_statements(void)
{
	for (size_t i = 0; statements[i].statement; i++)
		CHECK_ROW(snowflake_reads_only(statements[i].statement) ==
		                  statements[i].reads,
		          statements[i].statement);
	CHECK_TEXT(snowflake_quoted(mem, "My \"Lab\""), "\"My \"\"Lab\"\"\"");
	CHECK_TEXT(snowflake_pattern(mem, "50%_^'"), "%50^%^_^^'%");
}

static void test_catalogue(void)
{
	struct catalogue_object object;

	for (size_t i = 0; ids[i]; i++) {
		CHECK_ROW(catalogue_read_id(mem, ids[i], &object), ids[i]);
		CHECK_TEXT(catalogue_id(mem, &object), ids[i]);
		CHECK(catalogue_is_id(ids[i]));
	}
	for (size_t i = 0; no_ids[i]; i++)
		CHECK_ROW(!catalogue_read_id(mem, no_ids[i], &object),
		          no_ids[i]);
	CHECK(!catalogue_read_id(mem, text_format(mem, "database:%0256d", 1),
	                         &object));
	for (size_t i = 0; questions[i].question; i++) {
		const char *words[CATALOGUE_WORDS];

		CHECK_TEXT(joined(words,
		                  catalogue_words(mem, questions[i].question,
		                                  words)),
		           questions[i].words);
	}
}

int main(void)
{
	mem = arena_new(4 << 20);
	test_accounts();
	test_names();
	test_values();
	test_statements();
	test_catalogue();
	arena_free(mem);
	return check_end();
}
