#include "check.h"

#include "auth/email.h"
#include "auth/host.h"
#include "core/arena.h"
#include "core/text.h"

static struct arena *mem;

#define LOCAL_64                                                               \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define LABEL_63                                                               \
	"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

/* AC-1: equal spellings collide. */
static const struct {
	const char *text, *shown, *key;
} equal[] = {
	{ "ann@example.com", "ann@example.com", "ann@example.com" },
	{ "Ann@example.com", "Ann@example.com", "ann@example.com" },
	{ "ANN@EXAMPLE.COM", "ANN@example.com", "ann@example.com" },
	{ " ann@example.com\n", "ann@example.com", "ann@example.com" },
	{ "ann@ex\xC3\xA4mple.com", "ann@xn--exmple-cua.com", "ann@xn--exmple-cua.com" },
	{ "ann@EX\xC3\x84MPLE.com", "ann@xn--exmple-cua.com", "ann@xn--exmple-cua.com" },
	{ "ann@exa\xCC\x88mple.com", "ann@xn--exmple-cua.com", "ann@xn--exmple-cua.com" },
	{ "ann@xn--exmple-cua.com", "ann@xn--exmple-cua.com", "ann@xn--exmple-cua.com" },
	{ "ann@XN--EXMPLE-CUA.com", "ann@xn--exmple-cua.com", "ann@xn--exmple-cua.com" },
	{ "ann@\xE2\x84\xAA" "elvin.com", "ann@kelvin.com", "ann@kelvin.com" },
	{ "ann@\xEF\xBD\x85xample.com", "ann@example.com", "ann@example.com" },
	{ "ann@example\xE3\x80\x82" "com", "ann@example.com", "ann@example.com" },
	{ "a.b+c@example.com", "a.b+c@example.com", "a.b+c@example.com" },
	{ "o'neil!#$%&*/=?^_`{|}~-@example.com", "o'neil!#$%&*/=?^_`{|}~-@example.com", "o'neil!#$%&*/=?^_`{|}~-@example.com" },
	{ "ann@a.b.example.co.uk", "ann@a.b.example.co.uk", "ann@a.b.example.co.uk" },
	{ LOCAL_64 "@example.com", LOCAL_64 "@example.com", LOCAL_64 "@example.com" },
	{ "a@" LABEL_63 ".com", "a@" LABEL_63 ".com", "a@" LABEL_63 ".com" },
};

/* AC-1: others are refused. */
static const char *const refused[] = {
	"", "ann", "@", "ann@", "@example.com", "ann@example", "ann@@example.com",
	"ann@b@example.com", ".ann@example.com", "ann.@example.com",
	"a..b@example.com", "a b@example.com", "\"ann\"@example.com",
	"ann@exa mple.com", "ann@[127.0.0.1]", "ann@127.0.0.1",
	"ann@example.123", "ann@-example.com", "ann@example-.com",
	"ann@example..com", "ann@.example.com", "ann@example.com.",
	"ann@exam_ple.com", "ann@exam/ple.com", "ann@example.com>",
	"Ann <ann@example.com>", "ann@example.com,bob@example.com",
	"ann@host.local", "ann@host.test", "ann@host.invalid",
	"ann@localhost", "ann@a.localhost", "ann@4.3.2.1.in-addr.arpa",
	"ann@abc.onion", "ann@HOST.LOCAL",
	"\xC3\xA9nn@example.com",         /* a local part beyond ASCII */
	"e\xCC\x81nn@example.com",        /* the same, decomposed */
	"\xE2\x84\xAA" "@example.com",    /* the Kelvin sign, which lower() maps to k */
	"ann@exam\xE2\x80\x8Fple.com",    /* a bidi mark */
	"ann@xn--a.com", "ann@xn--exmple-cuaz9.com.xn--",
	LOCAL_64 "a@example.com", "a@" LABEL_63 "b.com",
	LOCAL_64 "@" LABEL_63 "." LABEL_63 "." LABEL_63 ".com",
};

/* TV-3: host spellings, after nginx has taken case, port and one dot away. */
static const struct {
	const char *host;
	bool fine;
} hosts[] = {
	{ "gate1.example.com", true }, { "localhost", true },
	{ "127.0.0.1", true }, { "a-b.c", true }, { LABEL_63 ".com", true },
	{ NULL, false }, { "", false }, { ".", false }, { "a.", false },
	{ ".a", false }, { "a..b", false }, { "A.example.com", false },
	{ "a.example.com:8080", false }, { "a b", false }, { "a/b", false },
	{ "a_b.example.com", false }, { "-a.com", false }, { "a-.com", false },
	{ "[::1]", false }, { "a@b", false }, { "a%2eb", false },
	{ "gate1.example.com\n", false }, { "g\xC3\xA4te.com", false },
	{ LABEL_63 "b.com", false },
	{ LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_63 ".com", false },
};

int main(void)
{
	mem = arena_new(1 << 20);
	for (size_t i = 0; i < sizeof(equal) / sizeof(*equal); i++) {
		struct email email = { NULL, NULL };

		CHECK_FINE(email_read(mem, equal[i].text, &email));
		CHECK_TEXT(email.shown, equal[i].shown);
		CHECK_TEXT(email.key, equal[i].key);
	}
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		struct email email;
		struct fault *wrong = email_read(mem, refused[i], &email);

		CHECK_ROW(wrong && wrong->kind == FAULT_BAD_FIELD, refused[i]);
		CHECK_ROW(!wrong || !strstr(wrong->told, "ann"),
		          "what is told does not repeat the address");
	}
	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++)
		CHECK_ROW(host_fine(hosts[i].host) == hosts[i].fine,
		          hosts[i].host ? hosts[i].host : "TV-3: no host");
	arena_free(mem);
	return check_end();
}
