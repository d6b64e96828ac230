/* What the files of the kind snowflake share; nobody else includes it. */
#ifndef GATEHOUSE_SOURCES_SNOWFLAKE_H
#define GATEHOUSE_SOURCES_SNOWFLAKE_H

#include <stdbool.h>

#include "sources/vendor.h"

/* The account, from what people paste: https://ORG-ACCOUNT.snowflakecomputing.com,
 * that without https://, the address of Snowsight, ORG-ACCOUNT, ORG.ACCOUNT,
 * LOCATOR.REGION. host: in lower case, with hyphens, as certificates name it.
 * label: the account as it was written, in upper case. False for anything
 * else, so that no other host is ever asked (OH-5). Of mem. */
struct snowflake_account {
	const char *host;
	const char *label;
};
bool snowflake_account_read(struct arena *mem, const char *text,
                            struct snowflake_account *account);

/* The source's account: its host, and the two parts of its name, by which
 * Snowsight goes; false where the host does not tell them. */
const char *snowflake_host(struct job *job);
bool snowflake_account(struct job *job, const char **organization,
                       const char **account);

/* A name with three parts, DB.SCHEMA.NAME: split at dots outside quotes, and
 * as Snowflake compares it: unquoted parts in upper case, quoted ones as they
 * are, with their quotes. False for any other form. */
struct snowflake_name {
	const char *parts[3];
};
bool snowflake_name_read(struct arena *mem, const char *text,
                         struct snowflake_name *name);

/* Names apart by commas, as Snowflake has them, without quotes. Returns how
 * many; 0 for none, for more than most and for any other form. */
size_t snowflake_names_read(struct arena *mem, const char *text,
                            const char **names, size_t most);

/* The address of the search service with what follows its name: "" or
 * ":query"; NULL where the setting has another form, and then what to say. */
#define SNOWFLAKE_NO_SERVICE                                              \
	"snowflake_cortex_search_service must name the service with its " \
	"database and schema, as in MY_DB.PUBLIC.DOCS."
const char *snowflake_service(struct job *job, const char *rest);

/* A GET and a POST with the headers Snowflake wants; the POST only reads. */
struct call *snowflake_get(struct job *job, const char *url);
struct call *snowflake_post(struct job *job, const char *url,
                            json_object *body);

/* The code of an error of Snowflake's, "" for none; never its text (OH-12). */
const char *snowflake_code(struct job *job, const struct call *call);

struct step snowflake_search(struct job *job);
struct step snowflake_fetch(struct job *job);

enum {
	SNOWFLAKE_LINE_MOST = 500, /* code points */
	SNOWFLAKE_SNIPPET_MOST = 1000,
	SNOWFLAKE_URL_MOST = 2000, /* bytes */
};

#endif
