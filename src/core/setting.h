/* settings.def as a table, and the rules a value must keep. */
#ifndef GATEHOUSE_CORE_SETTING_H
#define GATEHOUSE_CORE_SETTING_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct config;

enum setting_type {
	SETTING_END, /* after the last row */
	SETTING_HEADING,
	SETTING_IS_TEXT,
	SETTING_IS_NUMBER,
	SETTING_IS_SWITCH,
};

struct setting {
	enum setting_type type;
	const char *name;
	size_t member; /* where it stands in struct config */
	const char *meaning; /* of a heading: its title */
	const char *text;    /* default; NULL: unset */
	long number;         /* default */
	long least, most;
	bool on;         /* default */
	unsigned needed; /* programs (enum config_for) that need it */
	bool secret;
};

/* All rows, in the order of settings.def. */
extern const struct setting settings[];

/* The row of a name; NULL if there is none. */
const struct setting *setting_find(const char *name);

/* The name of a setting most like a wrong one; NULL if none is near. */
const char *setting_nearest(const char *name);

/* Keeps a value in config, or the default for NULL. Returns NULL, or what is
 * wrong with it ("is not a number from 1 to 64"), of mem; it never repeats a
 * secret. */
const char *setting_keep(struct arena *mem, const struct setting *setting,
                         const char *value, struct config *config);

/* The value in force; NULL when a text is unset. Of mem. */
const char *setting_show(struct arena *mem, const struct setting *setting,
                         const struct config *config);

/* The default as one writes it; "" when there is none. Of mem. */
const char *setting_default(struct arena *mem, const struct setting *setting);

#endif
