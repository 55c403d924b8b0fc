/* SPDX-License-Identifier: GPL-2.0-only */
/* A table of tests, run one by one, told as KTAP. */
#ifndef TESTS_KTAP_H
#define TESTS_KTAP_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct test {
	const char *name;
	void (*run)(void);
};

static bool test_failed;

#define FAIL(fmt, ...) do {						\
	printf("# %s:%d: " fmt "\n", __FILE__, __LINE__, ##__VA_ARGS__); \
	test_failed = true;						\
} while (0)

#define CHECK(cond) do {						\
	if (!(cond))							\
		FAIL("not so: %s", #cond);				\
} while (0)

#define CHECK_INT(got, want) do {					\
	long long g_ = (got), w_ = (want);				\
	if (g_ != w_)							\
		FAIL("%s is %lld, not %lld", #got, g_, w_);		\
} while (0)

#define CHECK_STR(got, want) do {					\
	const char *g_ = (got), *w_ = (want);				\
	if (!g_ || strcmp(g_, w_))					\
		FAIL("%s is \"%s\", not \"%s\"", #got,			\
		     g_ ? g_ : "(null)", w_);				\
} while (0)

#define CHECK_HAS(text, part) do {					\
	if (!strstr(text, part))					\
		FAIL("no \"%s\" in \"%s\"", part, text);		\
} while (0)

static int run_tests(const struct test *tests, size_t nr)
{
	int failed = 0;
	size_t i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("KTAP version 1\n1..%zu\n", nr);
	for (i = 0; i < nr; i++) {
		test_failed = false;
		tests[i].run();
		failed |= test_failed;
		printf("%sok %zu %s\n", test_failed ? "not " : "", i + 1,
		       tests[i].name);
	}
	return failed;
}

#define TESTS(...)							\
int main(void)								\
{									\
	static const struct test tests[] = { __VA_ARGS__ };		\
									\
	return run_tests(tests, sizeof(tests) / sizeof(tests[0]));	\
}

#endif
