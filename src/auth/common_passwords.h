/* The commonest passwords of 8 characters or more, in lower case, sorted by
 * byte; made from common_passwords.txt, where their origin stands. */
#ifndef GATEHOUSE_AUTH_COMMON_PASSWORDS_H
#define GATEHOUSE_AUTH_COMMON_PASSWORDS_H

#include <stddef.h>

extern const char *const common_passwords[];
extern const size_t common_password_count;

#endif
