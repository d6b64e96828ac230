/* One call to a vendor: what is asked, within which bounds, and how it ended.
 *
 * A call and its memory belong to the request. From outbound_send() until
 * outbound_wait() has given it back nobody but the outbound thread touches
 * what it points to. Nothing of a reply is for clients: what a vendor says in
 * an error may carry secrets or instructions, so only a source reads it
 * (security OH-12). */
#ifndef GATEHOUSE_OUTBOUND_CALL_H
#define GATEHOUSE_OUTBOUND_CALL_H

#include <stdbool.h>
#include <stddef.h>

#include "core/deadline.h"
#include "core/fault.h"
#include "core/json.h"

struct arena;
struct exchange;

enum call_end {
	CALL_OPEN,        /* not ended: not sent, or on its way */
	CALL_ANSWERED,    /* there is a reply, of whatever status */
	CALL_REFUSED,     /* by our own rules, nothing was sent */
	CALL_UNREACHABLE, /* no address, no connection; nothing was sent */
	CALL_UNTRUSTED,   /* no TLS with the right peer; nothing was sent */
	CALL_BROKEN,      /* what came was no whole HTTP reply */
	CALL_TOO_LARGE,   /* the reply passed a bound and was cut off */
	CALL_TIMED_OUT,   /* at its deadline, or too slow, or the request's */
	CALL_CANCELLED,   /* the client left, or the process ends */
};

/* Usual bounds; a call may set its own. */
enum {
	CALL_BODY_MOST = 4 << 20,  /* bytes of a reply's body */
	CALL_HEAD_MOST = 32 << 10, /* bytes of all its headers */
	CALL_CONNECT_MS = 3000,    /* for name, connection and TLS */
	CALL_SLOW_SECONDS = 15,    /* as slow as CALL_SLOW_BYTES a second */
	CALL_SLOW_BYTES = 64,
};

struct call_header {
	const char *name;
	const char *value;
	struct call_header *next;
};

struct reply {
	int status;
	const char *body; /* never NULL; any bytes, and a NUL after them */
	size_t size;
	const char *type;     /* Content-Type, or NULL */
	const char *encoding; /* Content-Encoding, not undone; or NULL */
	const char *location; /* where a redirect points, never followed; or NULL */
	long retry_after;     /* seconds, a day at most; 0 when not told */
	long max_age; /* seconds that it is fresh; 0: not to be kept; -1 when not
	               * told (Cache-Control, RFC 9111 5.2.2) */
	json_object *json;    /* set by call_json() */
};

struct call {
	struct arena *mem;

	/* what is asked; all of it lives as long as mem */
	const char *method;
	const char *url;
	const char *const *hosts; /* that the URL may name: host_allowed() */
	const char *bearer;       /* the token, or NULL */
	bool alone; /* on a connection of its own, which ends with it: what it
	             * sends stays nowhere (security SE-6) */
	struct call_header *headers;
	const char *body; /* NULL: none */
	size_t body_size;

	/* within which bounds */
	struct deadline deadline;
	long connect_ms;
	long slow_seconds;
	size_t body_most;
	size_t head_most;

	/* how it ended */
	enum call_end end;
	struct reply reply; /* filled when CALL_ANSWERED */
	const char *note;   /* why there is no reply, for the log only */
	long ms;            /* how long it took */

	void *about; /* the caller's own */
	struct exchange *exchange; /* while it is away */
};

/* A call with the usual bounds. method: "GET", "POST" …; url, from url_fill();
 * NULL makes a call that is refused. hosts: a table that lives on. */
struct call *call_new(struct arena *mem, const char *method, const char *url,
                      const char *const *hosts, struct deadline deadline);

/* Adds a header, both texts of mem or constant. A value with CR, LF or another
 * control character makes the call refused (security OH-9). */
void call_header(struct call *call, const char *name, const char *value);

/* Says who asks by Basic, both parts form-encoded (RFC 6749 2.3.1). */
void call_basic(struct call *call, const char *user, const char *password);

/* Gives it a body: text of a media type, or JSON. */
void call_body(struct call *call, const char *type, const char *text);
void call_body_json(struct call *call, json_object *json);

/* What is wrong with what a call asks, but for its URL; NULL if nothing is. */
const char *call_wrong(const struct call *call);

/* Makes a call that is back one that was never sent, to send it once more. */
void call_reset(struct call *call);

/* Undoes a Content-Encoding of gzip, within the call's body_most (security
 * OH-6). False, with the end CALL_TOO_LARGE or CALL_BROKEN, when that cannot
 * be; a body that is not encoded stays as it is. */
bool call_unpack(struct call *call);

/* Parses the reply's body into reply.json under the bounds for JSON from
 * outside. Fault: BAD_JSON. */
CAN_FAIL call_json(struct call *call);

/* A word for the log: "answered", "timed out". */
const char *call_end_text(enum call_end end);

/* Fills each {} of a literal form with a text, percent-encoded, so no value can
 * change what an address means; of mem. NULL when a value is NULL, or would
 * make an empty, "." or ".." segment of the path. */
#define url_fill(mem, form, ...)                                               \
	url_fill_all(mem, "" form "", URL_COUNT(__VA_ARGS__),                  \
	             (const char *const[]){ "", ##__VA_ARGS__ } + 1)
#define URL_COUNT(...)                                                         \
	(sizeof((const char *const[]){ "", ##__VA_ARGS__ }) /                  \
	         sizeof(const char *) -                                        \
	 1)
char *url_fill_all(struct arena *mem, const char *form, size_t count,
                   const char *const *values);

/* The same for a body of application/x-www-form-urlencoded, where any text
 * will do. */
#define form_fill(mem, form, ...)                                              \
	form_fill_all(mem, "" form "", URL_COUNT(__VA_ARGS__),                 \
	              (const char *const[]){ "", ##__VA_ARGS__ } + 1)
char *form_fill_all(struct arena *mem, const char *form, size_t count,
                    const char *const *values);

#endif
