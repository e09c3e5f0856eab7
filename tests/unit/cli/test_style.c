/* Tests of cli/style. */
#include "cli/style.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../base/suite.h"

static FILE *open_terminal(int *out_master)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY);

    ck_assert_int_ge(master, 0);
    ck_assert_int_eq(grantpt(master), 0);
    ck_assert_int_eq(unlockpt(master), 0);
    FILE *terminal = fdopen(open(ptsname(master), O_RDWR | O_NOCTTY), "w");
    ck_assert_ptr_nonnull(terminal);
    *out_master = master;
    return terminal;
}

START_TEST(colour_is_for_terminals_that_know_it_and_users_who_want_it)
{
    int master;
    FILE *terminal = open_terminal(&master);

    setenv("TERM", "xterm-256color", 1);
    unsetenv("NO_COLOR");
    ck_assert(style_wanted(terminal));
    setenv("NO_COLOR", "1", 1);
    ck_assert(!style_wanted(terminal));
    setenv("NO_COLOR", "", 1);
    ck_assert(style_wanted(terminal));
    setenv("TERM", "dumb", 1);
    ck_assert(!style_wanted(terminal));
    unsetenv("TERM");
    ck_assert(!style_wanted(terminal));
    fclose(terminal);
    close(master);
}
END_TEST

START_TEST(a_file_and_a_pipe_get_plain_text)
{
    FILE *file = tmpfile();
    int ends[2];

    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    ck_assert_ptr_nonnull(file);
    ck_assert(!style_wanted(file));
    fclose(file);
    ck_assert_int_eq(pipe(ends), 0);
    file = fdopen(ends[1], "w");
    ck_assert(!style_wanted(file));
    fclose(file);
    close(ends[0]);
}
END_TEST

START_TEST(a_style_begins_and_ends)
{
    char text[128] = "";
    FILE *memory = fmemopen(text, sizeof text, "w");

    style_put(memory, true, STYLE_RED, "%d bad", 3);
    style_put(memory, true, STYLE_PLAIN, ", ");
    style_put(memory, false, STYLE_BOLD, "as it is");
    style_begin(memory, false, STYLE_DIM);
    style_end(memory, false);
    fclose(memory);
    ck_assert_str_eq(text, "\x1b[31m3 bad\x1b[0m, as it is");
}
END_TEST

START_TEST(columns_are_those_of_a_terminal)
{
    ck_assert_uint_eq(style_columns(""), 0);
    ck_assert_uint_eq(style_columns("plain é"), 7);
    ck_assert_uint_eq(style_columns("e\xCC\x81"), 1);
    ck_assert_uint_eq(style_columns("云溪\xEF\xBC\x8C.Q"), 8);
    ck_assert_uint_eq(style_columns("\xff"), 1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        colour_is_for_terminals_that_know_it_and_users_who_want_it,
        a_file_and_a_pipe_get_plain_text,
        a_style_begins_and_ends,
        columns_are_those_of_a_terminal,
    };

    return SUITE_RUN("cli/style", tests);
}
