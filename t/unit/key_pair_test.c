/* RS256 with a key that was made for this test and is used nowhere else; what
 * is expected of it was worked out by openssl. */
#include "check.h"

#include "auth/key_pair.h"
#include "core/arena.h"
#include "core/text.h"

// clang-format off
#define KEY \
	"MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQDMSa/Fy33F" \
	"c9tSWS5fQHlBdgjGmmS3ubfAq3ZPJhPmDGXvfejdj0Y7xmXWDsZ4ZK740NKE" \
	"+/5lKM3IUaPljEQIsX8zEVT4xDqOTD68DYR5PAlbKwL1YZdFQCUSiHw5d51H" \
	"TXCVz51UoQnm5mndkLhc5OQSaz1u0fcEQyCe/cgbKUhUiJzKNiL7rgaXBnjw" \
	"SDlf95pQuNXvsYE/WHbnU4qF1uqwZvIDYvP+8ZowINlkxADGjUHadchHi6RC" \
	"FKTr8mKB161hjZOwpLMvct/wHMwLBmZ2UTTjWvj4dl8oG1zZGcbphMr1Nhth" \
	"rN4pZNye+RTha/Kfu4qyW/sq2jDWbTMjAgMBAAECggEAIOfzqMQs96vAVcTo" \
	"u84aWgmFw1vmQlPnfeEAlyI2jVVM7CVXZ6zm7sT37WGG5aiuKIUWi/Y9VZUb" \
	"hJtl75lG8jGJIDQ4ADQ3jGlKp6bzwkWB6k4E1XrJT43UCuayP919F5mpO3Bs" \
	"Us/31Nojjl173Pa/qBnfFOU8SVL4w7N0Uq9rejAXm0fA/cluIIYcd4BzsgcH" \
	"bSunL8fM5Kfw0CaDGAXrRSrnYrQNpnznqH8oa8Xni3fUsfp/hHtEQJJR7mpH" \
	"WHF1vW8N8YSN8kZuUWjQooL0iUlYXHac9gWjliHPG+vr6QjtYXjEz216j+7W" \
	"wLBvxZWqkW4VWvot096d1ynf3QKBgQDnLp23hswkW7kPRle0Fj0vQzh7P0+X" \
	"5ekcjWSmldhdArSrCY03OzfDHvFFBo4SNdBPomydP6QUgu7dtnJ9ptEFMiP2" \
	"yeIXZwmx5YQmLsYaX91YG64t1We8bfYv3aIRTfz7m3ChcL1tFGtRCKyjkMV5" \
	"Kwq+PjRBbdT0G3LcAJ2FtwKBgQDiN/VN0oHc1LEBmTXFgPYFjb+PGa23i/jB" \
	"tXXrEHhMVW74USIOKh4o63uImZpSa0qS2vqgXZUA33NmC2582zk1YKhlXjzV" \
	"Z/3KR9/MFJAhUmnjdhQ/13KmdrjX4rudP+9wEE39TJg/hVo9Dg+wldeK1WXF" \
	"qcRUbv06o8Tx+K2d9QKBgDUfzTZjT337ZedQrs6/XYgC1nPb9JpfRtY816hA" \
	"PtwAxyuWolDS1tmLvr2x5+vfWeMy2+q2uSnNfL6OMnkVYGrlPsZzVfUyxFOQ" \
	"/nEXxoZBCUg59CisJY5zZmNRdvCrDztyWMuAcMckLhUM/T8JAZf6gBl/idqP" \
	"NqRxuk88BPa5AoGAYM0pPx/xShoJlHGHPPiuTjoV2ppWZ9CRpfKMfwYRNDjq" \
	"v3+YXw9O0JvTxORV0SbwRl9GGBFzjWgQ7X2+zdbRaDHwXVAyH+/b/g87iQzT" \
	"kC6/+QGyMI91FB6BgoAXYHbXctDHTrjT/XqG3tGBjULRdStT3X2D8c18tvcV" \
	"c6XCRXECgYAHmTmvRA9EG8nI7fJ8Hi8IaTBv+lmAfPEu68qQ5pvCCoZ1nP9t" \
	"TlxEGmvlvYm0bD/iMaEkxbbow6yBg21q0GjqkwZy9zV6NcixgPKxprt9KuiJ" \
	"vfK1CMLIpKTUJkk8Wx6EP6gNkRMYlGt3k8zWykLVJV4itY3GlG/qcMQfqyqZ" \
	"fQ=="

