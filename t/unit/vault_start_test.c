#include "check.h"

#include "core/arena.h"
#include "vault/vault.h"

/* Stands in for libsodium's own: a library that cannot seed itself. */
int sodium_init(void);
int sodium_init(void)
{
	return -1;
}

/* SE-7: an unseeded library stops the start. */
int main(void)
{
	struct arena *mem = arena_new(1 << 16);

	CHECK_FAULT(vault_start(mem), INTERNAL);
	arena_free(mem);
	return check_end();
}
