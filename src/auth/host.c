#include "auth/host.h"

#include <string.h>

enum { HOST_MOST = 253, LABEL_MOST = 63 };

static bool label_fine(const char *label, size_t size)
{
	static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

	return size > 0 && size <= LABEL_MOST &&
	       strspn(label, alphabet) >= size && label[0] != '-' &&
	       label[size - 1] != '-';
}

bool host_fine(const char *host)
{
	if (!host || strnlen(host, HOST_MOST + 1) > HOST_MOST)
		return false;
	for (;; host++) {
		size_t size = strcspn(host, ".");

		if (!label_fine(host, size))
			return false;
		host += size;
		if (!*host)
			return true;
	}
}
