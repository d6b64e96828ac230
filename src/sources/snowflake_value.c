#include "sources/snowflake_value.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/clean.h"

enum {
	DAY = 86400,
	CELL_MOST = 300, /* code points */
	ZONE_ZERO = 1440,
	YEARS_MOST = 10000,
};

/* ---- dates and times ---- */

/* A whole number at the start; end: set behind it. */
static bool read_whole(const char *text, const char **end, int64_t *number)
{
	char *after;

	if (!isdigit((unsigned char)text[*text == '-']))
		return false;
	errno = 0;
	*number = strtoll(text, &after, 10);
	*end = after;
	return errno == 0 && *number > -(int64_t)YEARS_MOST * 366 * DAY &&
	       *number < (int64_t)YEARS_MOST * 366 * DAY;
}

struct moment {
	int64_t seconds;
	char fraction[12]; /* ".5", without trailing zeros; or "" */
	int64_t zone;      /* minutes east of Greenwich */
	bool has_zone;
};

static void read_fraction(const char **text, char *fraction, size_t room)
{
	size_t size;

	if (**text != '.')
		return;
	size = 1 + strspn(*text + 1, "0123456789");
	if (size < room) {
		memcpy(fraction, *text, size);
		fraction[size] = '\0';
		while (size > 1 && fraction[size - 1] == '0')
			fraction[--size] = '\0';
		if (size == 1)
			fraction[0] = '\0';
	}
	*text += 1 + strspn(*text + 1, "0123456789");
}

/* "1789371700.120000000", and with a zone " 1500" behind it. */
static bool read_moment(const char *text, struct moment *moment)
{
	*moment = (struct moment){ 0 };
	if (!read_whole(text, &text, &moment->seconds))
		return false;
	read_fraction(&text, moment->fraction, sizeof(moment->fraction));
	/* A part of a second before 1970 counts on from the second before. */
	if (moment->seconds < 0 && *moment->fraction)
		moment->fraction[0] = '\0';
	if (*text == ' ' && read_whole(text + 1, &text, &moment->zone)) {
		moment->has_zone = true;
		moment->zone -= ZONE_ZERO;
	}
	return !*text && moment->zone > -ZONE_ZERO && moment->zone < ZONE_ZERO;
}

/* The civil date of a day since 1970-01-01, of the Gregorian calendar: eras of
 * 400 years that begin in March, so that a leap day is a year's last. */
static const char *date_text(struct arena *mem, int64_t day)
{
	int64_t since = day + 719468;
	int64_t era = (since >= 0 ? since : since - 146096) / 146097;
	int64_t of_era = since - era * 146097;
	int64_t year =
		(of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) /
		365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;
	int64_t date = of_year - (153 * month + 2) / 5 + 1;

	month += month < 10 ? 3 : -9;
	year += era * 400 + (month <= 2);
	return text_format(mem, "%04lld-%02lld-%02lld", (long long)year,
	                   (long long)month, (long long)date);
}

static const char *clock_text(struct arena *mem, int64_t second,
                              const char *fraction)
{
	return text_format(mem, "%02lld:%02lld:%02lld%s",
	                   (long long)(second / 3600),
	                   (long long)(second / 60 % 60),
	                   (long long)(second % 60), fraction);
}

static const char *zone_text(struct arena *mem, const struct moment *moment,
                             bool local)
{
	int64_t zone = moment->zone;

	if (!local)
		return "";
	if (zone == 0)
		return "Z";
	return text_format(mem, "%c%02lld:%02lld", zone < 0 ? '-' : '+',
	                   (long long)llabs(zone) / 60,
	                   (long long)llabs(zone) % 60);
}

/* local: whether the moment has a place in the world. */
static const char *moment_text(struct arena *mem, const struct moment *moment,
                               bool local)
{
	int64_t seconds = moment->seconds + moment->zone * 60;
	int64_t day = seconds / DAY - (seconds % DAY < 0);

	return text_format(
		mem, "%sT%s%s", date_text(mem, day),
		clock_text(mem, seconds - day * DAY, moment->fraction),
		zone_text(mem, moment, local));
}

/* ---- values ---- */

