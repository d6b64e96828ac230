#include "outbound/rules.h"

#include <stddef.h>

#include "outbound/address.h"

/* Nothing but this object stands here: a program that brings its own never
 * links this file. */
const struct outbound_rules outbound_rules = {
	.plain = false,
	.any_port = false,
	.ca_file = "/etc/ssl/certs/ca-certificates.crt",
	.address = address_public,
	.connect_to = NULL,
};
