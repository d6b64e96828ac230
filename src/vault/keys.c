#include "vault/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "core/arena.h"
#include "core/text.h"

enum {
	LINE_MOST = 128, /* bytes; a real one has at most 89 and a newline */
	PADDED = sodium_base64_VARIANT_ORIGINAL,
};

static const struct {
	const char *name;
	mode_t made; /* the mode it is written with */
	mode_t most; /* no bit beyond these */
	const char *modes;
} halves[] = {
	[PUBLIC_HALF] = { "gatehouse-seal-public-1 ", 0444, 0444,
	                  "0444, 0440 or 0400" },
	[PRIVATE_HALF] = { "gatehouse-seal-private-1 ", 0400, 0440,
	                   "0400 or 0440" },
};

static struct fault *unreadable(struct arena *mem, const char *path)
{
	return fault_told(mem, FAULT_BAD_SETTING,
	                  "The key file %s cannot be read (%s): make a pair "
	                  "with `gatehouse keys create`, or mend the path.",
	                  path, strerrordesc_np(errno));
}

static struct fault *no_key(struct arena *mem, enum key_half half,
                            const char *path, const char *wrong)
{
	return fault_told(mem, FAULT_BAD_SETTING,
	                  "The key file %s %s: it should be one line, %s<key>, "
	                  "as `gatehouse keys create` makes it.",
	                  path, wrong, halves[half].name);
}

static CAN_FAIL check_mode(struct arena *mem, enum key_half half,
                           const char *path, int file)
{
	struct stat about;

	if (fstat(file, &about) != 0)
		return unreadable(mem, path);
	if (!S_ISREG(about.st_mode))
		return no_key(mem, half, path, "is no regular file");
	if ((about.st_mode & 07777 & ~halves[half].most) ||
	    !(about.st_mode & 0400))
		return fault_told(mem, FAULT_BAD_SETTING,
		                  "The key file %s has mode %04o but must have "
		                  "%s: chmod %04o %s",
		                  path, (unsigned)about.st_mode & 07777,
		                  halves[half].modes,
		                  (unsigned)halves[half].made, path);
	return NULL;
}

/* Reads the file whole into line; false unless it is one line that fits. */
static bool read_line(int file, char *line)
{
	ssize_t size = read(file, line, LINE_MOST);

	if (size <= 0 || size == LINE_MOST)
		return false;
	line[size] = '\0';
	size_t length = strcspn(line, "\r\n");
	if (strspn(line + length, "\r\n") != (size_t)size - length)
		return false;
	line[length] = '\0';
	return true;
}

/* Hex, or base64 with or without its padding. */
static bool decode(const char *text, unsigned char *key)
{
	static const int forms[] = {
		PADDED,
		sodium_base64_VARIANT_ORIGINAL_NO_PADDING,
	};
	size_t length = strlen(text);
	size_t size;

	if (length == 2 * KEY_SIZE)
		return sodium_hex2bin(key, KEY_SIZE, text, length, NULL, &size,
		                      NULL) == 0 &&
		       size == KEY_SIZE;
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		if (sodium_base642bin(key, KEY_SIZE, text, length, NULL, &size,
		                      NULL, forms[i]) == 0 &&
		    size == KEY_SIZE)
			return true;
	return false;
}

/* Random bytes repeat one value 32 times once in 2^248; people do it at once. */
static bool placeholder(const unsigned char *key)
{
	for (size_t i = 1; i < KEY_SIZE; i++)
		if (key[i] != key[0])
			return false;
	return true;
}

static CAN_FAIL parse(struct arena *mem, enum key_half half, const char *path,
                      const char *line, unsigned char *key)
{
	const char *name = halves[half].name;

	if (text_starts(line, halves[!half].name))
		return no_key(mem, half, path,
		              "holds the other half of the pair");
	if (!text_starts(line, name))
		return no_key(mem, half, path, "does not say which key it is");
	if (!decode(line + strlen(name), key))
		return no_key(mem, half, path,
		              "does not hold 32 bytes in base64 or hex");
	if (placeholder(key))
		return no_key(mem, half, path, "holds a placeholder");
	return NULL;
}

CAN_FAIL key_read(struct arena *mem, enum key_half half, const char *path,
                  unsigned char *key)
{
	/* O_NONBLOCK: a FIFO must not hold the start up. */
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct fault *wrong;

	if (file < 0)
		return unreadable(mem, path);
	char *line = sodium_malloc(LINE_MOST + 1);
	if (!line)
		wrong = fault(mem, FAULT_INTERNAL, "no locked memory");
	else if (!(wrong = check_mode(mem, half, path, file)))
		wrong = read_line(file, line)
		                ? parse(mem, half, path, line, key)
		                : no_key(mem, half, path,
		                         "is empty or too long");
	sodium_free(line);
	close(file);
	return wrong;
}

static bool write_whole(int file, const char *text, mode_t mode)
{
	ssize_t size = (ssize_t)strlen(text);

	/* The process's umask has no say in who reads a key. */
	return fchmod(file, mode) == 0 &&
	       write(file, text, (size_t)size) == size && fsync(file) == 0;
}

CAN_FAIL key_write(struct arena *mem, enum key_half half, const char *path,
                   const unsigned char *key)
{
	char line[LINE_MOST];
	char text[sodium_base64_ENCODED_LEN(KEY_SIZE, PADDED)];
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);

	if (file < 0)
		return fault_told(mem, FAULT_BAD_INPUT,
		                  "The key file %s cannot be made: %s.", path,
		                  strerrordesc_np(errno));
	sodium_bin2base64(text, sizeof(text), key, KEY_SIZE, PADDED);
	snprintf(line, sizeof(line), "%s%s\n", halves[half].name, text);
	sodium_memzero(text, sizeof(text));
	bool written = write_whole(file, line, halves[half].made);
	int why = errno;
	sodium_memzero(line, sizeof(line));
	close(file);
	if (written)
		return NULL;
	unlink(path);
	return fault_told(mem, FAULT_BAD_INPUT,
	                  "The key file %s cannot be written: %s.", path,
	                  strerrordesc_np(why));
}
