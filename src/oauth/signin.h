/* Signing in and up by a page of the app host, for those whom an application
 * sent there. */
#ifndef GATEHOUSE_OAUTH_SIGNIN_H
#define GATEHOUSE_OAUTH_SIGNIN_H

#include "core/fault.h"

struct request;
struct response;

/* GET and POST /oauth/signin/{id}, POST /oauth/signup/{id}: after it the
 * question of that id is asked (oauth/consent.h); nothing else can be named to
 * go on to. What is wrong with an address or a password is said on the page.
 * Faults: BAD_ORIGIN, NO_DATABASE, BUSY. */
CAN_FAIL signin_page(struct request *req, struct response *out);
CAN_FAIL signin_post(struct request *req, struct response *out);
CAN_FAIL signup_post(struct request *req, struct response *out);

#endif
