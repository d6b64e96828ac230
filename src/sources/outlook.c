#include "sources/registry.h"
#include "sources/source.h"

static const struct kind_setting settings[] = {
	{ "tenant_id", true, false, 255, "The Entra (Azure AD) tenant.", NULL },
	{ "graph_client_id", true, false, 255,
	  "The id of the app registration.", NULL },
	{ "graph_client_secret", true, true, 1024,
	  "The secret of the app registration.", NULL },
	{ "graph_user_id", true, false, 320,
	  "The mailbox: a user's id or principal name.", NULL },
	{ 0 },
};

/* Searching and fetching come with the outbound calls they need. */
const struct source_kind outlook_kind = {
	.name = "outlook",
	.label = "Outlook",
	.settings = settings,
};
