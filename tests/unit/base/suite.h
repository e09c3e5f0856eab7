/* Runs the tests of one module; the result is main's. */
#ifndef TESTS_UNIT_BASE_SUITE_H
#define TESTS_UNIT_BASE_SUITE_H

#include <check.h>
#include <stddef.h>
#include <stdint.h>

/* `setup` and `teardown` (NULL: none) run around each test, in its process. */
static inline int suite_run_with(const char *name, const TTest *const tests[], size_t count,
                                 SFun setup, SFun teardown)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    int run = srunner_ntests_run(runner);
    srunner_free(runner);
    return failed == 0 && run == (int)count ? 0 : 1;
}

/* A fixed sequence (xorshift64), so that a failure can be repeated. */
static inline uint64_t suite_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

#define SUITE_RUN(name, tests)                                                                     \
    suite_run_with(name, tests, sizeof(tests) / sizeof(tests)[0], NULL, NULL)

#endif
