/* One answer of the mcp program. */
#ifndef GATEHOUSE_MCP_ANSWER_H
#define GATEHOUSE_MCP_ANSWER_H

struct request;
struct response;

/* app->answer of the mcp program: which row, who asks, do it; a fault becomes
 * an answer, and each request one line of the log. */
void mcp_answer(struct request *req, struct response *out);

#endif
