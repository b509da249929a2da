/* unit.h - the main() of a libcheck program
 *
 * A test file defines its cases and ends with UNIT_MAIN("module", tcase_a(), tcase_b()). */
#ifndef GW_TESTS_UNIT_H
#define GW_TESTS_UNIT_H

#include <check.h>
#include <stdlib.h>

static inline int unit_run(const char *name, TCase *const *cases, size_t n)
{
	Suite *suite = suite_create(name);
	SRunner *runner;
	int failed;

	for (size_t i = 0; i < n; i++)
		suite_add_tcase(suite, cases[i]);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#define UNIT_MAIN(name, ...) \
	int main(void) \
	{ \
		TCase *const cases[] = { __VA_ARGS__ }; \
\
		return unit_run(name, cases, sizeof cases / sizeof *cases); \
	}

/* ck_assert that a struct gw_slice holds a string literal. */
#define ck_assert_slice_eq(s, lit) \
	do { \
		struct gw_slice ck_s = (s); \
\
		ck_assert_msg(gw_slice_eq(ck_s, gw_slice_str(lit)), "\"%.*s\" is not \"%s\"", (int)ck_s.n, ck_s.n ? ck_s.p : "", lit); \
	} while (0)

#endif
