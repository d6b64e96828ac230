/* Answers of the authorization server: pages where a person looks, OAuth's own
 * form of an error where a client does. */
#ifndef GATEHOUSE_OAUTH_ANSWER_H
#define GATEHOUSE_OAUTH_ANSWER_H

#include <stdbool.h>

#include "core/fault.h"

struct request;
struct response;

/* Whether a request is for one of the authorization server's addresses: then
 * oauth_answer() is the program's answer. */
bool oauth_is_asked(const struct request *req);

/* Makes one answer, as struct app wants it. */
void oauth_answer(struct request *req, struct response *out);

/* The code that OAuth has for a fault (RFC 6749 4.1.2.1 and 5.2, RFC 7591 3.2.2,
 * RFC 8707 2): "invalid_grant". */
const char *oauth_code(const struct fault *wrong);

/* Whether the asker is a browser that will show the answer. */
bool wants_page(const struct request *req);

#endif
