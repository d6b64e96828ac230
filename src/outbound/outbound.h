/* The outbound thread: one per process, and it owns every connection to a
 * vendor. Request threads hand calls over and take them back; they never
 * touch a connection themselves.
 *
 * What it promises: a call ends by its deadline; a call whose client has left
 * lets go of the vendor within a second; connections, names and TLS sessions
 * are used again, since each call carries its own token (security OH-10).
 * What it never does: follow a redirect, retry, take a proxy from the
 * environment, or unpack a reply (OH-1 to OH-9). */
#ifndef GATEHOUSE_OUTBOUND_OUTBOUND_H
#define GATEHOUSE_OUTBOUND_OUTBOUND_H

#include <stddef.h>

#include "core/deadline.h"
#include "core/fault.h"
#include "outbound/call.h"

struct arena;
struct config;
struct outbound;

/* Starts the thread; call it while no other runs, since it takes TLS key
 * logging out of the environment. outbound: set; to NULL where the settings
 * want no such thread. The caller owns it. Fault: INTERNAL. */
CAN_FAIL outbound_open(struct arena *mem, const struct config *config,
                       struct outbound **outbound);

/* Ends it, within a second: calls on their way end as cancelled. Nobody may
 * be waiting and no call away by the time it is called. NULL is fine. */
void outbound_close(struct outbound *outbound);

/* Hands a call over. One that our rules forbid, or whose deadline is past, or
 * any without an outbound thread, has ended when this returns: look at end. A
 * call nobody takes back is cancelled when its arena ends. */
void outbound_send(struct outbound *outbound, struct call *call);

/* Waits until at least one of the calls that are away has ended, and takes
 * back all that have. At the deadline, or when the socket 'watched' (-1: none)
 * hangs up, it cancels the rest and takes them back too. Calls that are back
 * already are passed over. Returns how many are still away. */
size_t outbound_wait(struct outbound *outbound, struct call *const *calls,
                     size_t count, struct deadline deadline, int watched);

/* The same for who has something else to do at 'until': then it returns, and
 * what is away stays away. */
size_t outbound_wait_until(struct outbound *outbound, struct call *const *calls,
                           size_t count, struct deadline until, int watched);

#endif
