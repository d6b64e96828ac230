#include "auth/throttle.h"

#include <arpa/inet.h>
#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "vault/vault.h"
#include "web/request.h"

const char *throttle_network(const struct request *req)
{
	const char *address = req->address;
	struct in6_addr bytes;
	char *text = arena_alloc(req->mem, INET6_ADDRSTRLEN);

	if (!address || inet_pton(AF_INET6, address, &bytes) != 1)
		return address ? address : "unknown";
	if (IN6_IS_ADDR_V4MAPPED(&bytes))
		return address;
	memset(bytes.s6_addr + 8, 0, 8);
	inet_ntop(AF_INET6, &bytes, text, INET6_ADDRSTRLEN);
	return text;
}

struct throttle throttle_of(const struct request *req, const char *what,
                            const char *about, long free, long most)
{
	const char *network = throttle_network(req);
	const char *digest = about ? digest_hex(req->mem, about) : "";

	return (struct throttle){
		.key = text_format(req->mem, "%s %s %s", what, network, digest),
		.free = free,
		.most = most,
	};
}

CAN_FAIL throttle_pass(struct request *req, const struct throttle *throttle)
{
	struct rows *rows;

	TRY(db_run(&req->db, SQL_THROTTLE_LOOK, &rows, throttle->key));
	long left = rows_integer(rows, 0, 0);
	if (left <= 0)
		return NULL;
	struct fault *many =
		fault(req->mem, FAULT_TOO_MANY, "%ld s left", left);
	many->retry_after = (int)left;
	return many;
}

CAN_FAIL throttle_failed(struct request *req, const struct throttle *throttle)
{
	return db_run(&req->db, SQL_THROTTLE_FAIL, NULL, throttle->key,
	              text_format(req->mem, "%ld", throttle->free),
	              text_format(req->mem, "%ld", throttle->most));
}

CAN_FAIL throttle_forget(struct request *req, const struct throttle *throttle)
{
	return db_run(&req->db, SQL_THROTTLE_CLEAR, NULL, throttle->key);
}
