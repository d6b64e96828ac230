/* The way of one REST request: which row, who asks, what do they say, do it.
 * A fault becomes {"detail": "…"} here, and here only; every answer gets its
 * headers and one line in the log. */
#ifndef GATEHOUSE_API_ANSWER_H
#define GATEHOUSE_API_ANSWER_H

struct request;
struct response;

/* The api program's app->answer; never fails. */
void api_answer(struct request *req, struct response *out);

#endif
