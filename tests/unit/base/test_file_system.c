/* Tests of base/file_system. */
#include "base/file_system.h"

#include <fcntl.h>
#include <unistd.h>

#include "suite.h"

/* Numbers of linux/magic.h. */
START_TEST(known_and_unknown)
{
    ck_assert_str_eq(file_system_find(0xEF53)->name, "ext4");
    ck_assert(!file_system_find(0xEF53)->is_remote);
    ck_assert(file_system_find(0x01021994)->is_memory);
    static const uint64_t remote[] = {0x6969, 0xFF534D42, 0xFE534D42, 0x65735546, 0x01021997};
    for (size_t i = 0; i < sizeof remote / sizeof remote[0]; i++)
        ck_assert(file_system_find(remote[i])->is_remote);
    ck_assert_ptr_null(file_system_find(0x9FA0)); /* proc: nobody's inbox */
}
END_TEST

START_TEST(behind_a_descriptor)
{
    int fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    ck_assert_int_ge(fd, 0);
    ck_assert_ptr_null(file_system_of(fd));
    close(fd);
    ck_assert_ptr_null(file_system_of(-1));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {known_and_unknown, behind_a_descriptor};

    return SUITE_RUN("base/file_system", tests);
}
