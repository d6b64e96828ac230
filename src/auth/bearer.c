#include "auth/bearer.h"

#include <string.h>
#include <strings.h>

#include "core/text.h"
#include "web/request.h"

#define LETTERS_DIGITS \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

enum { TOKEN_MOST = 4096, PERSONAL_RANDOM = 43 };

/* RFC 6750 2.1: b64token. */
static bool token_fine(const char *token)
{
	size_t size = strspn(token, LETTERS_DIGITS "-._~+/");
	size_t padding = strspn(token + size, "=");

	return size > 0 && !token[size + padding] &&
	       size + padding <= TOKEN_MOST;
}

CAN_FAIL bearer_token(const struct request *req, const char **token)
{
	static const char scheme[] = "Bearer";
	const char *header = request_header(req, "Authorization");

	*token = NULL;
	if (request_header_twice(req, "Authorization"))
		return fault(req->mem, FAULT_BAD_TOKEN, "two tokens");
	if (!header || strncasecmp(header, scheme, strlen(scheme)) != 0)
		return NULL;
	header += strlen(scheme);
	if (*header && *header != ' ')
		return NULL; /* a scheme that only begins like ours */
	header += strspn(header, " ");
	if (!token_fine(header))
		return fault(req->mem, FAULT_BAD_TOKEN, "no b64token");
	*token = header;
	return NULL;
}

bool personal_token_form(const char *token)
{
	static const char start[] = "ght_";
	const char *random = token + strlen(start);

	return text_starts(token, start) && strlen(random) == PERSONAL_RANDOM &&
	       strspn(random, LETTERS_DIGITS "-_") == PERSONAL_RANDOM;
}
