/* Who is refused at a gateway: in the audit log of its owner (security LA-2). */
#ifndef GATEHOUSE_OAUTH_REFUSAL_H
#define GATEHOUSE_OAUTH_REFUSAL_H

struct fault;
struct oauth_client;
struct oauth_server;
struct request;

/* Records that wrong was the answer, if it is the asker's fault and the server
 * is known: one row a minute for each address, event, fault and client, since
 * anybody can ask. client: one without an id is unknown. A refusal stands
 * whether or not it could be recorded: the log has it. */
void refusal_record(struct request *req, const struct oauth_server *server,
                    const struct oauth_client *client, const char *event,
                    const struct fault *wrong);

#endif
