/* Passwords: bcrypt by libxcrypt, Argon2id by libsodium (AC-3 to AC-7). */
#ifndef GATEHOUSE_AUTH_PASSWORD_H
#define GATEHOUSE_AUTH_PASSWORD_H

#include <stdbool.h>

#include "core/deadline.h"
#include "core/fault.h"

struct arena;
struct passwords; /* the scheme, a dummy hash, and the slots for computing */

/* scheme: "bcrypt" or "argon2id". at_once: hashes computed at the same time;
 * eight more for each wait, in order, 3 s at most. Fault: BAD_SETTING. */
CAN_FAIL passwords_open(struct arena *mem, const char *scheme, long at_once,
                        struct passwords **passwords);
void passwords_close(struct passwords *passwords);

/* The rules for a new password: 8 code points at least, 72 bytes at most with
 * bcrypt (1,024 with Argon2id), not in common_passwords.txt. Fault: BAD_FIELD,
 * told; it never repeats the password. */
CAN_FAIL password_rules(struct passwords *passwords, struct arena *mem,
                        const char *password);

/* hash: set to text of mem. More than 72 bytes, which only a renewal can have
 * under bcrypt, make an Argon2id hash: bcrypt would shorten them (AC-4).
 * Faults: BUSY (the deadline has come), TOO_MANY (too many wait), INTERNAL. */
CAN_FAIL password_hash(struct passwords *passwords, struct arena *mem,
                       struct deadline deadline, const char *password,
                       const char **hash);

/* Whether a stored hash is one that password_verify can say yes to: bcrypt
 * ($2b$, cost 10 to 14) or Argon2id. NULL is none. */
bool password_known(const char *hash);

/* Whether the password is the one hashed. stored NULL: an unknown account;
 * takes as long and is false (AC-6). right, weak: set; weak means the hash
 * should be renewed with the present scheme. A corrupt hash is false. Faults:
 * BUSY, TOO_MANY. */
CAN_FAIL password_verify(struct passwords *passwords, struct arena *mem,
                         struct deadline deadline, const char *password,
                         const char *stored, bool *right, bool *weak);

/* Hashes computed since the start: what the same-work promise is counted by. */
unsigned long passwords_computed(const struct passwords *passwords);

#endif
