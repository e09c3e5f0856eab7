/* Tests of base/log: what really arrives on descriptor 2. */
#include "base/log.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/utf8.h"
#include "suite.h"

#define TIME_LEN 25 /* "2026-11-24T09:32:36.123Z " */

static int read_end = -1;

/* Each test runs in a process of its own, so that descriptor 2 need not be put back. */
static void capture(void)
{
    int ends[2];

    unsetenv("JOURNAL_STREAM");
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
    close(ends[1]);
    read_end = ends[0];
}

static const char *next_read(void)
{
    static char text[8192];
    ssize_t n = read(read_end, text, sizeof text - 1);

    ck_assert_int_gt(n, 0);
    text[n] = '\0';
    return text;
}

START_TEST(line_is_time_level_text)
{
    capture();
    log_warning("%s: %d", "a", 7);
    const char *line = next_read();
    unsigned parts[7];
    ck_assert_int_eq(sscanf(line, "%4u-%2u-%2uT%2u:%2u:%2u.%3uZ ", &parts[0], &parts[1], &parts[2],
                            &parts[3], &parts[4], &parts[5], &parts[6]),
                     7);
    ck_assert_str_eq(line + TIME_LEN, "warning a: 7\n");
    log_error("x");
    ck_assert_str_eq(next_read() + TIME_LEN, "error x\n");
    log_info("%s", "");
    ck_assert_str_eq(next_read() + TIME_LEN, "info \n");
}
END_TEST

START_TEST(lower_levels_are_left_out)
{
    capture();
    log_debug("hidden"); /* info is the least at start */
    log_info("seen");
    ck_assert_str_eq(next_read() + TIME_LEN, "info seen\n");
    log_set_level(LOG_LEVEL_ERROR);
    log_info("hidden");
    log_warning("hidden");
    log_error("seen");
    ck_assert_str_eq(next_read() + TIME_LEN, "error seen\n");
    log_set_level(LOG_LEVEL_DEBUG);
    log_debug("seen");
    ck_assert_str_eq(next_read() + TIME_LEN, "debug seen\n");
}
END_TEST

START_TEST(hostile_names_cannot_forge_a_line)
{
    capture();
    log_info("%s", "a\n2026 error b\r\x1b[2J\t\x7f\xC2\x85\xE2\x80\xAE\xFF 中文 😀");
    ck_assert_str_eq(next_read() + TIME_LEN, "info a?2026 error b??[2J????? 中文 😀\n");
}
END_TEST

START_TEST(long_lines_are_cut_in_one_write)
{
    static char text[10000];

    capture();
    for (size_t shift = 0; shift < 3; shift++) {
        memset(text, 'a', shift);
        for (size_t at = shift; at + 3 < sizeof text; at += 3)
            memcpy(text + at, "中", 4);
        log_error("%s", text);
        const char *line = next_read();
        size_t len = strlen(line);
        ck_assert_uint_le(len, 4096);
        ck_assert_uint_gt(len, 4090);
        ck_assert(utf8_is_valid(line, len));
        ck_assert_str_eq(line + len - 4, "…\n");
        ck_assert_ptr_null(strchr(line, '?'));
    }
}
END_TEST

START_TEST(errno_is_kept_and_usable)
{
    capture();
    errno = ENOENT;
    log_error("%m");
    ck_assert_int_eq(errno, ENOENT);
    ck_assert_str_eq(next_read() + TIME_LEN, "error No such file or directory\n");
    close(STDERR_FILENO);
    errno = ENOSPC;
    log_error("lost");
    ck_assert_int_eq(errno, ENOSPC);
}
END_TEST

static void set_journal_stream(unsigned long long inode_more)
{
    struct stat status;
    char stream[64];

    ck_assert_int_eq(fstat(STDERR_FILENO, &status), 0);
    snprintf(stream, sizeof stream, "%llu:%llu", (unsigned long long)status.st_dev,
             (unsigned long long)status.st_ino + inode_more);
    setenv("JOURNAL_STREAM", stream, 1);
}

START_TEST(the_journal_has_its_own_time)
{
    capture();
    set_journal_stream(0);
    log_error("x");
    ck_assert_str_eq(next_read(), "error x\n");
}
END_TEST

START_TEST(an_inherited_journal_is_not_ours)
{
    capture();
    set_journal_stream(1);
    log_error("x");
    ck_assert_str_eq(next_read() + TIME_LEN, "error x\n");
}
END_TEST

enum { THREADS = 8, LINES = 400 };

static void *write_lines(void *argument)
{
    int letter = *(int *)argument;
    char text[1001];

    memset(text, letter, sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (int i = 0; i < LINES; i++)
        log_info("%s", text);
    return NULL;
}

static int read_lines(void)
{
    FILE *in = fdopen(read_end, "r");
    char line[8192];
    int count = 0;

    while (fgets(line, sizeof line, in) != NULL) {
        const char *text = line + TIME_LEN + strlen("info ");
        char letters[2] = {text[0], '\0'};
        ck_assert_uint_eq(strlen(line), TIME_LEN + strlen("info ") + 1000 + 1);
        ck_assert_uint_eq(strspn(text, letters), 1000);
        count++;
    }
    return count;
}

START_TEST(lines_of_threads_do_not_mix)
{
    capture();
    pid_t child = fork();
    if (child == 0) {
        pthread_t threads[THREADS];
        int letters[THREADS];
        for (int i = 0; i < THREADS; i++) {
            letters[i] = 'a' + i;
            pthread_create(&threads[i], NULL, write_lines, &letters[i]);
        }
        for (int i = 0; i < THREADS; i++)
            pthread_join(threads[i], NULL);
        _exit(0);
    }
    close(STDERR_FILENO);
    ck_assert_int_eq(read_lines(), THREADS * LINES);
    waitpid(child, NULL, 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        line_is_time_level_text,           lower_levels_are_left_out,
        hostile_names_cannot_forge_a_line, long_lines_are_cut_in_one_write,
        errno_is_kept_and_usable,          the_journal_has_its_own_time,
        an_inherited_journal_is_not_ours,  lines_of_threads_do_not_mix,
    };

    return SUITE_RUN("base/log", tests);
}
