/* How a worker's end is told. */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "../base/suite.h"
#include "pool/worker_process.h"

static const char *describe(int wait_status, size_t size)
{
    static char text[128];

    memset(text, 'x', sizeof(text));
    worker_process_describe_end(wait_status, text, size);
    return text;
}

START_TEST(test_each_end_has_its_words)
{
    ck_assert_str_eq(describe(SIGSEGV, 128), "was killed by signal 11 (Segmentation fault)");
    ck_assert_str_eq(describe(SIGSEGV | 0x80, 128), "was killed by signal 11 (Segmentation fault)");
    ck_assert_str_eq(describe(SIGKILL, 128), "was killed by signal 9 (Killed)");
    ck_assert_str_eq(describe(0, 128), "exited with status 0");
    ck_assert_str_eq(describe(255 << 8, 128), "exited with status 255");
    ck_assert_str_eq(describe(-1, 128), "ended");
    ck_assert_str_eq(describe(0x137f, 128), "ended"); /* stopped: no end that waitpid tells of */
}
END_TEST

START_TEST(test_a_small_buffer_is_not_overrun)
{
    ck_assert_str_eq(describe(SIGSEGV, 8), "was kil");
    ck_assert_int_eq(describe(SIGSEGV, 8)[8], 'x');
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_each_end_has_its_words, test_a_small_buffer_is_not_overrun};

    return SUITE_RUN("worker_process", tests);
}
