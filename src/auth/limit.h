/* Limits that refuse somebody, in the audit log (security LA-2).
 *
 * One row a minute for who hits which: nobody fills the log by trying on. The
 * request's own line is in the log each time. */
#ifndef GATEHOUSE_AUTH_LIMIT_H
#define GATEHOUSE_AUTH_LIMIT_H

struct fault;
struct request;

/* Records what a fault refused, if it is a limit's: TOO_MANY, QUOTA, NO_DOMAIN.
 * what: what was asked for, one of few constants (a route, a tool). It takes
 * half a second at most; where it fails, the log says so. */
void limit_record(struct request *req, const struct fault *wrong,
                  const char *what);

#endif
