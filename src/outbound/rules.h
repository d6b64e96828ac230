/* What every outgoing connection is held to.
 *
 * One const object, linked in: production's stands in rules.c and nothing at
 * run time can change it (security OH-2, SC-4). A test that needs a vendor on
 * loopback links an object of its own instead; so would a build configured for
 * test vendors. */
#ifndef GATEHOUSE_OUTBOUND_RULES_H
#define GATEHOUSE_OUTBOUND_RULES_H

#include <stdbool.h>

struct sockaddr;

struct outbound_rules {
	bool plain;          /* http too; false: https only */
	bool any_port;       /* false: 443 only */
	const char *ca_file; /* whom we trust; the only such file */
	bool (*address)(const struct sockaddr *address); /* may we connect? */
	/* In place of a vendor's host, as CURLOPT_CONNECT_TO has it; NULL: the
	 * host itself, always. */
	const char *(*connect_to)(const char *host);
};

extern const struct outbound_rules outbound_rules;

#endif
