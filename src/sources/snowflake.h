/* What the files of the kind snowflake share; nobody else includes it. */
#ifndef GATEHOUSE_SOURCES_SNOWFLAKE_H
#define GATEHOUSE_SOURCES_SNOWFLAKE_H

#include <stdbool.h>

#include "sources/vendor.h"

/* The account's host, as Snowflake's certificates name it: in lower case, with
 * hyphens; and the table of it alone, for calls. Of the job's arena. */
const char *snowflake_host(struct job *job);
const char *const *snowflake_hosts(struct job *job);

/* A name with up to three parts, DB.SCHEMA.NAME: split at dots outside quotes,
 * and as Snowflake compares it: unquoted parts in upper case, quoted ones as
 * they are, with their quotes. False for any other form. */
struct snowflake_name {
	const char *parts[3];
};
bool snowflake_name_read(struct arena *mem, const char *text,
                         struct snowflake_name *name);

/* The address of the search service with what follows its name: "" or
 * ":query". */
const char *snowflake_service(struct job *job, const char *rest);

/* A GET and a POST with the headers Snowflake wants. */
struct call *snowflake_get(struct job *job, const char *url);
struct call *snowflake_post(struct job *job, const char *url,
                            json_object *body);

/* Which columns of a search service say what; NULL where none does. */
struct snowflake_columns {
	const char *text;
	const char *id;
	const char *title;
	const char *url;
	const char *time;
	const char *author;
	bool id_filters; /* the id can be asked for */
};

/* From the description of a service, and the source's settings. */
struct snowflake_columns snowflake_columns_of(struct job *job,
                                              json_object *service);
/* From the settings alone; text is NULL when they do not say enough. */
struct snowflake_columns snowflake_columns_set(struct job *job);

struct step snowflake_search(struct job *job);
struct step snowflake_fetch(struct job *job);

enum {
	SNOWFLAKE_LINE_MOST = 500, /* code points */
	SNOWFLAKE_SNIPPET_MOST = 1000,
	SNOWFLAKE_URL_MOST = 2000, /* bytes */
};

#endif
