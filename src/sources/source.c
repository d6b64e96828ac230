#include "sources/source.h"

#include <string.h>

#include "core/arena.h"
#include "core/log.h"
#include "core/text.h"
#include "sources/clean.h"

enum { NAME_MOST = 255 };

const struct source_kind *kind_find(const struct source_kind *const *kinds,
                                    const char *name)
{
	for (; *kinds; kinds++) {
		if (text_same((*kinds)->name, name))
			return *kinds;
	}
	return NULL;
}

const char *yes_or_no_wrong(const char *value)
{
	if (text_same(value, "yes") || text_same(value, "no"))
		return NULL;
	return "must be yes or no.";
}

const char *access_wrong(const char *value)
{
	if (text_same(value, "application") || text_same(value, "personal"))
		return NULL;
	return "must be application or personal.";
}

static bool is_personal(const struct source_kind *kind, json_object *metadata)
{
	return kind->only_shared &&
	       text_same(js_text(js_get(metadata, "access")), "personal");
}

bool source_is_personal(const struct source *source)
{
	return is_personal(source->kind, source->metadata);
}

const char *search_seconds_wrong(const char *value)
{
	long seconds;

	if (text_number(value, 1, SEARCH_SECONDS_MOST, &seconds))
		return NULL;
	return "must be a whole number from 1 to 60.";
}

const char *coverage_text(enum coverage coverage)
{
	static const char *const words[] = {
		[COVERAGE_COMPLETE] = "complete",
		[COVERAGE_PARTIAL] = "partial",
		[COVERAGE_TIMED_OUT] = "timed_out",
		[COVERAGE_THROTTLED] = "throttled",
		[COVERAGE_UNAUTHORIZED] = "unauthorized",
		[COVERAGE_NOT_CONNECTED] = "not_connected",
		[COVERAGE_FAILED] = "failed",
	};

	return words[coverage];
}

struct source source_of(struct arena *mem, const struct source_kind *kind,
                        const char *id, json_object *metadata)
{
	const char *name = js_text(js_get(metadata, "name"));

	return (struct source){
		.id = id,
		.kind = kind,
		.name = name && *name ? clean_line(mem, name, NAME_MOST)
		                      : kind->label,
		.metadata = metadata,
	};
}

struct step job_fail(struct job *job, enum coverage coverage, const char *help,
                     const char *note)
{
	log_line(LOG_WARNING, "source-failed",
	         { "request_id", .text = job->db->request_id },
	         { "source", .text = job->source->id },
	         { "kind", .text = job->source->kind->name },
	         { "note", .text = note });
	job->coverage = coverage;
	job->help = help;
	return DONE;
}

/* ---- checking settings ---- */

/* Whether text could end a header line or hide in one (OH-9). */
static bool has_control(const char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < 0x20 || *text == 0x7F)
			return true;
	}
	return false;
}

static CAN_FAIL check_text(struct arena *mem,
                           const struct kind_setting *setting,
                           const char *value)
{
	const char *wrong = NULL;

	if (!*value && setting->required)
		return fault_told(mem, FAULT_BAD_FIELD, "%s must not be empty.",
		                  setting->name);
	if (text_length(value) > setting->most)
		return fault_told(mem, FAULT_BAD_FIELD,
		                  "%s must have at most %zu characters.",
		                  setting->name, setting->most);
	if (has_control(value))
		return fault_told(mem, FAULT_BAD_FIELD,
		                  "%s must not contain line breaks or other "
		                  "control characters.",
		                  setting->name);
	if (*value && setting->wrong)
		wrong = setting->wrong(value);
	if (wrong)
		return fault_told(mem, FAULT_BAD_FIELD, "%s %s", setting->name,
		                  wrong);
	return NULL;
}

/* Whether a secret is given back as it was read, {"set": true, …}: keep it. */
static bool is_kept(const struct kind_setting *setting, json_object *value,
                    json_object *stored)
{
	return setting->secret && js_true(js_get(value, "set")) &&
	       js_true(js_get(stored, setting->name, "set"));
}

/* Whether a required setting is not there, and nothing that makes up for it. */
static bool is_missing(const struct source_kind *kind,
                       const struct kind_setting *setting,
                       json_object *metadata)
{
	if (!setting->required || js_has(metadata, setting->name))
		return false;
	if (is_personal(kind, metadata)) {
		for (size_t i = 0; kind->only_shared[i]; i++) {
			if (text_same(kind->only_shared[i], setting->name))
				return false;
		}
	}
	return !text_same(setting->name, kind->optional) ||
	       !js_has(metadata, kind->instead);
}

static CAN_FAIL check_one(struct arena *mem, const struct kind_setting *setting,
                          json_object *metadata, json_object *stored,
                          json_object *to)
{
	json_object *value = js_get(metadata, setting->name);
	const char *text = js_text(value);

	if (!js_has(metadata, setting->name))
		return NULL;
	if (is_kept(setting, value, stored))
		return NULL;
	if (!text)
		return fault_told(mem, FAULT_BAD_FIELD, "%s must be a string.",
		                  setting->name);
	TRY(check_text(mem, setting, text));
	if (*text)
		js_put_text(to, setting->name, text);
	return NULL;
}

CAN_FAIL kind_check(const struct source_kind *kind, struct arena *mem,
                    json_object *metadata, json_object *stored,
                    json_object **kept, json_object **secrets)
{
	*kept = js_object(mem);
	*secrets = js_object(mem);
	if (!js_is_object(metadata))
		return fault_told(mem, FAULT_BAD_FIELD,
		                  "source_metadata must be an object.");
	for (const struct kind_setting *s = kind->settings; s->name; s++) {
		if (is_missing(kind, s, metadata))
			return fault_told(mem, FAULT_BAD_FIELD,
			                  "source_metadata.%s is required: %s",
			                  s->name, s->help);
		TRY(check_one(mem, s, metadata, stored,
		              s->secret ? *secrets : *kept));
	}
	if (kind->wrong && kind->wrong(metadata))
		return fault_told(mem, FAULT_BAD_FIELD, "%s",
		                  kind->wrong(metadata));
	return NULL;
}
