/* Signing in and up by a page of the app host, for those who were sent to
 * another page of it: an application's question, or an invitation. */
#ifndef GATEHOUSE_OAUTH_SIGNIN_H
#define GATEHOUSE_OAUTH_SIGNIN_H

#include "core/fault.h"

struct request;
struct response;

/* GET and POST …/signin, POST …/signup below a page: after it that page is shown,
 * and nothing else can be named to go on to. What is wrong with an address or a
 * password is said here. Faults: BAD_ORIGIN, NO_DATABASE, BUSY. */
CAN_FAIL signin_page(struct request *req, struct response *out);
CAN_FAIL signin_post(struct request *req, struct response *out);
CAN_FAIL signup_post(struct request *req, struct response *out);

/* Sends a browser to the sign-in below the page it asked for. */
void signin_go(struct request *req, struct response *out);

/* The same, signed out first. Faults: those of sign_out(). */
CAN_FAIL signin_as_other(struct request *req, struct response *out);

#endif
