#include "check.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/config.h"
#include "core/domains.h"
#include "core/env_file.h"
#include "core/setting.h"
#include "core/text.h"

extern char **environ;

static struct arena *mem;
static struct config config;

#define SECRET "q7Xk2fT9vLmZ4rB8nWc1yHs6dJg3pAe5"

static void write_file(const char *path, const char *text, mode_t mode)
{
	FILE *file = fopen(path, "w");

	fputs(text, file);
	fclose(file);
	chmod(path, mode);
}

/* What reading a .env file of this text says: "" when all is well. */
static const char *told(const char *text, enum config_for program)
{
	struct fault *fault;

	write_file(".env", text, 0600);
	fault = config_read(mem, program, &config);
	if (!fault)
		return "";
	return fault->kind == FAULT_BAD_SETTING ? fault->told : "other fault";
}

static void check_values(void)
{
	CHECK_TEXT(told("", FOR_NOBODY), "");
	CHECK_INT(config.mcp_threads, 64);
	CHECK_TEXT(config.password_hash, "bcrypt");
	CHECK(config.jwt_secret == NULL);
	CHECK_TEXT(config.env_file, ".env");
	CHECK_TEXT(told("GATEHOUSE_MCP_THREADS=512\n"
	                "PASSWORD_HASH=argon2id\n"
	                "OTHER_PROGRAM=whatever\n"
	                "GATEHOUSE_APP_URL=HTTPS://App.Example.org:8443/\n"
	                "GATEHOUSE_ORIGINS= https://A.example , "
	                "http://b.example:81/\n"
	                "GATEHOUSE_API_THREADS=\n",
	                FOR_NOBODY),
	           "");
	CHECK_INT(config.mcp_threads, 512);
	CHECK_INT(config.api_threads, 32);
	CHECK_TEXT(config.password_hash, "argon2id");
	CHECK_TEXT(config.app_url, "https://app.example.org:8443");
	CHECK_TEXT(config.origins, "https://a.example,http://b.example:81");
	/* the environment goes before the file */
	setenv("GATEHOUSE_MCP_THREADS", "7", 1);
	CHECK_TEXT(told("GATEHOUSE_MCP_THREADS=512", FOR_NOBODY), "");
	CHECK_INT(config.mcp_threads, 7);
	setenv("GATEHOUSE_MCP_THREADS", "0", 1);
	CHECK_TEXT(told("", FOR_NOBODY),
	           "environment: GATEHOUSE_MCP_THREADS is not a whole number "
	           "from 1 to 512");
	unsetenv("GATEHOUSE_MCP_THREADS");
}

#define BOTH                                                               \
	"DATABASE_URL=postgresql://a/b\nMCP_GATEWAY_URL_POOLS=a.example\n" \
	"GATEHOUSE_SEAL_PUBLIC_KEY_FILE=key.pub\n"
#define MAKE_ONE "; make one with: openssl rand -base64 48"

#define PREVIOUS "\nGATEHOUSE_JWT_SECRET_PREVIOUS="

/* JW-7: the second key may be missing, but not be weak, nor the first one. */
static void check_previous(const char *const *bad, size_t count)
{
	const char *wrong;

	CHECK_TEXT(told(BOTH "JWT_SECRET=" SECRET, FOR_API), "");
	CHECK(!config.jwt_secret_previous);
	CHECK_TEXT(told(BOTH "JWT_SECRET=" SECRET PREVIOUS, FOR_API), "");
	CHECK(!config.jwt_secret_previous);
	CHECK_TEXT(told(BOTH "JWT_SECRET=" SECRET PREVIOUS "x" SECRET, FOR_API),
	           "");
	CHECK_TEXT(config.jwt_secret_previous, "x" SECRET);
	wrong = told(BOTH "JWT_SECRET=" SECRET PREVIOUS SECRET, FOR_API);
	CHECK_TEXT(wrong,
	           ".env line 5: GATEHOUSE_JWT_SECRET_PREVIOUS is JWT_SECRET "
	           "itself; set it to the key that JWT_SECRET replaces, or "
	           "leave it out");
	for (size_t i = 0; i < count; i++) {
		wrong = told(text_format(mem, BOTH "JWT_SECRET=" SECRET PREVIOUS
		                                   "'%s'",
		                         bad[i]),
		             FOR_API);
		CHECK_ROW(strstr(wrong, "_PREVIOUS looks like") ||
		                  strstr(wrong, "_PREVIOUS repeats"),
		          bad[i]);
	}
	/* the old key alone is not enough */
	CHECK(strstr(told(BOTH PREVIOUS SECRET, FOR_API),
	             "JWT_SECRET is missing"));
}

