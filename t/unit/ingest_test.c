#include "check.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

#include "cli/ingest_file.h"
#include "core/arena.h"
#include "core/text.h"

static struct arena *mem;
static struct ingest_document got;

static const char *read_as(const char *name, const char *bytes, size_t size)
{
	got = (struct ingest_document){ 0 };
	return ingest_text(mem, bytes, size, name, &got);
}

#define READ(name, text) read_as(name, text, sizeof(text) - 1)

static void test_text(void)
{
	CHECK_TEXT(READ("a/b.txt", "hello\n"), NULL);
	CHECK_TEXT(got.title, "a/b.txt");
	CHECK_TEXT(got.type, "text/plain");
	CHECK_TEXT(READ("a/README.gz", "hello"), NULL);
	CHECK_TEXT(got.title, "a/README");
	CHECK_TEXT(READ("a.md", "x\n## Two  words ##\ny"), NULL);
	CHECK_TEXT(got.title, "Two words");
	CHECK_TEXT(got.type, "text/markdown");
	CHECK_TEXT(READ("a.md", "#hashtag\n####### seven"), NULL);
	CHECK_TEXT(got.title, "a.md");
	CHECK_TEXT(READ("p.html", "<title>T</title><p>x"), NULL);
	CHECK_TEXT(got.title, "T");
	CHECK_TEXT(got.text, "x");
	CHECK_TEXT(READ("index", "\n<!DOCTYPE html><p>x"), NULL);
	CHECK_TEXT(got.type, "text/html");
	CHECK_TEXT(READ("a", "\xEF\xBB\xBFx"), NULL);
	CHECK_TEXT(got.text, "x");
	CHECK_TEXT(READ("a", "caf\xE9"), "not UTF-8 text");
	CHECK_TEXT(READ("a", "a\0b"), "binary");
	CHECK_TEXT(READ("a", " \n"), "empty");
	CHECK_TEXT(READ("a.html", "<script>x</script>"), "empty");
}

static const char *write_packed(const char *folder, const char *name,
                                size_t size)
{
	const char *path = text_format(mem, "%s/%s", folder, name);
	gzFile file = gzopen(path, "wb1");
	char *bytes = malloc(size);

	memset(bytes, 'a', size);
	gzwrite(file, bytes, (unsigned)size);
	gzclose(file);
	free(bytes);
	return path;
}

static const char *read_file(const char *path)
{
	got = (struct ingest_document){ 0 };
	return ingest_read(mem, path, "name.gz", &got);
}

static void test_files(void)
{
	char folder[] = "/tmp/gatehouse-ingest-XXXXXX";
	const char *small, *large, *bomb, *link, *pipe;

	CHECK(mkdtemp(folder));
	small = write_packed(folder, "small.gz", 100);
	large = write_packed(folder, "large.gz", INGEST_TEXT_MOST + 1);
	bomb = write_packed(folder, "bomb.gz", INGEST_UNPACKED_MOST + 1);
	link = text_format(mem, "%s/link", folder);
	pipe = text_format(mem, "%s/pipe", folder);
	CHECK(symlink(small, link) == 0 && mkfifo(pipe, 0600) == 0);

	CHECK_TEXT(read_file(small), NULL);
	CHECK_INT(strlen(got.text), 100);
	CHECK(got.modified && strlen(got.modified) == 25);
	CHECK_TEXT(read_file(large), "too large (over 4 MiB of text)");
	CHECK_TEXT(read_file(bomb), "too large (over 16 MiB)");
	CHECK_TEXT(read_file(link), "unreadable");
	CHECK_TEXT(read_file(pipe), "not a file");
	CHECK_TEXT(read_file(folder), "not a file");
	CHECK_TEXT(read_file("/nowhere"), "unreadable");
	CHECK_TEXT(ingest_read(mem, small, "caf\xE9", &got),
	           "its name is not UTF-8");
	CHECK(truncate(small, 20) == 0);
	CHECK_TEXT(read_file(small), "broken compression or unreadable");

	unlink(small);
	unlink(large);
	unlink(bomb);
	unlink(link);
	unlink(pipe);
	CHECK(rmdir(folder) == 0);
}

int main(void)
{
	mem = arena_new(1 << 28);
	test_text();
	test_files();
	arena_free(mem);
	return check_end();
}
