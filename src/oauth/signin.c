#include "oauth/signin.h"

#include <string.h>

#include "auth/sign.h"
#include "core/text.h"
#include "oauth/sign_by.h"
#include "web/page.h"
#include "web/request.h"
#include "web/response.h"

enum { EMAIL_MOST = 320, PASSWORD_MOST = 1024 };

/* The path as an address has it again: nginx decoded it, and what stands in it
 * may be anything, line ends too (RP-14). */
static const char *path_again(const struct request *req)
{
	struct buffer to = { .mem = req->mem };
	const char *name = req->path;

	while (*name++ == '/') {
		size_t size = strcspn(name, "/");

		buffer_format(&to, "/%s",
		              text_percent(req->mem,
		                           text_copy_n(req->mem, name, size)));
		name += size;
	}
	return buffer_text(&to);
}

/* The page that sign-in stands below: the path less its last segment. */
static const char *page_above(const struct request *req)
{
	const char *path = path_again(req);
	const char *last = strrchr(path, '/');

	return text_copy_n(req->mem, path, (size_t)(last - path));
}

static void add_fields(struct html_page *page, const char *email,
                       const char *complete)
{
	page_add(page,
	         "<label>E-mail <input type=\"email\" name=\"email\" "
	         "autocomplete=\"username\" required value=\"{}\"></label>\n"
	         "<label>Password <input type=\"password\" name=\"password\" "
	         "autocomplete=\"{}\" required></label>\n",
	         email, complete);
}

/* wrong: NULL, or what to say first. */
static void show(struct request *req, const char *email,
                 const struct fault *wrong, struct response *out)
{
	struct html_page page = page_new(req->mem, "Sign in");
	const char *above = page_above(req);

	if (wrong)
		page_add(&page, "<p class=\"warning\" role=\"alert\">{}</p>\n",
		         wrong->told);
	page_add(&page,
	         "<p>Sign in to see what this is about.</p>\n"
	         "<form method=\"post\" action=\"{}/signin\">\n",
	         above);
	add_fields(&page, email, "current-password");
	page_add(&page, "<button class=\"yes\">Sign in</button>\n</form>\n");
	sign_by_add(req, &page, above);
	page_add(&page,
	         "<details><summary>No account yet?</summary>\n"
	         "<form method=\"post\" action=\"{}/signup\">\n",
	         above);
	add_fields(&page, email, "new-password");
	page_add(&page,
	         "<button>Make an account</button>\n</form>\n</details>\n");
	page_send(&page, wrong ? fault_row(wrong->kind)->http : 200, out);
	if (wrong && wrong->retry_after)
		response_header(
			out, "Retry-After",
			text_format(req->mem, "%d", wrong->retry_after));
}

CAN_FAIL signin_page(struct request *req, struct response *out)
{
	show(req, "", NULL, out);
	return NULL;
}

/* What a person can mend is told beside the fields. */
static bool for_page(const struct fault *wrong)
{
	int status = fault_row(wrong->kind)->http;

	return status == 400 || status == 401 || status == 429;
}

static CAN_FAIL enter(struct request *req, bool anew, const char *email,
                      const char *password, const char **token)
{
	struct account account;

	if (anew)
		TRY(sign_up(req, email, password, &account));
	return sign_in(req, email, password, &account, token);
}

static CAN_FAIL post(struct request *req, bool anew, struct response *out)
{
	struct fields said = fields_of(req->mem, req->json);
	const char *email = field_text(&said, "email", 1, EMAIL_MOST);
	const char *password = field_text(&said, "password", 0, PASSWORD_MOST);
	struct fault *wrong = said.fault;
	const char *token = NULL;

	if (!wrong)
		wrong = enter(req, anew, email, password, &token);
	if (wrong && !for_page(wrong))
		return wrong;
	if (wrong) {
		show(req, email, wrong, out);
		return NULL;
	}
	response_header(out, "Set-Cookie", session_cookie(req, token));
	response_header(out, "Location", page_above(req));
	out->status = 303;
	return NULL;
}

CAN_FAIL signin_post(struct request *req, struct response *out)
{
	return post(req, false, out);
}

CAN_FAIL signup_post(struct request *req, struct response *out)
{
	return post(req, true, out);
}

void signin_go(struct request *req, struct response *out)
{
	response_header(out, "Location",
	                text_format(req->mem, "%s/signin", path_again(req)));
	out->status = 303;
}

CAN_FAIL signin_as_other(struct request *req, struct response *out)
{
	TRY(sign_out(req));
	response_header(out, "Set-Cookie", session_cookie(req, NULL));
	signin_go(req, out);
	return NULL;
}