/* JW-1: no program starts with a secret that is missing, short or known */
static void check_secrets(void)
{
	static const char *const bad[] = {
		"your-secret-key-change-in-production-please",
		"CHANGE-ME-CHANGE-ME-CHANGE-ME-CHANGE-ME",
		"replace_this_with_something_at_least_32_bytes",
		"this is an example of a secret, thirty-two",
		"12345678901234567890123456789012",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"abababababababababababababababababababab",
	};
	struct fault *fault;

	CHECK_TEXT(told(BOTH "JWT_SECRET=" SECRET, FOR_API), "");
	CHECK_TEXT(told(BOTH "JWT_SECRET='" SECRET "'", FOR_API), "");
	CHECK_TEXT(config.jwt_secret, SECRET);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		CHECK_ROW(secret_wrong(bad[i]), bad[i]); /* JW-1 */
	CHECK_TEXT(secret_wrong(""), "is missing" MAKE_ONE);
	CHECK_TEXT(secret_wrong(NULL), "is missing" MAKE_ONE);
	CHECK_TEXT(told(BOTH "JWT_SECRET=q7Xk2fT9vLmZ4rB8nWc1yHs6dJg3pAe",
	                FOR_API),
	           ".env line 4: JWT_SECRET is shorter than 32 bytes" MAKE_ONE);
	CHECK(strstr(told(BOTH, FOR_API), "JWT_SECRET is missing"));
	CHECK(strstr(told(BOTH "JWT_SECRET=", FOR_API),
	             "JWT_SECRET is missing"));
	CHECK(strstr(told(BOTH "JWT_SECRET=''", FOR_MCP),
	             "JWT_SECRET is missing"));
	/* a wrong one is wrong for whoever reads it */
	CHECK(*told("JWT_SECRET=short", FOR_COMMAND));
	check_previous(bad, sizeof(bad) / sizeof(*bad));
	/* SE-1: a file of secrets that others may read */
	write_file(".env", "# a\nJWT_SECRET=" SECRET "\n", 0604);
	fault = config_read(mem, FOR_NOBODY, &config);
	CHECK_TEXT(fault ? fault->told : NULL,
	           ".env line 2: JWT_SECRET is secret, but others may read "
	           "this file; run: chmod o= .env");
	CHECK(!fault || !strstr(fault->told, SECRET));
	chmod(".env", 0640);
	CHECK_FINE(config_read(mem, FOR_NOBODY, &config));
	write_file(".env", "GATEHOUSE_LOG_LEVEL=debug\nJWT_SECRET=\n", 0644);
	CHECK_FINE(config_read(mem, FOR_NOBODY, &config));
}

static void check_needed(void)
{
	CHECK(strstr(told("JWT_SECRET=" SECRET, FOR_API),
	             "DATABASE_URL is missing; set it in .env. Where"));
	CHECK(strstr(told("DATABASE_URL=postgresql://a/b\nJWT_SECRET=" SECRET,
	                  FOR_API),
	             "MCP_GATEWAY_URL_POOLS is missing"));
	CHECK(strstr(told("JWT_SECRET=" SECRET
	                  "\nGATEHOUSE_MCP_DATABASE_URL=postgresql://a/b",
	                  FOR_MCP),
	             "GATEHOUSE_SEAL_PRIVATE_KEY_FILE is missing"));
	CHECK_TEXT(told("JWT_SECRET=" SECRET
	                "\nGATEHOUSE_MCP_DATABASE_URL=postgresql://a/b\n"
	                "GATEHOUSE_SEAL_PRIVATE_KEY_FILE=k",
	                FOR_MCP),
	           "");
	CHECK(strstr(told("", FOR_COMMAND), "DATABASE_URL is missing"));
}

