#include "auth/bearer.h"

#include <string.h>
#include <strings.h>

#include "core/text.h"
#include "web/request.h"

#define LETTERS_DIGITS \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

enum { TOKEN_MOST = 4096, TOKEN_RANDOM = 43 };

/* RFC 6750 2.1: b64token. */
static bool token_fine(const char *token)
{
	size_t size = strspn(token, LETTERS_DIGITS "-._~+/");
	size_t padding = strspn(token + size, "=");

	return size > 0 && !token[size + padding] &&
	       size + padding <= TOKEN_MOST;
}

/* What follows the scheme, if the header has it; else NULL. */
static const char *of_scheme(const char *header, const char *scheme)
{
	size_t size = strlen(scheme);

	if (!header || strncasecmp(header, scheme, size) != 0)
		return NULL;
	header += size;
	if (*header && *header != ' ')
		return NULL; /* a scheme that only begins like it */
	return header + strspn(header, " ");
}

CAN_FAIL bearer_token(const struct request *req, const char **token)
{
	const char *sent =
		of_scheme(request_header(req, "Authorization"), "Bearer");

	*token = NULL;
	if (request_header_twice(req, "Authorization"))
		return fault(req->mem, FAULT_BAD_TOKEN, "two tokens");
	if (!sent)
		return NULL;
	if (!token_fine(sent))
		return fault(req->mem, FAULT_BAD_TOKEN, "no b64token");
	*token = sent;
	return NULL;
}

CAN_FAIL basic_credentials(const struct request *req, const char **user,
                           const char **password)
{
	const char *sent =
		of_scheme(request_header(req, "Authorization"), "Basic");
	const char *pair, *colon;
	size_t size = 0;

	*user = *password = NULL;
	if (request_header_twice(req, "Authorization"))
		return fault(req->mem, FAULT_BAD_REQUEST, "two credentials");
	if (!sent)
		return NULL;
	pair = (const char *)text_unbase64(req->mem, sent, &size);
	colon = pair ? memchr(pair, ':', size) : NULL;
	if (colon) {
		size_t name = (size_t)(colon - pair);

		*user = text_unpercent(req->mem, pair, name, true);
		*password = text_unpercent(req->mem, colon + 1, size - name - 1,
		                           true);
	}
	if (!*user || !*password)
		return fault_told(req->mem, FAULT_BAD_REQUEST,
		                  "The Basic credentials are malformed.");
	return NULL;
}

bool gateway_token_form(const char *token)
{
	const char *random = token + strlen("ght_");

	return (text_starts(token, "ght_") || text_starts(token, "gha_")) &&
	       strlen(random) == TOKEN_RANDOM &&
	       strspn(random, LETTERS_DIGITS "-_") == TOKEN_RANDOM;
}
