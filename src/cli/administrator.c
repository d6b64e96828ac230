#include "cli/administrator.h"

#include "cli/command.h"
#include "core/arena.h"

enum { PAGE_MEMORY = 64 << 20 };

static void close_pool(void *pool)
{
	pool_free(pool);
}

static void close_arena(void *mem)
{
	arena_free(mem);
}

CAN_FAIL administrator_open(struct cli *cli, long milliseconds, struct db *db)
{
	const char *url = cli_option(cli, "database");
	struct arena *mem = arena_new(PAGE_MEMORY);
	enum { NAME, SEES_ALL };
	struct rows *rows;

	arena_defer(cli->mem, close_arena, mem);
	*db = (struct db){
		.pool = pool_new(config_libpq(cli->mem, url), 1,
		                 cli->config.statement_timeout_ms),
		.mem = mem,
		.deadline = deadline_in(milliseconds),
		.watched = -1,
	};
	arena_defer(cli->mem, close_pool, db->pool);
	TRY(db_run(db, SQL_SESSION_ROLE, &rows));
	if (!rows_true(rows, 0, SEES_ALL))
		return fault_told(cli->mem, FAULT_BAD_INPUT,
		                  "--database: this needs a superuser, or a "
		                  "role with BYPASSRLS, since others see only "
		                  "a part");
	return NULL;
}