static void check_unknown(void)
{
	CHECK_TEXT(told("\n# x\nGATEHOUSE_MPC_THREADS=3\n", FOR_NOBODY),
	           ".env line 3: there is no setting GATEHOUSE_MPC_THREADS; "
	           "did you mean GATEHOUSE_MCP_THREADS?");
	CHECK_TEXT(told("GATEHOUSE_DEADLINE=3\n", FOR_NOBODY),
	           ".env line 1: there is no setting GATEHOUSE_DEADLINE; did "
	           "you mean GATEHOUSE_DEADLINE_MS?");
	CHECK_TEXT(told("GATEHOUSE_COMPLETELY_DIFFERENT_THINGS=3", FOR_NOBODY),
	           ".env line 1: there is no setting "
	           "GATEHOUSE_COMPLETELY_DIFFERENT_THINGS; see: gatehouse "
	           "config --template");
	CHECK(*told("GATEHOUSE_ENV_FILE=other", FOR_NOBODY));
	setenv("GATEHOUSE_SESSION_HOUR", "3", 1);
	CHECK_TEXT(told("", FOR_NOBODY),
	           "environment: there is no setting GATEHOUSE_SESSION_HOUR; "
	           "did you mean GATEHOUSE_SESSION_HOURS?");
	unsetenv("GATEHOUSE_SESSION_HOUR");
}

