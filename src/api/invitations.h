/* /api/v1/invitations/{secret}: what somebody was invited to, and their answer.
 *
 * Addresses of accounts are not verified, and no mail is sent from here: who
 * invites gets a link, once, and sends it on. It is good for whoever is signed
 * in with the address it names and holds its secret; for anyone else, and once
 * it was used or is over, it is as one that never was. */
#ifndef GATEHOUSE_API_INVITATIONS_H
#define GATEHOUSE_API_INVITATIONS_H

#include "auth/email.h"
#include "core/json.h"

struct request;
struct response;
struct rows;

struct invitation {
	struct email email;
	const char *secret;
	const char *digest;
};

/* A new one, to the address that a body's email has. Fault: BAD_FIELD. */
CAN_FAIL invitation_new(struct request *req, struct fields *body,
                        struct invitation *made);

/* Answers 201 with the row's JSON, and the link, which nobody can see again. */
CAN_FAIL invitation_answer(struct request *req, const struct rows *rows,
                           const struct invitation *made, struct response *out);

CAN_FAIL invitation_get(struct request *req, struct response *out);
CAN_FAIL invitation_accept(struct request *req, struct response *out);
CAN_FAIL invitation_decline(struct request *req, struct response *out);

#endif