/* The same key in PKCS 1. */
#define OLD_KEY \
	"MIIEogIBAAKCAQEAzEmvxct9xXPbUlkuX0B5QXYIxppkt7m3wKt2TyYT5gxl" \
	"733o3Y9GO8Zl1g7GeGSu+NDShPv+ZSjNyFGj5YxECLF/MxFU+MQ6jkw+vA2E" \
	"eTwJWysC9WGXRUAlEoh8OXedR01wlc+dVKEJ5uZp3ZC4XOTkEms9btH3BEMg" \
	"nv3IGylIVIicyjYi+64GlwZ48Eg5X/eaULjV77GBP1h251OKhdbqsGbyA2Lz" \
	"/vGaMCDZZMQAxo1B2nXIR4ukQhSk6/JigdetYY2TsKSzL3Lf8BzMCwZmdlE0" \
	"41r4+HZfKBtc2RnG6YTK9TYbYazeKWTcnvkU4Wvyn7uKslv7Ktow1m0zIwID" \
	"AQABAoIBACDn86jELPerwFXE6LvOGloJhcNb5kJT533hAJciNo1VTOwlV2es" \
	"5u7E9+1hhuWoriiFFov2PVWVG4SbZe+ZRvIxiSA0OAA0N4xpSqem88JFgepO" \
	"BNV6yU+N1Armsj/dfReZqTtwbFLP99TaI45de9z2v6gZ3xTlPElS+MOzdFKv" \
	"a3owF5tHwP3JbiCGHHeAc7IHB20rpy/HzOSn8NAmgxgF60Uq52K0DaZ856h/" \
	"KGvF54t31LH6f4R7RECSUe5qR1hxdb1vDfGEjfJGblFo0KKC9IlJWFx2nPYF" \
	"o5Yhzxvr6+kI7WF4xM9teo/u1sCwb8WVqpFuFVr6LdPendcp390CgYEA5y6d" \
	"t4bMJFu5D0ZXtBY9L0M4ez9Pl+XpHI1kppXYXQK0qwmNNzs3wx7xRQaOEjXQ" \
	"T6JsnT+kFILu3bZyfabRBTIj9sniF2cJseWEJi7GGl/dWBuuLdVnvG32L92i" \
	"EU38+5twoXC9bRRrUQiso5DFeSsKvj40QW3U9Bty3ACdhbcCgYEA4jf1TdKB" \
	"3NSxAZk1xYD2BY2/jxmtt4v4wbV16xB4TFVu+FEiDioeKOt7iJmaUmtKktr6" \
	"oF2VAN9zZgtufNs5NWCoZV481Wf9ykffzBSQIVJp43YUP9dypna41+K7nT/v" \
	"cBBN/UyYP4VaPQ4PsJXXitVlxanEVG79OqPE8fitnfUCgYA1H802Y099+2Xn" \
	"UK7Ov12IAtZz2/SaX0bWPNeoQD7cAMcrlqJQ0tbZi769sefr31njMtvqtrkp" \
	"zXy+jjJ5FWBq5T7Gc1X1MsRTkP5xF8aGQQlIOfQorCWOc2ZjUXbwqw87cljL" \
	"gHDHJC4VDP0/CQGX+oAZf4najzakcbpPPAT2uQKBgGDNKT8f8UoaCZRxhzz4" \
	"rk46FdqaVmfQkaXyjH8GETQ46r9/mF8PTtCb08TkVdEm8EZfRhgRc41oEO19" \
	"vs3W0Wgx8F1QMh/v2/4PO4kM05Auv/kBsjCPdRQegYKAF2B213LQx0640/16" \
	"ht7RgY1C0XUrU919g/HNfLb3FXOlwkVxAoGAB5k5r0QPRBvJyO3yfB4vCGkw" \
	"b/pZgHzxLuvKkOabwgqGdZz/bU5cRBpr5b2JtGw/4jGhJMW26MOsgYNtatBo" \
	"6pMGcvc1ejXIsYDysaa7fSroib3ytQjCyKSk1CZJPFsehD+oDZETGJRrd5PM" \
	"1spC1SVeIrWNxpRv6nDEH6sqmX0="

