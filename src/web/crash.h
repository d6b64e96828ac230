/* Names the request that brought a process down (security WL-7). */
#ifndef GATEHOUSE_WEB_CRASH_H
#define GATEHOUSE_WEB_CRASH_H

/* From now on a fatal signal writes one line with the request id of the
 * thread it struck to standard error, and then ends the process as before. */
void crash_report(void);

/* The request this thread works on, NULL for none. Kept, not copied. */
void crash_request(const char *id);

#endif
