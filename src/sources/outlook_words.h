/* The words of a question about mail that mean something by themselves:
 * properties, folders, and words that only say that mail is meant. */
#ifndef GATEHOUSE_SOURCES_OUTLOOK_WORDS_H
#define GATEHOUSE_SOURCES_OUTLOOK_WORDS_H

#include <stdbool.h>

struct arena;

enum value_form {
	VALUE_WORDS, /* any text */
	VALUE_DATE,
	VALUE_YES,   /* true or false */
	VALUE_LEVEL, /* high, normal or low */
	VALUE_HAS,   /* "attachment" */
	VALUE_FOLDER,
};

struct property {
	const char *word; /* in a question */
	const char *name; /* in KQL */
	enum value_form form;
	const char *sign; /* of a date: what the word says; NULL: what is written */
};

/* The property that a word such as "from:bob" begins with; rest: set to what
 * follows its sign. NULL: none. */
const struct property *property_of(const char *word, const char **rest);

/* KQL for a property that has no words for a value. word: as it was written,
 * with its sign. NULL: the value has not the property's form. */
const char *property_kql(struct arena *mem, const struct property *property,
                         const char *word, const char *value);

/* Graph's name of a folder; "" for all of them, NULL for none. */
const char *folder_of(const char *word);

/* Whether a word says only that mail is asked for. */
bool word_is_mail(const char *word);

#endif
