/* Tests of wire/stage: what a worker writes is seen, cannot be shrunk away, and is harmless. */
#include "wire/stage.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../base/suite.h"

START_TEST(another_process_writes_and_dies)
{
    char name[STAGE_NAME_SIZE];
    int fd = stage_create();
    int status;

    ck_assert_int_ge(fd, 0);
    struct stage_page *page = stage_map(fd, 0);
    ck_assert_ptr_nonnull(page);
    stage_name(page, name);
    ck_assert_str_eq(name, "start");
    pid_t pid = fork();
    if (pid == 0) {
        struct stage_page *mine = stage_map(fd, 1);
        stage_set(mine, 41, "decode");
        stage_set(mine, 42, "classify topics");
        raise(SIGKILL);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFSIGNALED(status));
    stage_name(page, name);
    ck_assert_str_eq(name, "classify topics");
    ck_assert_uint_eq(atomic_load(&page->serial), 42);
    ck_assert_uint_eq(atomic_load(&page->stage), 2);
    stage_unmap(page);
    close(fd);
}
END_TEST

START_TEST(a_worker_cannot_resize_or_unseal)
{
    int fd = stage_create();

    ck_assert_int_ne(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
    ck_assert_int_lt(ftruncate(fd, 0), 0);
    ck_assert_int_lt(ftruncate(fd, STAGE_PAGE_SIZE * 2), 0);
    ck_assert_int_lt(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), 0);
    struct stage_page *page = stage_map(fd, 0);
    ck_assert_ptr_nonnull(page);
    stage_unmap(page);
    close(fd);
}
END_TEST

START_TEST(what_is_not_sealed_or_not_a_page_is_not_mapped)
{
    int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
    int fd = memfd_create("loose", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    ck_assert_int_eq(ftruncate(fd, STAGE_PAGE_SIZE), 0);
    ck_assert_ptr_null(stage_map(fd, 0));
    ck_assert_int_eq(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW), 0);
    ck_assert_ptr_null(stage_map(fd, 0));
    ck_assert_int_eq(fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL), 0);
    struct stage_page *page = stage_map(fd, 0);
    ck_assert_ptr_nonnull(page);
    stage_unmap(page);
    close(fd);

    fd = memfd_create("short", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    ck_assert_int_eq(ftruncate(fd, STAGE_PAGE_SIZE - 1), 0);
    ck_assert_int_eq(fcntl(fd, F_ADD_SEALS, seals), 0);
    ck_assert_ptr_null(stage_map(fd, 0));
    close(fd);
    ck_assert_ptr_null(stage_map(-1, 0));
    fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    ck_assert_ptr_null(stage_map(fd, 0));
    close(fd);
    stage_unmap(NULL);
}
END_TEST

START_TEST(a_hostile_page_gives_a_harmless_name)
{
    char name[STAGE_NAME_SIZE];
    int fd = stage_create();
    struct stage_page *page = stage_map(fd, 1);

    memset(page, 0xff, STAGE_PAGE_SIZE); /* no NUL anywhere */
    stage_name(page, name);
    ck_assert_uint_eq(strlen(name), STAGE_NAME_SIZE - 1);
    ck_assert_uint_eq(strspn(name, "?"), STAGE_NAME_SIZE - 1);
    memcpy(page->name, "a\x1b[2J\n中\x7f", sizeof "a\x1b[2J\n中\x7f");
    stage_name(page, name);
    ck_assert_str_eq(name, "a?[2J?????");
    stage_set(page, 1,
              "a name that is longer than the room that the page has for a name of a stage");
    stage_name(page, name);
    ck_assert_str_eq(name, "a name that is longer than the room that the page has for a nam");
    stage_set(page, 1, "");
    stage_name(page, name);
    ck_assert_str_eq(name, "start");
    stage_unmap(page);
    close(fd);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        another_process_writes_and_dies,
        a_worker_cannot_resize_or_unseal,
        what_is_not_sealed_or_not_a_page_is_not_mapped,
        a_hostile_page_gives_a_harmless_name,
    };

    return SUITE_RUN("wire/stage", tests);
}
