/* Forms: application/x-www-form-urlencoded, as browsers and OAuth clients send
 * them (WHATWG URL, section 5; RFC 6749 appendix B). */
#ifndef GATEHOUSE_WEB_FORM_H
#define GATEHOUSE_WEB_FORM_H

#include <stddef.h>

#include "core/fault.h"
#include "core/json.h"

struct arena;

/* Reads the parameters of a form or a query, each decoded once, as an object of
 * texts. A name that comes twice is refused (security RP-10). form: set, of mem.
 * Faults: BAD_REQUEST (a repeated name, more than 64 of them), told; BAD_FIELD
 * (a broken escape), told. */
CAN_FAIL form_read(struct arena *mem, const char *text, size_t size,
                   json_object **form);

/* What a parameter of OAuth says; NULL when it is absent or empty, which are the
 * same (RFC 6749 3.1). Lent by the form. */
const char *form_text(json_object *form, const char *name);

#endif
