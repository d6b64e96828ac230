/* Which column of a search service is the title, the address and so on. */
#include <string.h>
#include <strings.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/snowflake_rows.h"

/* What a column says, by its name: the whole, or how it ends. */
static const struct {
	const char *setting;
	size_t place; /* of struct row_columns */
	const char *names[8];
} roles[] = {
	{ "snowflake_text_column",
	  offsetof(struct row_columns, text),
	  { NULL } },
	{ "snowflake_title_column",
	  offsetof(struct row_columns, title),
	  { "TITLE", "SUBJECT", "HEADLINE", "HEADING", "NAME", NULL } },
	{ "snowflake_url_column",
	  offsetof(struct row_columns, url),
	  { "URL", "LINK", "URI", "HREF", NULL } },
	{ "snowflake_id_column",
	  offsetof(struct row_columns, id),
	  { "ID", "DOC_ID", "DOCUMENT_ID", "KEY", "_ID", NULL } },
	{ "snowflake_time_column",
	  offsetof(struct row_columns, time),
	  { "UPDATED_AT", "MODIFIED_AT", "LAST_MODIFIED", "CREATED_AT", "_AT",
	    "DATE", NULL } },
	{ NULL,
	  offsetof(struct row_columns, author),
	  { "AUTHOR", "OWNER", "CREATED_BY", NULL } },
};

enum { ROLES = sizeof(roles) / sizeof(*roles) };

static bool named(const char *column, const char *name)
{
	size_t size = strlen(name), length = strlen(column);

	if (name[0] == '_')
		return length > size &&
		       strcasecmp(column + length - size, name) == 0;
	return strcasecmp(column, name) == 0;
}

static const char *column_like(json_object *columns, const char *const *names)
{
	for (size_t n = 0; names[n]; n++) {
		for (size_t i = 0; i < js_count(columns); i++) {
			const char *column = js_text(js_item(columns, i));

			if (column && named(column, names[n]))
				return column;
		}
	}
	return NULL;
}

static bool has_column(json_object *columns, const char *name)
{
	for (size_t i = 0; name && i < js_count(columns); i++) {
		if (text_same(js_text(js_item(columns, i)), name))
			return true;
	}
	return false;
}

static const char **place_of(struct row_columns *columns, size_t role)
{
	return (const char **)((char *)columns + roles[role].place);
}

/* An id that the owner names is taken at the owner's word; one that only looks
 * like one has to be an attribute, by which rows can be asked for. */
struct row_columns row_columns_of(struct job *job, json_object *service)
{
	struct row_columns columns = { .id_filters = true };
	json_object *all = js_get(service, "columns");

	for (size_t i = 0; i < ROLES; i++) {
		const char *set =
			roles[i].setting ? vendor_setting(job, roles[i].setting)
					 : "";

		*place_of(&columns, i) =
			*set ? set : column_like(all, roles[i].names);
	}
	if (!service)
		return columns;
	if (!columns.text)
		columns.text = js_text(js_get(service, "search_column"));
	columns.id_filters =
		has_column(js_get(service, "attribute_columns"), columns.id);
	return columns;
}
