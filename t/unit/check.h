/* Unit tests: one claim a line, told as TAP.
 *
 * A test is a program of its own: it includes this file once, states claims in
 * main(), and ends with `return check_end();`. A claim that fails says where
 * and what it got; the others still run.
 *
 *   int main(void)
 *   {
 *           CHECK_TEXT(text_lower(mem, "ABC"), "abc");
 *           return check_end();
 *   }
 */
#ifndef GATEHOUSE_CHECK_H
#define GATEHOUSE_CHECK_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/fault.h"

static int check_count, check_failures;

/* The claim holds. */
#define CHECK(claim) check_say((claim), #claim, __FILE__, __LINE__)

/* The same for a row of a table: note tells which. */
#define CHECK_ROW(claim, note) check_say((claim), note, __FILE__, __LINE__)

/* Two texts, either may be NULL, are the same. */
#define CHECK_TEXT(got, wanted)                                                \
	check_text((got), (wanted), #got, __FILE__, __LINE__)

/* Two whole numbers are the same. */
#define CHECK_INT(got, wanted)                                                 \
	check_int((long long)(got), (long long)(wanted), #got, __FILE__,       \
	          __LINE__)

/* A fault is of a kind: CHECK_FAULT(js_parse(…), BAD_JSON). */
#define CHECK_FAULT(fault, kind)                                               \
	check_fault((fault), FAULT_##kind, #fault, __FILE__, __LINE__)

/* No fault. */
#define CHECK_FINE(fault)                                                      \
	check_fault((fault), FAULT_KINDS, #fault, __FILE__, __LINE__)

static inline bool check_say(bool holds, const char *claim, const char *file,
                             int line)
{
	check_count++;
	check_failures += !holds;
	/* '#' begins a directive in TAP, and a line break ends the claim */
	printf("%s %d - ", holds ? "ok" : "not ok", check_count);
	for (const char *c = claim; *c; c++)
		putchar(*c == '#' || *c == '\n' || *c == '\r' ? '.' : *c);
	putchar('\n');
	if (!holds)
		printf("# %s:%d: this does not hold\n", file, line);
	fflush(stdout);
	return holds;
}

static inline bool check_text(const char *got, const char *wanted,
                              const char *claim, const char *file, int line)
{
	bool same = got && wanted ? strcmp(got, wanted) == 0 : got == wanted;

	check_say(same, claim, file, line);
	if (!same)
		printf("#   got    %s\n#   wanted %s\n", got ? got : "NULL",
		       wanted ? wanted : "NULL");
	return same;
}

static inline bool check_int(long long got, long long wanted,
                             const char *claim, const char *file, int line)
{
	check_say(got == wanted, claim, file, line);
	if (got != wanted)
		printf("#   got    %lld\n#   wanted %lld\n", got, wanted);
	return got == wanted;
}

/* kind FAULT_KINDS: none is wanted. */
static inline bool check_fault(const struct fault *got, enum fault_kind kind,
                               const char *claim, const char *file, int line)
{
	bool same = got ? got->kind == kind : kind == FAULT_KINDS;

	check_say(same, claim, file, line);
	if (!same)
		printf("#   got    %s: %s\n#   wanted %s\n",
		       got ? fault_row(got->kind)->name : "no fault",
		       got ? got->told : "",
		       kind < FAULT_KINDS ? fault_row(kind)->name : "no fault");
	return same;
}

/* Prints the plan; the exit status of main. */
static inline int check_end(void)
{
	printf("1..%d\n", check_count);
	return check_failures ? 1 : 0;
}

#endif