static void check_wrong(void)
{
	static const struct {
		const char *line, *part; /* of what is told */
	} rows[] = {
		{ "GATEHOUSE_MCP_THREADS=513", "from 1 to 512" },
		{ "GATEHOUSE_MCP_THREADS=many", "from 1 to 512" },
		{ "GATEHOUSE_MCP_THREADS=-1", "from 1 to 512" },
		{ "PASSWORD_HASH=md5", "is none of bcrypt and argon2id" },
		{ "GATEHOUSE_GATEWAY_SCHEME=ftp", "is none of https and http" },
		{ "GATEHOUSE_LOG_LEVEL=loud", "is none of debug, info" },
		{ "DATABASE_URL=mysql://a/b", "does not begin with" },
		{ "DATABASE_URL=postgresql+asyncpg", "does not begin with" },
		{ "DATABASE_URL=postgresql://u:p w@h/d", "holds a blank" },
		{ "GATEHOUSE_APP_URL=app.example.org", "is no address like" },
		{ "GATEHOUSE_APP_URL=https://a.example/x", "without a path" },
		{ "GATEHOUSE_APP_URL=http://a.example", "use https" },
		{ "GATEHOUSE_APP_URL=http://localhost.example", "use https" },
		{ "GATEHOUSE_APP_URL=https://u@a.example", "is no address" },
		{ "GATEHOUSE_ORIGINS=https://a.example,null", "entry 2" },
		{ "GATEHOUSE_ORIGINS=*", "entry 1" },
		{ "MCP_GATEWAY_URL_POOLS=a_b.example",
		  "entry 1 (a_b.example)" },
		{ "MCP_GATEWAY_URL_POOLS=a.example,b.example/x", "entry 2" },
		{ "MCP_GATEWAY_URL_POOLS=,", "names no domain" },
		{ "GATEHOUSE_ORIGINS='a\x01z'", "control character" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *text = told(rows[i].line, FOR_NOBODY);

		CHECK_ROW(text_starts(text, ".env line 1: ") &&
		                  strstr(text, rows[i].part),
		          rows[i].line);
	}
	/* a secret is not repeated */
	CHECK(!strstr(told("DATABASE_URL=mysql://u:hush@a/b", FOR_NOBODY),
	              "hush"));
}

static const char *value_of(const char *line)
{
	struct env_file file;
	struct fault *fault = env_file_parse(mem, "f", line, &file);

	return fault || file.count != 1 ? NULL : file.lines[0].value;
}

static void check_file_form(void)
{
	static const char *const wrong[] = {
		"A",        "A B=1",    "=1",       "1A=1",  "A='x",
		"A=\"x",    "A='x' y",  "A=\"x\"y", "A-B=1", "export",
		"export A", "A=1\nA=2", "A: 1",
	};
	struct env_file file;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		CHECK_ROW(env_file_parse(mem, "f", wrong[i], &file), wrong[i]);
	CHECK_TEXT(env_file_parse(mem, "f", "A=1\n\nA=2", &file)->told,
	           "f line 3: A stands in line 1 already; delete one of them");
	CHECK_TEXT(value_of("A=x"), "x");
	CHECK_TEXT(value_of("  export\tA = x y \t\r\n"), "x y");
	CHECK_TEXT(value_of("A="), "");
	CHECK_TEXT(value_of("A=#x"), "");
	CHECK_TEXT(value_of("A=x#y"), "x#y");
	CHECK_TEXT(value_of("A=x #y"), "x");
	CHECK_TEXT(value_of("A='x #y' # z"), "x #y");
	CHECK_TEXT(value_of("A='a\\n\"$B'"), "a\\n\"$B");
	CHECK_TEXT(value_of("A=\"a\\n\\\"\\$B\\\\ 'c'\""), "a\\n\"$B\\ 'c'");
	CHECK_TEXT(value_of("A=$HOME`id`"), "$HOME`id`"); /* nothing expands */
	CHECK_TEXT(value_of("\xEF\xBB\xBF"
	                    "A=b==c"),
	           "b==c");
	CHECK_FINE(env_file_parse(mem, "f", "#A=1\n\n \t\n  # B\n", &file));
	CHECK_INT(file.count, 0);
}

static void check_files(void)
{
	unlink(".env");
	CHECK_FINE(config_read(mem, FOR_NOBODY, &config));
	CHECK(config.env_file == NULL);
	setenv("GATEHOUSE_ENV_FILE", "absent", 1);
	CHECK_FAULT(config_read(mem, FOR_NOBODY, &config), BAD_SETTING);
	write_file("named", "GATEHOUSE_API_THREADS=5\n", 0600);
	write_file(".env", "GATEHOUSE_API_THREADS=6\n", 0600);
	setenv("GATEHOUSE_ENV_FILE", "named", 1);
	CHECK_FINE(config_read(mem, FOR_NOBODY, &config));
	CHECK_INT(config.api_threads, 5);
	setenv("GATEHOUSE_ENV_FILE", "", 1); /* no file at all */
	CHECK_FINE(config_read(mem, FOR_NOBODY, &config));
	CHECK_INT(config.api_threads, 32);
	unsetenv("GATEHOUSE_ENV_FILE");
	write_file(".env", "A=\xFF\n", 0600);
	CHECK_FAULT(config_read(mem, FOR_NOBODY, &config), BAD_SETTING);
	unlink(".env");
	mkdir(".env", 0700);
	CHECK_FAULT(config_read(mem, FOR_NOBODY, &config), BAD_SETTING);
	rmdir(".env");
}

/* The pool as text, or what is wrong with it. */
static const char *pool(const char *text)
{
	struct buffer all = { .mem = mem };
	char **domains;
	const char *wrong = domains_read(mem, text, &domains);

	for (size_t i = 0; !wrong && domains[i]; i++)
		buffer_format(&all, "%s%s", i ? " " : "", domains[i]);
	return wrong ? text_format(mem, "! %s", wrong) : buffer_text(&all);
}

static void check_domains(void)
{
	static const char *const wrong[] = {
		"",
		"a..b",
		".a",
		"-a",
		"a-",
		"a:0",
		"a:65536",
		"a:",
		"a:080",
		"a:8:8",
		"a_b",
		"a b",
		"u@a",
		"a/x",
		"[::1]",
		"é.example",
		"a.example?x",
		"..",
		"a.-b.c",
		"a:+80",
		"01234567890123456789012345678901234567890123456789012345678901"
		"23",
	};
	char **domains;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		CHECK_ROW(!domain_read(mem, wrong[i]), wrong[i]);
	CHECK_TEXT(domain_read(mem, "MCP1.Example.ORG."), "mcp1.example.org");
	CHECK_TEXT(domain_read(mem, "a:65535"), "a:65535");
	CHECK_TEXT(domain_read(mem, "127.0.0.1:1"), "127.0.0.1:1");
	CHECK_TEXT(pool(" https://A.example/ ,http://localhost:8081,,b "),
	           "a.example localhost:8081 b");
	CHECK_TEXT(pool("a,b,HTTP://A"),
	           "! entry 3 (a) stands there twice; delete one of them");
	CHECK_TEXT(pool("a:1,a:2"), "a:1 a:2");
	CHECK(domain_is_loopback("localhost:80") &&
	      domain_is_loopback("x.localhost") &&
	      domain_is_loopback("127.1.2.3:8081"));
	CHECK(!domain_is_loopback("notlocalhost") &&
	      !domain_is_loopback("127.0.0.1.example") &&
	      !domain_is_loopback("localhost.example"));
	/* grows without a restart; its mistakes go to the log only */
	CHECK_TEXT(told("MCP_GATEWAY_URL_POOLS=a", FOR_NOBODY), "");
	write_file(".env", "MCP_GATEWAY_URL_POOLS=a,https://B:443/\n", 0600);
	CHECK_FINE(config_pool(mem, &config, &domains));
	CHECK_TEXT(domains[1], "b:443");
	CHECK(domains[2] == NULL);
	write_file(".env", "MCP_GATEWAY_URL_POOLS=a,a\n", 0600);
	CHECK_TEXT(config_pool(mem, &config, &domains)->told,
	           "A setting is wrong.");
	CHECK_TEXT(config_pool(mem, &config, &domains)->note,
	           ".env line 1: MCP_GATEWAY_URL_POOLS is wrong: entry 2 (a) "
	           "stands there twice; delete one of them");
	setenv("MCP_GATEWAY_URL_POOLS", "c", 1);
	CHECK_FINE(config_pool(mem, &config, &domains));
	CHECK_TEXT(domains[0], "c");
	unsetenv("MCP_GATEWAY_URL_POOLS");
	unlink(".env");
	CHECK_FAULT(config_pool(mem, &config, &domains), BAD_SETTING);
}

static void check_libpq(void)
{
	static const struct {
		const char *from, *to;
	} rows[] = {
		{ "postgresql://u:p%40@h:5432/d",
		  "postgresql://u:p%40@h:5432/d" },
		{ "postgres://h/d", "postgresql://h/d" },
		{ "postgresql+asyncpg://u:p@h/d?ssl=require",
		  "postgresql://u:p@h/d?sslmode=require" },
		{ "postgresql+asyncpg://h/d?ssl=verify-full&application_name=x",
		  "postgresql://h/d?sslmode=verify-full&application_name=x" },
		{ "postgresql+asyncpg://h/d?ssl=true",
		  "postgresql://h/d?sslmode=require" },
		{ "postgresql+asyncpg://h/d?ssl=False",
		  "postgresql://h/d?sslmode=disable" },
		{ "postgresql+asyncpg://h/d?statement_cache_size=0",
		  "postgresql://h/d" },
		{ "postgresql+psycopg2://h/d?sslmode=prefer",
		  "postgresql://h/d?sslmode=prefer" },
		{ "postgresql:///d?host=/run/postgresql&port=5433",
		  "postgresql:///d?host=/run/postgresql&port=5433" },
		{ "postgresql://a:1,b:2/d?target_session_attrs=read-write",
		  "postgresql://a:1,b:2/d?target_session_attrs=read-write" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_TEXT(config_libpq(mem, rows[i].from), rows[i].to);
}

/* What a printing function printed. */
static char *printed(void (*print)(FILE *))
{
	char *bytes, *text;
	size_t size;
	FILE *to = open_memstream(&bytes, &size);

	if (print)
		print(to);
	else
		config_print(&config, to);
	fclose(to);
	text = text_copy(mem, bytes);
	free(bytes);
	return text;
}

static void check_printing(void)
{
	const char *template = printed(config_print_template);
	const char *reference = printed(config_print_reference);
	const char *all;

	for (const struct setting *row = settings; row->type; row++) {
		CHECK_ROW(row->meaning && *row->meaning, "a meaning");
		if (!row->name)
			continue;
		CHECK_ROW(strstr(template, row->name) &&
		                  strstr(reference, row->name),
		          row->name);
		/* a default must be a value that is taken */
		CHECK_ROW(!setting_keep(mem, row, setting_default(mem, row),
		                        &config),
		          row->name);
	}
	/* LA-3: no secret is shown */
	told("JWT_SECRET=" SECRET "\nDATABASE_URL=postgresql://u:hush@h/d",
	     FOR_NOBODY);
	all = printed(NULL);
	CHECK(strstr(all, "JWT_SECRET=(secret)\n"));
	CHECK(strstr(all, "GATEHOUSE_API_THREADS=32\n"));
	CHECK(strstr(all, "# OPENAI_API_KEY is not set\n"));
	CHECK(!strstr(all, SECRET) && !strstr(all, "hush"));
	/* the template is a .env file that only lacks what it must not know */
	CHECK_TEXT(told(template, FOR_NOBODY), "");
	CHECK(strstr(told(template, FOR_API), "DATABASE_URL is missing"));
}

int main(void)
{
	char folder[] = "/tmp/gatehouse-config-test-XXXXXX";

	mem = arena_new(64 << 20);
	environ = (char *[]){ NULL }; /* whatever the caller has set */
	if (!mkdtemp(folder) || chdir(folder))
		return 1;
	check_values();
	check_secrets();
	check_needed();
	check_unknown();
	check_wrong();
	check_file_form();
	check_files();
	check_domains();
	check_libpq();
	check_printing();
	unlink(".env");
	unlink("named");
	CHECK(chdir("/") == 0 && rmdir(folder) == 0);
	arena_free(mem);
	return check_end();
}
