#include "cli/ingest_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <zlib.h>

#include "core/arena.h"
#include "core/text.h"
#include "sources/html.h"

enum { TITLE_MOST = 500, ORIGIN_MOST = 2000, READ_STEP = 256 * 1024 };

/* ---- what it is ---- */

static bool ends_as(const char *name, const char *const *endings)
{
	for (; *endings; endings++) {
		size_t size = strlen(name), length = strlen(*endings);

		if (size > length &&
		    strcasecmp(name + size - length, *endings) == 0)
			return true;
	}
	return false;
}

static bool begins_as_html(const char *text)
{
	text += strspn(text, " \t\r\n");
	return strncasecmp(text, "<!doctype html", 14) == 0 ||
	       strncasecmp(text, "<html", 5) == 0;
}

/* "page.html.gz" is named as HTML once it is unpacked. */
static const char *name_unpacked(struct arena *mem, const char *origin)
{
	static const char *const packed[] = { ".gz", NULL };

	return ends_as(origin, packed)
	               ? text_copy_n(mem, origin, strlen(origin) - 3)
	               : origin;
}

static const char *type_of(const char *name, const char *text)
{
	static const char *const html[] = { ".html", ".htm", ".xhtml", NULL };
	static const char *const markdown[] = { ".md", ".markdown", NULL };

	if (ends_as(name, html) || begins_as_html(text))
		return "text/html";
	return ends_as(name, markdown) ? "text/markdown" : "text/plain";
}

/* ---- what it is called ---- */

/* The first heading ("# Title") of a Markdown text, or "". */
static const char *heading_of(struct arena *mem, const char *text)
{
	while (text) {
		size_t level = strspn(text, "#");
		size_t size = strcspn(text, "\r\n");

		if (level >= 1 && level <= 6 && text[level] == ' ') {
			char *title =
				text_fold(mem, text_copy_n(mem, text + level,
			                                   size - level));
			size_t end = strlen(title);

			while (end > 0 &&
			       (title[end - 1] == '#' || title[end - 1] == ' '))
				end--;
			return text_copy_n(mem, title, end);
		}
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	return "";
}

/* ---- reading ---- */

const char *ingest_text(struct arena *mem, const char *bytes, size_t size,
                        const char *origin, struct ingest_document *document)
{
	const char *name = name_unpacked(mem, origin), *text, *title = "";
	struct html page;

	if (size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
		bytes += 3; /* a byte order mark */
		size -= 3;
	}
	if (memchr(bytes, '\0', size))
		return "binary";
	if (!text_valid(bytes, size))
		return "not UTF-8 text";
	text = text_copy_n(mem, bytes, size);
	document->type = type_of(name, text);
	if (text_same(document->type, "text/html")) {
		if (!html_read(mem, bytes, size, &page))
			return "HTML that cannot be read";
		text = page.text;
		title = page.title;
	} else if (text_same(document->type, "text/markdown")) {
		title = heading_of(mem, text);
	}
	if (!text[strspn(text, " \t\r\n\f\v")])
		return "empty";
	if (strlen(text) > INGEST_TEXT_MOST)
		return "too large (over 4 MiB of text)";
	document->origin = origin;
	document->text = text;
	document->title = text_cut(mem, *title ? title : name, TITLE_MOST);
	return NULL;
}

/* Reads and unpacks, where it is packed, up to a bound; zlib passes on what is
 * not packed as it is. */
static const char *unpack(struct arena *mem, gzFile file, char **bytes,
                          size_t *size)
{
	struct buffer all = { .mem = mem };
	char *step = arena_alloc(mem, READ_STEP);
	int got;

	while ((got = gzread(file, step, READ_STEP)) > 0) {
		if (all.size + (size_t)got > INGEST_UNPACKED_MOST)
			return "too large (over 16 MiB)";
		buffer_add_n(&all, step, (size_t)got);
	}
	gzerror(file, &got);
	if (got != Z_OK && got != Z_STREAM_END)
		return "broken compression or unreadable";
	*bytes = all.text;
	*size = all.size;
	return NULL;
}

static const char *time_of(struct arena *mem, time_t at)
{
	char text[40];
	struct tm tm;

	gmtime_r(&at, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S+00:00", &tm);
	return text_copy(mem, text);
}

/* Reads the open file; the descriptor is closed with it. */
static const char *read_open(struct arena *mem, int fd, char **bytes,
                             size_t *size)
{
	gzFile file = gzdopen(fd, "rb");
	const char *wrong;

	if (!file) {
		close(fd);
		return "unreadable";
	}
	wrong = unpack(mem, file, bytes, size);
	gzclose(file);
	return wrong;
}

const char *ingest_read(struct arena *mem, const char *path, const char *origin,
                        struct ingest_document *document)
{
	struct stat file;
	char *bytes = NULL;
	const char *wrong;
	size_t size = 0;
	int fd;

	if (!text_valid(origin, strlen(origin)))
		return "its name is not UTF-8";
	if (strlen(origin) > ORIGIN_MOST)
		return "its path is too long";
	/* O_NONBLOCK: whatever became a FIFO since the folder was listed */
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return errno == EACCES ? "not permitted" : "unreadable";
	if (fstat(fd, &file) != 0 || !S_ISREG(file.st_mode)) {
		close(fd);
		return "not a file";
	}
	document->modified = time_of(mem, file.st_mtime);
	wrong = read_open(mem, fd, &bytes, &size);
	if (wrong)
		return wrong;
	return size ? ingest_text(mem, bytes, size, origin, document) : "empty";
}
