/* Memory that is freed is wiped.
 *
 * What passes through libcurl, nghttp2, OpenSSL, json-c or libpq leaves copies
 * in memory of theirs, and they give it back as it is: after one search a
 * worker's memory held twenty copies of its vendors' secrets. So in our programs
 * free() and realloc() are these, and overwrite a block before the C library
 * gets it (security SE-6). What is in use is not touched. */
#ifndef GATEHOUSE_CORE_WIPE_H
#define GATEHOUSE_CORE_WIPE_H

#include <stdbool.h>

/* Whether it is so in this build: sanitizers bring an allocator of their own. */
extern const bool wipe_on_free;

#endif
