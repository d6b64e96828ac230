/* Who signs people in for us: OpenID Connect providers, as the settings have
 * them, and what they say of themselves (OpenID Connect Discovery 1.0). */
#ifndef GATEHOUSE_OAUTH_PROVIDER_H
#define GATEHOUSE_OAUTH_PROVIDER_H

#include <stdbool.h>
#include <stddef.h>

#include "core/fault.h"

struct app;
struct request;

enum { PROVIDERS_MOST = 2 };

struct provider {
	const char *name;  /* in addresses: "azure", "oidc" */
	const char *title; /* for people: "Microsoft" */
	const char *issuer;
	const char *client_id;
	const char *client_secret;
	bool vouches; /* its addresses count as verified though it does not say
	               * so: a company's own */
};

/* Addresses of a provider. */
struct provider_place {
	const char *authorize;
	const char *token;
	const char *keys;
	bool basic; /* it takes a client's secret by Basic alone */
};

/* Whether what the settings say of providers is whole, at the start. Fault:
 * BAD_SETTING, told as a line for standard error. */
CAN_FAIL providers_check(struct app *app);

/* Those that the settings name: how many; each is lent by the settings. */
size_t providers(struct request *req, struct provider *all);

/* The one of that name. Fault: NO_ROUTE. */
CAN_FAIL provider_find(struct request *req, const char *name,
                       struct provider *provider);

/* What it publishes of itself. Faults: PROVIDER (what it says cannot be used),
 * and those of published_get(). */
CAN_FAIL provider_place(struct request *req, const struct provider *provider,
                        struct provider_place *place);

/* Where it sends people back to; of the request's memory. */
const char *provider_redirect(struct request *req,
                              const struct provider *provider);

#endif
