/* A small pool of connections, shared by the request threads of a process. */
#ifndef GATEHOUSE_DB_POOL_H
#define GATEHOUSE_DB_POOL_H

#include "core/fault.h"
#include "db/db.h"

struct connection;

/* Lends a connection until db's deadline, opening one where the pool may still
 * grow. After a failed attempt nobody tries again for a short, jittered and
 * growing time (security DB-6). Faults: NO_DATABASE, BUSY. */
CAN_FAIL pool_borrow(struct db *db, struct connection **connection);

/* Takes it back; one that is not clean is closed instead. */
void pool_give_back(struct pool *pool, struct connection *connection);

/* Closes one that broke. */
void pool_lost(struct pool *pool, struct connection *connection);

#endif
