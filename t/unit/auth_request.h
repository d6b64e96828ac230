/* A request as nginx would pass it on, for tests of what reads one. */
#ifndef GATEHOUSE_T_AUTH_REQUEST_H
#define GATEHOUSE_T_AUTH_REQUEST_H

#include "core/arena.h"
#include "vault/vault.h"
#include "web/app.h"
#include "web/request.h"
#include "web/response.h"

static struct app test_app = {
	.config = {
		.app_url = "https://app.example.com",
		.gateway_scheme = "https",
		.origins = "https://front.example.org, https://b.example.net:8443",
		.jwt_secret = "0123456789abcdefghijklmnopqrstuvwxyzABCD",
		.session_hours = 24,
		.session_idle_hours = 12,
	},
};

/* params: "HTTP_ORIGIN=https://…" and so on, NULL at the end. */
static inline struct request request_of(struct arena *mem, const char *method,
                                        const char *const *params)
{
	return (struct request){
		.mem = mem,
		.app = &test_app,
		.id = "00000000000000000000000000000000",
		.method = method,
		.scheme = "https",
		.host = "gate1.example.com",
		.port = "443",
		.path = "/",
		.query = "",
		.address = "192.0.2.1",
		.params = params,
	};
}

#define PARAMS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define NO_PARAMS ((const char *const[]){ NULL })

#endif
