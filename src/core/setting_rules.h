/* Rules of single settings that a type and a range do not say. */
#ifndef GATEHOUSE_CORE_SETTING_RULES_H
#define GATEHOUSE_CORE_SETTING_RULES_H

struct arena;

/* Checks the value of a setting against its rule, if it has one. value: may be
 * changed to its one canonical form, of mem. Returns NULL, or what is wrong,
 * of mem or constant; it never repeats a secret. */
const char *setting_rule(struct arena *mem, const char *name,
                         const char **value);

#endif
