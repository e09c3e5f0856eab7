/* Whose files are mapped, and which are no shared objects of this machine. */
#include <check.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base/suite.h"
#include "base/file.h"
#include "pool/trust.h"

static char folder[64];
static char path[128];
static struct err err;

static void setup(void)
{
    strcpy(folder, "/tmp/taxond-trust-XXXXXX"); /* below /tmp, which is sticky and world-writable */
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/plugin.so", folder);
}

static void teardown(void)
{
    char link[160];

    snprintf(link, sizeof(link), "%s/link.so", folder);
    unlink(link);
    chmod(folder, 0700);
    unlink(path);
    rmdir(folder);
}

/* An ELF header of this machine; `len` bytes of it are written. */
static void write_object(unsigned char class, unsigned type, unsigned machine, size_t len)
{
    Elf64_Ehdr header;
    Elf64_Ehdr own;
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

    ck_assert_int_eq(file_pread_all(fd, &own, sizeof(own), 0), 0);
    file_close(&fd);
    header = own;
    header.e_ident[EI_CLASS] = class != 0 ? class : own.e_ident[EI_CLASS];
    header.e_type = (Elf64_Half)type;
    header.e_machine = machine != 0 ? (Elf64_Half)machine : own.e_machine;
    fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(fchmod(fd, 0755), 0);
    ck_assert_int_eq(file_write_all(fd, &header, len), 0);
    file_close(&fd);
}

static void write_good(void)
{
    write_object(0, ET_DYN, 0, sizeof(Elf64_Ehdr));
}

static int check_object(void)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int result;

    ck_assert_int_ge(fd, 0);
    result = trust_check_object(fd, path, &err);
    file_close(&fd);
    return result;
}

static void assert_refused(int code, const char *word)
{
    err.text[0] = '\0';
    ck_assert_int_eq(trust_open(path, &err), code);
    ck_assert_msg(strstr(err.text, word) != NULL, "%s", err.text);
}

START_TEST(test_our_own_below_a_sticky_folder_is_opened)
{
    write_good();
    int fd = trust_open(path, &err);

    ck_assert_msg(fd >= 0, "%s", err.text);
    ck_assert_int_eq(trust_check_object(fd, path, &err), 0);
    ck_assert_int_eq(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    file_close(&fd);
}
END_TEST

START_TEST(test_world_writable_is_refused)
{
    write_good();
    ck_assert_int_eq(chmod(path, 0757), 0);
    assert_refused(-EPERM, "world-writable");
    ck_assert_int_eq(chmod(path, 0775), 0); /* the group's is the administrator's business */
    int fd = trust_open(path, &err);
    ck_assert_int_ge(fd, 0);
    file_close(&fd);
}
END_TEST

START_TEST(test_a_world_writable_folder_above_is_refused_unless_sticky)
{
    write_good();
    ck_assert_int_eq(chmod(folder, 0777), 0);
    assert_refused(-EPERM, folder);
    ck_assert_int_eq(chmod(folder, 01777), 0);
    int fd = trust_open(path, &err);
    ck_assert_int_ge(fd, 0);
    file_close(&fd);
}
END_TEST

START_TEST(test_another_users_is_refused)
{
    if (geteuid() != 0)
        return; /* only root can give a file away */
    write_good();
    ck_assert_int_eq(chown(path, 12345, 0), 0);
    assert_refused(-EPERM, "12345");
    ck_assert_int_eq(chown(path, 0, 0), 0);
    ck_assert_int_eq(chown(folder, 12345, 0), 0);
    assert_refused(-EPERM, "12345");
    ck_assert_int_eq(chown(folder, 0, 0), 0);
}
END_TEST

START_TEST(test_a_link_is_followed_to_a_file_that_is_checked)
{
    char link[160];

    write_good();
    snprintf(link, sizeof(link), "%s/link.so", folder);
    ck_assert_int_eq(symlink(path, link), 0);
    int fd = trust_open(link, &err);
    ck_assert_int_ge(fd, 0);
    file_close(&fd);
    ck_assert_int_eq(chmod(path, 0757), 0);
    ck_assert_int_eq(trust_open(link, &err), -EPERM);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(trust_open(link, &err), -ENOENT);
}
END_TEST

START_TEST(test_what_is_no_file_is_refused_without_waiting)
{
    assert_refused(-ENOENT, path);
    ck_assert_int_eq(mkfifo(path, 0644), 0);
    assert_refused(-EINVAL, "no regular file");
    ck_assert_int_eq(trust_open(folder, &err), -EINVAL);
}
END_TEST

START_TEST(test_what_is_no_shared_object_is_refused)
{
    write_object(0, ET_EXEC, 0, sizeof(Elf64_Ehdr));
    ck_assert_int_eq(check_object(), -ENOEXEC);
    write_object(0, ET_REL, 0, sizeof(Elf64_Ehdr));
    ck_assert_int_eq(check_object(), -ENOEXEC);
    for (size_t len = 0; len < sizeof(Elf32_Ehdr); len++) {
        write_object(0, ET_DYN, 0, len);
        ck_assert_int_eq(check_object(), -ENOEXEC);
    }
    int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    ck_assert_int_eq(dprintf(fd, "#!/bin/sh\n%4096s\n", "echo"), 4107);
    file_close(&fd);
    ck_assert_int_eq(check_object(), -ENOEXEC);
    ck_assert_ptr_nonnull(strstr(err.text, "no shared object"));
}
END_TEST

START_TEST(test_another_machines_is_refused)
{
    unsigned char other = sizeof(void *) == 8 ? ELFCLASS32 : ELFCLASS64;

    write_good();
    ck_assert_int_eq(check_object(), 0);
    write_object(other, ET_DYN, 0, sizeof(Elf64_Ehdr));
    ck_assert_int_eq(check_object(), -ENOEXEC);
    write_object(0, ET_DYN, EM_68K, sizeof(Elf64_Ehdr));
    ck_assert_int_eq(check_object(), -ENOEXEC);
    ck_assert_ptr_nonnull(strstr(err.text, "another machine"));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        test_our_own_below_a_sticky_folder_is_opened,
        test_world_writable_is_refused,
        test_a_world_writable_folder_above_is_refused_unless_sticky,
        test_another_users_is_refused,
        test_a_link_is_followed_to_a_file_that_is_checked,
        test_what_is_no_file_is_refused_without_waiting,
        test_what_is_no_shared_object_is_refused,
        test_another_machines_is_refused,
    };

    return suite_run_with("trust", tests, sizeof(tests) / sizeof(tests[0]), setup, teardown);
}
