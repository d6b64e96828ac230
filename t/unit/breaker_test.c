#include "check.h"

#include "core/breaker.h"

enum { FOR_LONG = 3600 * 1000 };

static void fail(struct breaker *breaker, int times)
{
	while (times-- > 0)
		breaker_told(breaker, false, 0);
}

int main(void)
{
	struct breaker *breaker = breaker_new(FOR_LONG);

	CHECK(breaker_asks(breaker));
	fail(breaker, 4);
	CHECK(breaker_asks(breaker)); /* four in a row are not enough */
	breaker_told(breaker, true, 0);
	fail(breaker, 4);
	CHECK(breaker_asks(breaker)); /* nor are eight with one between */
	fail(breaker, 1);
	CHECK(!breaker_asks(breaker));
	breaker_told(breaker, true, 0); /* one that was asked before */
	CHECK(breaker_asks(breaker));
	breaker_told(breaker, false, FOR_LONG);
	CHECK(!breaker_asks(breaker)); /* it wants to be left alone */
	breaker_free(breaker);

	breaker = breaker_new(0);
	fail(breaker, 5);
	CHECK(breaker_asks(breaker)); /* the while is over */
	breaker_free(breaker);
	breaker_free(NULL);
	return check_end();
}
