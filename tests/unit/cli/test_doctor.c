/* Tests of the judgements and of the report of cli/doctor. */
#include "cli/doctor.h"

#include <stdlib.h>
#include <string.h>

#include "../base/suite.h"

static struct doctor doctor;

static void setup(void)
{
    doctor_init(&doctor, "/etc/t.yaml");
}

static void teardown(void)
{
    doctor_release(&doctor);
}

START_TEST(kernels_are_compared_by_number)
{
    ck_assert(doctor_kernel_at_least("5.13.0", 5, 13));
    ck_assert(doctor_kernel_at_least("6.1.0-18-amd64", 5, 13));
    ck_assert(doctor_kernel_at_least("10.0", 5, 13));
    ck_assert(!doctor_kernel_at_least("5.9.1", 5, 13));
    ck_assert(!doctor_kernel_at_least("4.19.0-custom", 5, 13));
    ck_assert(!doctor_kernel_at_least("", 5, 13));
}
END_TEST

START_TEST(a_longer_queue_needs_more_descriptors)
{
    struct settings settings = {.inbox_count = 1, .limits = {.queue = 256}};
    uint64_t few = doctor_descriptors_needed(&settings, 2);

    ck_assert_uint_ge(few, 2 * 256 + 2);
    settings.limits.queue = 512;
    ck_assert_uint_eq(doctor_descriptors_needed(&settings, 2), few + 2 * 256);
    ck_assert_uint_gt(doctor_descriptors_needed(&settings, 3), few + 2 * 256);
}
END_TEST

START_TEST(space_is_judged_by_what_a_document_takes)
{
    const uint64_t mib = 1 << 20;

    ck_assert_int_eq(doctor_judge_space(63 * mib, 100000 * mib, 64 * mib), DOCTOR_BAD);
    ck_assert_int_eq(doctor_judge_space(64 * mib, 100000 * mib, 64 * mib), DOCTOR_WARN);
    ck_assert_int_eq(doctor_judge_space(64 * mib, 100 * mib, 64 * mib), DOCTOR_OK);
    ck_assert_int_eq(doctor_judge_space(2048 * mib, 100000 * mib, 64 * mib), DOCTOR_OK);
}
END_TEST

START_TEST(file_systems_have_names)
{
    ck_assert_str_eq(doctor_file_system(0xEF53), "ext4");
    ck_assert_str_eq(doctor_file_system(0x6969), "nfs");
    ck_assert_ptr_null(doctor_file_system(1));
}
END_TEST

START_TEST(words_are_quoted_for_a_shell)
{
    ck_assert_str_eq(doctor_quote(&doctor, "/srv/a-b_1.c"), "/srv/a-b_1.c");
    ck_assert_str_eq(doctor_quote(&doctor, ""), "''");
    ck_assert_str_eq(doctor_quote(&doctor, "/srv/a b"), "'/srv/a b'");
    ck_assert_str_eq(doctor_quote(&doctor, "$(x);'y'"), "'$(x);'\\''y'\\'''");
    ck_assert_str_eq(doctor_quote(&doctor, "/srv/云溪"), "'/srv/云溪'");
}
END_TEST

START_TEST(the_nearest_folder_is_there)
{
    ck_assert_str_eq(doctor_nearest(&doctor, "/no-such-folder/a/b"), "/");
    ck_assert_str_eq(doctor_nearest(&doctor, "/tmp/no-such-folder/a"), "/tmp");
    ck_assert_str_eq(doctor_nearest(&doctor, "/tmp"), "/tmp");
}
END_TEST

static char *printed(bool styled)
{
    char *text = NULL;
    size_t len = 0;
    FILE *memory = open_memstream(&text, &len);

    doctor_print(&doctor, memory, styled);
    fclose(memory);
    return text;
}

START_TEST(a_finding_says_what_is_needed_found_and_mends_it)
{
    char *text;

    doctor_say(&doctor, DOCTOR_OK, "kernel", "Linux", "%s %d", "Linux", 6);
    doctor_say(&doctor, DOCTOR_BAD, "state", "mode 0700", "mode %04o", 0755u);
    doctor_mend(&doctor, "chmod 0700 %s", "/s");
    text = printed(false);
    ck_assert_ptr_nonnull(strstr(text, "ok    kernel "));
    ck_assert_ptr_nonnull(strstr(text, " Linux 6 (needs Linux)\n"));
    ck_assert_ptr_nonnull(
        strstr(text, " mode 0755 (needs mode 0700)\n      mend: chmod 0700 /s\n"));
    ck_assert_ptr_nonnull(strstr(text, "1 ok, 0 to be looked at, 1 bad\n"));
    ck_assert_ptr_null(strchr(text, '\x1b'));
    free(text);
    text = printed(true);
    ck_assert_ptr_nonnull(strstr(text, "\x1b[31mbad  \x1b[0m"));
    free(text);
    ck_assert_uint_eq(doctor_count(&doctor, DOCTOR_BAD), 1);
}
END_TEST

START_TEST(what_a_path_holds_cannot_harm_a_terminal)
{
    char *text;

    doctor_say(&doctor, DOCTOR_WARN, "x", "y", "/srv/\x1b[31m\nred");
    doctor_mend(&doctor, "rm %s", doctor_quote(&doctor, "a\x07"));
    text = printed(false);
    ck_assert_ptr_nonnull(strstr(text, "/srv/?[31m?red"));
    ck_assert_ptr_nonnull(strstr(text, "mend: rm 'a?'\n"));
    free(text);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        kernels_are_compared_by_number,
        a_longer_queue_needs_more_descriptors,
        space_is_judged_by_what_a_document_takes,
        file_systems_have_names,
        words_are_quoted_for_a_shell,
        the_nearest_folder_is_there,
        a_finding_says_what_is_needed_found_and_mends_it,
        what_a_path_holds_cannot_harm_a_terminal,
    };

    return suite_run_with("cli/doctor", tests, sizeof tests / sizeof tests[0], setup, teardown);
}
