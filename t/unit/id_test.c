#include "check.h"

#include "core/arena.h"
#include "search/id.h"

#define UUID "0f4f5f3e-9d5c-4a54-8f30-7f0b6c1f2a3b"

/* MC-9: an id is what we printed, or no id. */
static const char *const wrong[] = {
	"",
	"x",
	"::",
	"documents::",
	"documents::" UUID,
	"documents::" UUID "::",
	"::" UUID "::x",
	"Documents::" UUID "::x",
	"docu ments::" UUID "::x",
	"documents:: " UUID "::x",
	"documents::0F4F5F3E-9D5C-4A54-8F30-7F0B6C1F2A3B::x",
	"documents::0f4f5f3e9d5c4a548f307f0b6c1f2a3b::x",
	"documents::{" UUID "}::x",
	"documents::urn:uuid:" UUID "::x",
	"documents::../" UUID "::x",
	"documents::%2e::x",
	"documents:" UUID ":x",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa::" UUID "::x",
	NULL,
};

int main(void)
{
	struct arena *mem = arena_new(1 << 20);
	struct item_id id = { "box", UUID, "a::b/../c?d#e%2e" }, read;
	char *huge = arena_alloc(mem, 8193);

	CHECK_TEXT(item_id_print(mem, &id), "box::" UUID "::a::b/../c?d#e%2e");
	CHECK(item_id_read(mem, item_id_print(mem, &id), &read));
	CHECK_TEXT(read.type, id.type);
	CHECK_TEXT(read.source, id.source);
	CHECK_TEXT(read.native, id.native);
	for (size_t i = 0; wrong[i]; i++)
		CHECK_ROW(!item_id_read(mem, wrong[i], &read), wrong[i]);
	memset(huge, 'a', 8192);
	CHECK(!item_id_read(mem, huge, &read));
	memcpy(huge, "box::" UUID "::", 5 + 36 + 2);
	CHECK(!item_id_read(mem, huge, &read));
	arena_free(mem);
	return check_end();
}