/* One of 1024 bits, and one of an elliptic curve. */
#define SHORT_KEY \
	"MIICdQIBADANBgkqhkiG9w0BAQEFAASCAl8wggJbAgEAAoGBALe1FlIEpp+H" \
	"kMrgCkLrKDkXT+OTayU9zpzw+ZQjJrBhgVIOVeti/TkA8ba9VuwQ1YB2U35a" \
	"VFxqV0h/svev5gi5h9FHg015CiPJ162PZvPQ7p1n/p6vdwywZeShOl7FTqKv" \
	"ug0gbAbJzXI6Wme/znEgA/c9msRY7u4mgFxDME8fAgMBAAECgYAtZi8x7bxP" \
	"yGzb9ioTB5JVKZGwqAneljutRVAob9dr12ziHnDVTw1NPRJ/GqOUi0R4DsXr" \
	"f99BR3ZykDxmQa4TJrapx12dNv/LfOd3bN4lqlxD2y2hcs8ZllhNy8JpycQC" \
	"vNX0f3yZ3k0p5wBo2hgSveEjrKw8H5/lO4xZUAEnQQJBANllFATBibez/DBY" \
	"jay+97HSefHUGxXecQJSoccGRQjkLLEQ28ZHKBuKBr4lO04OY/0iVkimupJs" \
	"iy3uUHUB0jkCQQDYVI2eskPnUbCI8rIOsxKO/Q9NLCXkkqieTVz2ptSQgkn5" \
	"+KVpTP8h+zaQFlJnPXo7iors/QDtE5ocxhEsicwXAkBpHCUUs5rptl1d5sMB" \
	"XggW80RAt6Qs67NKQzezKgXg6anuJs+MS8VJo2/lKc1FzVFtB9geIncc6txU" \
	"ZeCC4lGJAkBM9c+oHH1BxvMJ1WV5C0XX7rlJ2CHm7jHkl1syOGm4u1E8B7Q5" \
	"APZnDWr82aQZLGrW0dPYua1hqi6Se/hSIvejAkBdQh6BN2OOkqa+YKHBKtMq" \
	"5kDopMswagrAb2ONROpukRQqnjB8MgbhL1HYOCf2es9Qh2B/1MUxn10g+e0J" \
	"s/vu"
#define CURVE_KEY \
	"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgVjD3Z0ytMfYd" \
	"PufB0nJwddTCbVEw6QQaclL3n0YIHSqhRANCAARpJIVfNXq2KisbixQHpS5N" \
	"lbBCeFo1Ti3kdf1NqU8sCrs2jbZe2XxULwv8BncEQTSL/XMBjRpHlT9kNoG2" \
	"6UrK"

