/* Settings: from the environment, else from a .env file, else the default.
 *
 * Every setting is one line of settings.def, from which come this struct, the
 * checks, .env.template, `gatehouse config` and doc/configuration.md. A wrong
 * value, or an unknown GATEHOUSE_ name, stops the program with the line that
 * is wrong (security SE-1, JW-1). Nothing is read again later, but the pool of
 * gateway domains, which may grow without a restart (config_pool). */
#ifndef GATEHOUSE_CORE_CONFIG_H
#define GATEHOUSE_CORE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "core/fault.h"

struct arena;

/* No request takes longer, whatever is set or asked: nginx waits for more than
 * that (security RL-2). */
enum { DEADLINE_MS_MOST = 60000 };

struct config {
#define SETTING_TEXT(name, member, ...) const char *member;
#define SETTING_NUMBER(name, member, ...) long member;
#define SETTING_SWITCH(name, member, ...) bool member;
#include "core/settings.def"
	const char *env_file; /* the .env file that was read, or NULL */
};

/* Which program asks: a setting it does not need may be missing. */
enum config_for {
	FOR_NOBODY = 0, /* all may */
	FOR_API = 1,
	FOR_MCP = 2,
	FOR_COMMAND = 4,
};

/* Reads and checks all settings: the file that GATEHOUSE_ENV_FILE names (none
 * if that is empty), else ./.env if it is there; the environment goes before
 * it. A name without a value counts as unset. mem: must live as long as config
 * does. Fault: BAD_SETTING, whose 'told' is a line such as
 * ".env line 3: JWT_SECRET is shorter than 32 bytes; …", for standard error. */
CAN_FAIL config_read(struct arena *mem, enum config_for program,
                     struct config *config);

/* The pool of gateway domains as it is now, in order: the .env file is read
 * again. domains: set to a NULL-terminated array of mem, schemes dropped,
 * lower case. Fault: BAD_SETTING, whose details go to the log only. */
CAN_FAIL config_pool(struct arena *mem, const struct config *config,
                     char ***domains);

/* Whether a JWT_SECRET will do: 32 bytes at least and no placeholder (JW-1).
 * Returns NULL, or what is wrong with it, a constant. */
const char *secret_wrong(const char *secret);

/* The connection string for libpq: DATABASE_URL of the program's own, with the
 * original's postgresql+asyncpg:// and ?ssl=… rewritten; of mem. */
char *config_libpq(struct arena *mem, const char *url);

/* Prints what is in force, a line a setting, secrets masked. */
void config_print(const struct config *config, FILE *to);

/* Prints .env.template, the tables of doc/configuration.md, and those of the
 * manual page gatehouse.env(5), as mdoc. */
void config_print_template(FILE *to);
void config_print_reference(FILE *to);
void config_print_manual(FILE *to);

#endif
