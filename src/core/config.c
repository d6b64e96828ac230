#include "core/config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/domains.h"
#include "core/env_file.h"
#include "core/setting.h"
#include "core/text.h"

extern char **environ;

#define PREFIX "GATEHOUSE_"
#define FILE_NAME "GATEHOUSE_ENV_FILE"

/* Which file: the one named, none if the name is empty, else .env if it is
 * there. */
static const char *file_path(void)
{
	const char *path = getenv(FILE_NAME);

	if (path)
		return *path ? path : NULL;
	return access(".env", F_OK) == 0 ? ".env" : NULL;
}

/* A setting's value and where it stands, as messages name it. */
struct found {
	const char *value; /* NULL: nowhere */
	const char *where;
};

static struct found find(struct arena *mem, const struct env_file *file,
                         const char *name)
{
	const char *value = getenv(name);
	const struct env_line *line = env_file_find(file, name);

	if (value)
		return (struct found){ value, "environment" };
	if (line)
		return (struct found){ line->value,
			               text_format(mem, "%s line %ld",
			                           file->path, line->line) };
	return (struct found){ 0 };
}

static CAN_FAIL check_known(struct arena *mem, const char *where,
                            const char *name)
{
	const char *near;

	if (!text_starts(name, PREFIX) || setting_find(name))
		return NULL;
	near = setting_nearest(name);
	if (near)
		return fault_told(mem, FAULT_BAD_SETTING,
		                  "%s: there is no setting %s; did you mean "
		                  "%s?",
		                  where, name, near);
	return fault_told(mem, FAULT_BAD_SETTING,
	                  "%s: there is no setting %s; see: gatehouse config "
	                  "--template",
	                  where, name);
}

static CAN_FAIL check_names(struct arena *mem, const struct env_file *file)
{
	for (char **entry = environ; *entry; entry++) {
		size_t size = strcspn(*entry, "=");
		const char *name = text_copy_n(mem, *entry, size);

		if (!text_same(name, FILE_NAME))
			TRY(check_known(mem, "environment", name));
	}
	for (size_t i = 0; i < file->count; i++)
		TRY(check_known(mem,
		                text_format(mem, "%s line %ld", file->path,
		                            file->lines[i].line),
		                file->lines[i].name));
	return NULL;
}

/* A file that holds a secret is nobody else's business (SE-1). */
static CAN_FAIL check_private(struct arena *mem, const struct env_file *file)
{
	for (size_t i = 0; file->open_to_all && i < file->count; i++) {
		const struct env_line *line = &file->lines[i];
		const struct setting *setting = setting_find(line->name);

		if (setting && setting->secret && *line->value)
			return fault_told(mem, FAULT_BAD_SETTING,
			                  "%s line %ld: %s is secret, but "
			                  "others may read this file; run: "
			                  "chmod o= %s",
			                  file->path, line->line, line->name,
			                  file->path);
	}
	return NULL;
}

static CAN_FAIL read_file(struct arena *mem, const char *path,
                          struct env_file *file)
{
	*file = (struct env_file){ .path = "" };
	if (!path)
		return NULL;
	TRY(env_file_read(mem, path, file));
	return check_private(mem, file);
}

/* A program with a role of its own does not need the address of all. */
static bool has_own_database(enum config_for program,
                             const struct config *config)
{
	return (program == FOR_API && config->api_database_url) ||
	       (program == FOR_MCP && config->mcp_database_url);
}

static CAN_FAIL check_needed(struct arena *mem, enum config_for program,
                             const struct config *config,
                             const struct env_file *file)
{
	for (const struct setting *row = settings; row->type; row++) {
		if (!(row->needed & (unsigned)program))
			continue;
		if (setting_show(mem, row, config))
			continue;
		if (text_same(row->name, "DATABASE_URL") &&
		    has_own_database(program, config))
			continue;
		return fault_told(mem, FAULT_BAD_SETTING,
		                  "%s is missing; set it in %s. %s", row->name,
		                  *file->path ? file->path
		                              : "the environment or in .env",
		                  row->meaning);
	}
	return NULL;
}

/* Two keys for sessions that are one would look like a change of keys that
 * never happened (JW-7). */
static CAN_FAIL check_differ(struct arena *mem, const struct config *config,
                             const struct env_file *file)
{
	static const char previous[] = "GATEHOUSE_JWT_SECRET_PREVIOUS";

	if (!config->jwt_secret_previous ||
	    !text_same(config->jwt_secret_previous, config->jwt_secret))
		return NULL;
	return fault_told(mem, FAULT_BAD_SETTING,
	                  "%s: %s is JWT_SECRET itself; set it to the key that "
	                  "JWT_SECRET replaces, or leave it out",
	                  find(mem, file, previous).where, previous);
}

struct fault *config_read(struct arena *mem, enum config_for program,
                          struct config *config)
{
	const char *path = file_path();
	struct env_file file;

	*config = (struct config){ 0 };
	TRY(read_file(mem, path, &file));
	TRY(check_names(mem, &file));
	for (const struct setting *row = settings; row->type; row++) {
		struct found found = { 0 };
		const char *wrong;

		if (row->name)
			found = find(mem, &file, row->name);
		wrong = setting_keep(mem, row, text_copy(mem, found.value),
		                     config);
		if (wrong)
			return fault_told(mem, FAULT_BAD_SETTING, "%s: %s %s",
			                  found.where, row->name, wrong);
	}
	config->env_file = text_copy(mem, path);
	TRY(check_differ(mem, config, &file));
	return check_needed(mem, program, config, &file);
}

struct fault *config_pool(struct arena *mem, const struct config *config,
                          char ***domains)
{
	struct fault *wrong;
	struct env_file file;
	struct found found;
	const char *text = NULL;

	/* What is told at start-up is the operator's; here a client asks. */
	wrong = read_file(mem, config->env_file, &file);
	if (wrong)
		return fault(mem, FAULT_BAD_SETTING, "%s", wrong->told);
	found = find(mem, &file, "MCP_GATEWAY_URL_POOLS");
	text = domains_read(mem, found.value ? found.value : "", domains);
	if (text)
		return fault(mem, FAULT_BAD_SETTING,
		             "%s: MCP_GATEWAY_URL_POOLS is wrong: %s",
		             found.where, text);
	return NULL;
}