#define TOKEN \
	"eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJleHAiOjE4MDAwMDA2MDA" \
	"sImlhdCI6MTgwMDAwMDAwMCwiaXNzIjoiQUNNRS1NQUlOLkFOTi5TSEEyNTY" \
	"6eCIsInN1YiI6IkFDTUUtTUFJTi5BTk4ifQ.CYwPseAycN44wmMXmjwa_kmA" \
	"mefhKXmk178E54_PRDebls1kok9P7TGG7hTvVDv7mnmU9GkgyD0BKdUgJgeD" \
	"MtM-ZeiG_7smvbHl8xGkafrefCOvmMgx7TfujLTZfZxzTASjbw6olZt6prgu" \
	"GqnMQpn5yqBCrQU9ZPAfvvTGQB7dETl3wAxEGlkvS-7dJ3M5t6fC2LvHupx-" \
	"BQ8CyzMasokhSua9cIzC9YS-xZr6m_FePLRcwH1h8aVOSw6cGsBbEb2xaMNM" \
	"q7bYwsloNNdAV8h3PFg8EH1217M62rJ3MaRNiF7oOAa7FEkF5Hnc8sQx5HQQ" \
	"ewkiRhwIDYbRSMN8Hw"
// clang-format on

#define PRINT "znEXH129sFdT3wAK1GV/7E/AaX9aXBB9F3+daQBd5WI="
#define BEGIN "-----BEGIN PRIVATE KEY-----"
#define END "-----END PRIVATE KEY-----"
#define OLD_BEGIN "-----BEGIN RSA PRIVATE KEY-----"
#define OLD_END "-----END RSA PRIVATE KEY-----"

static struct arena *mem;

static const char *const forms[] = {
	BEGIN "\n" KEY "\n" END "\n",
	BEGIN "\r\n" KEY "\r\n" END "\r\n",
	BEGIN "\\n" KEY "\\n" END,
	BEGIN " " KEY " " END,
	BEGIN KEY END,
	KEY,
	" " KEY " ",
	OLD_BEGIN "\n" OLD_KEY "\n" OLD_END "\n",
	OLD_KEY,
	NULL,
};

static const char *const wrong[] = {
	"",
	"-----",
	BEGIN,
	BEGIN END,
	BEGIN KEY,
	KEY END,
	BEGIN KEY OLD_END,
	BEGIN KEY END "more",
	BEGIN KEY END BEGIN KEY END,
	KEY KEY,
	"A" KEY,
	KEY "AAAA",
	"-----BEGIN ENCRYPTED PRIVATE KEY-----" KEY
	"-----END ENCRYPTED PRIVATE KEY-----",
	"-----BEGIN PUBLIC KEY-----" KEY "-----END PUBLIC KEY-----",
	SHORT_KEY,
	CURVE_KEY,
	"MAA=",
	"MIIB",
	"MIL//w==",
	"MIP///8=",
	"AgEA",
	NULL,
};

/* However it is cut off, it is none. */
static void cut_off(void)
{
	size_t size = strlen(KEY), taken = 0;

	for (size_t i = 0; i < size; i++) {
		struct key_pair pair;

		taken += key_pair_read(mem, text_copy_n(mem, KEY, i), &pair);
	}
	CHECK_INT(taken, 0);
}

int main(void)
{
	struct key_claims claims = { "ACME-MAIN.ANN.SHA256:x", "ACME-MAIN.ANN",
		                     1800000000, 1800000600 };
	struct key_pair pair;
	const char *token;

	mem = arena_new(16 << 20);
	for (size_t i = 0; forms[i]; i++) {
		pair = (struct key_pair){ 0 };
		CHECK(key_pair_read(mem, forms[i], &pair));
		CHECK_TEXT(pair.fingerprint, PRINT);
		CHECK_FINE(key_pair_sign(mem, &pair, &claims, &token));
		CHECK_TEXT(token, TOKEN);
	}
	for (size_t i = 0; wrong[i]; i++)
		CHECK_ROW(!key_pair_read(mem, wrong[i], &pair), wrong[i]);
	cut_off();
	pair.pem = "-----BEGIN PRIVATE KEY-----\nMAA=\n"
		   "-----END PRIVATE KEY-----\n";
	CHECK_FAULT(key_pair_sign(mem, &pair, &claims, &token), INTERNAL);
	arena_free(mem);
	return check_end();
}