static const char *readable(struct arena *mem, const char *type,
                            const char *text)
{
	struct moment moment;
	const char *end;
	int64_t number;

	if (text_same_ascii(type, "boolean"))
		return text_same(text, "1")   ? "true"
		       : text_same(text, "0") ? "false"
		                              : text;
	if (text_same_ascii(type, "date"))
		return read_whole(text, &end, &number) && !*end &&
		                       llabs(number) < (int64_t)YEARS_MOST * 366
		               ? date_text(mem, number)
		               : text;
	if (text_same_ascii(type, "time"))
		return read_moment(text, &moment) && moment.seconds >= 0 &&
		                       moment.seconds < DAY && !moment.has_zone
		               ? clock_text(mem, moment.seconds,
		                            moment.fraction)
		               : text;
	if (type && strncasecmp(type, "timestamp_", 10) == 0)
		return read_moment(text, &moment)
		               ? moment_text(mem, &moment,
		                             !text_same_ascii(type,
		                                              "timestamp_ntz"))
		               : text;
	return text;
}

const char *snowflake_value(struct arena *mem, json_object *type,
                            json_object *value, size_t most)
{
	const char *text = js_text(value);

	if (js_is_null(value))
		return "NULL";
	if (!text)
		text = js_print(mem, value);
	return clean_line(
		mem, readable(mem, js_text(js_get(type, "type")), text), most);
}

void snowflake_table(struct buffer *out, json_object *columns,
                     json_object *rows, size_t rows_most)
{
	size_t width = js_count(columns);

	for (size_t c = 0; c < width; c++)
		buffer_format(
			out, "%s%s", c ? " | " : "",
			clean_line(out->mem,
		                   js_text(js_get(js_item(columns, c), "name")),
		                   CELL_MOST));
	buffer_add(out, "\n");
	for (size_t r = 0; r < js_count(rows) && r < rows_most; r++) {
		json_object *row = js_item(rows, r);

		for (size_t c = 0; c < width; c++)
			buffer_format(
				out, "%s%s", c ? " | " : "",
				snowflake_value(out->mem, js_item(columns, c),
			                        js_item(row, c), CELL_MOST));
		buffer_add(out, "\n");
	}
}

/* ---- statements ---- */

/* Behind a comment; NULL when none begins there. One without an end is told
 * as one that ends the text. */
static const char *after_comment(const char *text)
{
	const char *end;

	if (text_starts(text, "--") || text_starts(text, "//"))
		return text + strcspn(text, "\n");
	if (!text_starts(text, "/*"))
		return NULL;
	end = strstr(text + 2, "*/");
	return end ? end + 2 : text + strlen(text);
}

static const char *skip_blanks(const char *text, const char *also)
{
	for (;;) {
		const char *after = after_comment(text);

		if (after)
			text = after;
		else if (*text &&
		         (isspace((unsigned char)*text) || strchr(also, *text)))
			text++;
		else
			return text;
	}
}

/* Behind a string, a quoted name or a text in dollars; NULL if none begins
 * there. */
static const char *after_quoted(const char *text)
{
	char quote = *text;
	const char *end;

	if (text_starts(text, "$$")) {
		end = strstr(text + 2, "$$");
		return end ? end + 2 : text + strlen(text);
	}
	if (quote != '\'' && quote != '"')
		return NULL;
	for (text++; *text; text++) {
		if (*text == '\\' && quote == '\'' && text[1])
			text++;
		else if (*text == quote)
			return text + 1;
	}
	return text;
}

static bool is_one(const char *text)
{
	while (*text) {
		const char *after = after_comment(text);

		if (!after)
			after = after_quoted(text);
		if (after) {
			text = after;
			continue;
		}
		if (*text == ';')
			return !*skip_blanks(text, ";");
		text++;
	}
	return true;
}

bool snowflake_reads_only(const char *statement)
{
	static const char *const words[] = { "select", "with", NULL };
	const char *text = skip_blanks(statement, "(");

	for (size_t i = 0; words[i]; i++) {
		size_t size = strlen(words[i]);
		unsigned char next;

		if (strncasecmp(text, words[i], size) != 0)
			continue;
		next = (unsigned char)text[size];
		if (!isalnum(next) && next != '_' && next != '$' && next < 0x80)
			return is_one(text);
	}
	return false;
}

const char *snowflake_quoted(struct arena *mem, const char *name)
{
	struct buffer out = { .mem = mem };

	buffer_add(&out, "\"");
	for (; *name; name++) {
		if (*name == '"')
			buffer_add(&out, "\"");
		buffer_add_n(&out, name, 1);
	}
	buffer_add(&out, "\"");
	return buffer_text(&out);
}

const char *snowflake_pattern(struct arena *mem, const char *word)
{
	struct buffer out = { .mem = mem };

	buffer_add(&out, "%");
	for (; *word; word++) {
		if (strchr("%_^", *word))
			buffer_add(&out, "^");
		buffer_add_n(&out, word, 1);
	}
	buffer_add(&out, "%");
	return buffer_text(&out);
}
