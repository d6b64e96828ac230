/* A vendor on loopback for the tests of outbound/: answers badly on request.
 *
 * It brings the rules that the production programs never have (plain http,
 * any port, 127.0.0.1), and a getaddrinfo() of its own, so that no test needs
 * a name server:
 *   vendor.test       127.0.0.1
 *   private.test      10.0.0.1        metadata.test   169.254.169.254
 *   mapped.test       ::ffff:10.0.0.1
 *   rebind.test       127.0.0.1 when first asked, 10.0.0.1 from then on
 *   hang.test         no answer until vendor_names_answer()
 * What a path does is told by the table in vendor.c. */
#ifndef GATEHOUSE_TEST_VENDOR_H
#define GATEHOUSE_TEST_VENDOR_H

#include <stdatomic.h>

/* What it has seen. */
extern atomic_int vendor_connections; /* accepted */
extern atomic_int vendor_requests;
extern atomic_int vendor_waiting; /* requests it keeps waiting now */
extern atomic_int vendor_left;    /* of these, closed by the other side */
extern atomic_int vendor_ended;   /* connections that are over */
extern atomic_int vendor_mixed;   /* token and path disagreed */
extern atomic_int names_asked;

/* The file of the only authority these rules trust. */
extern char vendor_ca_file[256];

/* Starts it; returns its port. */
int vendor_start(void);

/* Lets look-ups of hang.test end. */
void vendor_names_answer(void);

/* Waits until a count is reached, ten seconds at most. */
int vendor_saw(atomic_int *count, int wanted);

#endif
