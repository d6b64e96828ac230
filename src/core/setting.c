#include "core/setting.h"

#include <string.h>

#include "core/arena.h"
#include "core/config.h"
#include "core/setting_rules.h"
#include "core/text.h"

const struct setting settings[] = {
#define SETTING_SECTION(title) { SETTING_HEADING, .meaning = (title) },
#define SETTING_TEXT(name_, member_, default_, needed_, secret_, meaning_) \
	{ SETTING_IS_TEXT,                                                 \
	  .name = (name_),                                                 \
	  .member = offsetof(struct config, member_),                      \
	  .text = (default_),                                              \
	  .needed = (needed_),                                             \
	  .secret = (secret_),                                             \
	  .meaning = (meaning_) },
#define SETTING_NUMBER(name_, member_, default_, least_, most_, meaning_) \
	{ SETTING_IS_NUMBER,                                              \
	  .name = (name_),                                                \
	  .member = offsetof(struct config, member_),                     \
	  .number = (default_),                                           \
	  .least = (least_),                                              \
	  .most = (most_),                                                \
	  .meaning = (meaning_) },
#define SETTING_SWITCH(name_, member_, default_, meaning_)              \
	{ SETTING_IS_SWITCH, .name = (name_),                           \
	  .member = offsetof(struct config, member_), .on = (default_), \
	  .meaning = (meaning_) },
#include "core/settings.def"
	{ 0 },
};

const struct setting *setting_find(const char *name)
{
	for (const struct setting *row = settings; row->type; row++)
		if (text_same(row->name, name))
			return row;
	return NULL;
}

enum { NAME_MOST = 64 };

static unsigned char lesser(unsigned char a, int b)
{
	return b < a ? (unsigned char)b : a;
}

/* How many letters must be added, dropped, changed or swapped with the next. */
static size_t distance(const char *a, const char *b)
{
	unsigned char all[NAME_MOST + 1][NAME_MOST + 1];
	size_t rows = strlen(a), columns = strlen(b);

	if (rows > NAME_MOST || columns > NAME_MOST)
		return NAME_MOST;
	for (size_t i = 0; i <= rows; i++)
		for (size_t j = 0; j <= columns; j++) {
			unsigned char best = (unsigned char)(i + j);

			if (i && j) {
				best = lesser(best, all[i - 1][j] + 1);
				best = lesser(best, all[i][j - 1] + 1);
				best = lesser(best,
				              all[i - 1][j - 1] +
				                      (a[i - 1] != b[j - 1]));
			}
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				best = lesser(best, all[i - 2][j - 2] + 1);
			all[i][j] = best;
		}
	return all[rows][columns];
}

const char *setting_nearest(const char *name)
{
	size_t least = 6; /* more changes than five, and it is another word */
	const char *nearest = NULL;

	for (const struct setting *row = settings; row->type; row++) {
		size_t far = row->name ? distance(name, row->name) : least;

		if (far < least) {
			least = far;
			nearest = row->name;
		}
	}
	return nearest;
}

static void *place(const struct setting *setting, struct config *config)
{
	return (char *)config + setting->member;
}

static const char *keep_text(struct arena *mem, const struct setting *setting,
                             const char *value, struct config *config)
{
	const char *wrong = NULL;

	if (value)
		wrong = setting_rule(mem, setting->name, &value);
	*(const char **)place(setting, config) = value ? value : setting->text;
	return wrong;
}

static const char *keep_number(struct arena *mem, const struct setting *setting,
                               const char *value, struct config *config)
{
	long *number = place(setting, config);

	*number = setting->number;
	if (!value || text_number(value, setting->least, setting->most, number))
		return NULL;
	return text_format(mem, "is not a whole number from %ld to %ld",
	                   setting->least, setting->most);
}

static const char *keep_switch(const struct setting *setting, const char *value,
                               struct config *config)
{
	static const struct {
		const char *word;
		bool on;
	} words[] = {
		{ "yes", true },  { "true", true }, { "on", true },
		{ "1", true },    { "no", false },  { "false", false },
		{ "off", false }, { "0", false },   { 0 },
	};
	bool *on = place(setting, config);

	*on = setting->on;
	if (!value)
		return NULL;
	for (size_t i = 0; words[i].word; i++)
		if (text_same_ascii(value, words[i].word)) {
			*on = words[i].on;
			return NULL;
		}
	return "is neither yes nor no";
}

const char *setting_keep(struct arena *mem, const struct setting *setting,
                         const char *value, struct config *config)
{
	if (value && !*value)
		value = NULL; /* NAME= in a file is a name without a value */
	for (const char *c = value; c && *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7F)
			return "holds a control character";
	if (value && !text_valid(value, strlen(value)))
		return "is not UTF-8 text";
	switch (setting->type) {
	case SETTING_IS_TEXT:
		return keep_text(mem, setting, value, config);
	case SETTING_IS_NUMBER:
		return keep_number(mem, setting, value, config);
	case SETTING_IS_SWITCH:
		return keep_switch(setting, value, config);
	case SETTING_HEADING:
	case SETTING_END:
		break;
	}
	return NULL;
}

static const char *number_text(struct arena *mem, long number)
{
	return text_format(mem, "%ld", number);
}

const char *setting_show(struct arena *mem, const struct setting *setting,
                         const struct config *config)
{
	const char *at = (const char *)config + setting->member;

	if (setting->type == SETTING_IS_NUMBER)
		return number_text(mem, *(const long *)(const void *)at);
	if (setting->type == SETTING_IS_SWITCH)
		return *(const bool *)at ? "yes" : "no";
	return *(const char *const *)(const void *)at;
}

const char *setting_default(struct arena *mem, const struct setting *setting)
{
	if (setting->type == SETTING_IS_NUMBER)
		return number_text(mem, setting->number);
	if (setting->type == SETTING_IS_SWITCH)
		return setting->on ? "yes" : "no";
	return setting->text ? setting->text : "";
}
