/* Tests of config/options_check: tables as a careless or hostile plugin might bring them. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/suite.h"
#include "config/options.h"

static struct err err;

static const struct taxon_option good = {.struct_size = sizeof good,
                                         .type = TAXON_OPTION_INT,
                                         .name = "count",
                                         .help = "Help.",
                                         .fallback = "1",
                                         .min = 0,
                                         .max = 10};

static void refuses_table(const struct option_table *table, const char *message)
{
    ck_assert_int_eq(options_check_table(table, "plugin 'x'", &err), -EINVAL);
    ck_assert_str_eq(err.text, message);
}

static void refuses(struct taxon_option row, const char *message)
{
    struct option_table table = {&row, 1, sizeof row};

    refuses_table(&table, message);
}

static void accepts(struct taxon_option row)
{
    struct option_table table = {&row, 1, sizeof row};

    ck_assert_msg(options_check_table(&table, "plugin 'x'", &err) == 0, "%s", err.text);
}

/* `good` with some members changed. */
#define WITH(...)                                                                                  \
    (struct taxon_option)                                                                          \
    {                                                                                              \
        .struct_size = sizeof(struct taxon_option), .name = "count", .help = "Help.", __VA_ARGS__  \
    }

static struct taxon_option with_help(const char *help)
{
    struct taxon_option row = good;

    row.help = help;
    return row;
}

START_TEST(the_array)
{
    struct taxon_option *rows = calloc(1002, sizeof *rows);
    char names[1002][8];

    refuses_table(&(struct option_table){NULL, 1, sizeof good},
                  "plugin 'x': the option table has a count but no rows");
    refuses_table(&(struct option_table){&good, SIZE_MAX, sizeof good},
                  "plugin 'x': the option table has more than 1000 rows");
    refuses_table(&(struct option_table){&good, 1, 0},
                  "plugin 'x': the option table has rows of an impossible size");
    refuses_table(&(struct option_table){&good, 1, sizeof good - 8},
                  "plugin 'x': the option table has rows of an impossible size");
    refuses_table(&(struct option_table){&good, 1, sizeof good + 1},
                  "plugin 'x': the option table has rows of an impossible size");
    refuses_table(&(struct option_table){&good, 1, SIZE_MAX - 7},
                  "plugin 'x': the option table has rows of an impossible size");
    refuses_table(&(struct option_table){(const void *)((const char *)rows + 4), 1, sizeof good},
                  "plugin 'x': the option table is not aligned");
    ck_assert_int_eq(options_check_table(&(struct option_table){NULL, 0, 0}, "x", &err), 0);

    for (size_t i = 0; i < 1002; i++) {
        snprintf(names[i], sizeof names[i], "o%zu", i);
        rows[i] = good;
        rows[i].name = names[i];
    }
    ck_assert_int_eq(options_check_table(&(struct option_table){rows, 1000, sizeof good}, "x",
                                         &err),
                     0);
    refuses_table(&(struct option_table){rows, 1001, sizeof good},
                  "plugin 'x': the option table has more than 1000 rows");
    rows[999].name = "o5";
    refuses_table(&(struct option_table){rows, 1000, sizeof good},
                  "plugin 'x': option 'o5' is there twice");
    free(rows);
}
END_TEST

/* A plugin of a later minor version: rows have grown, and the new members are passed over. */
START_TEST(rows_that_have_grown)
{
    struct {
        struct taxon_option option;
        double more[3];
    } rows[2] = {{good, {1, 2, 3}}, {good, {1, 2, 3}}};
    struct option_table table = {&rows[0].option, 2, sizeof rows[0]};

    rows[0].option.struct_size = rows[1].option.struct_size = sizeof rows[0];
    rows[1].option.name = "other";
    ck_assert_msg(options_check_table(&table, "x", &err) == 0, "%s", err.text);
    rows[1].option.struct_size = sizeof rows[0] + 8;
    refuses_table(&table, "plugin 'x': option 2 has an impossible struct_size (96)");
}
END_TEST

START_TEST(size_and_name)
{
    struct taxon_option row = good;
    char name[70];

    row.struct_size = 0;
    refuses(row, "plugin 'x': option 1 has an impossible struct_size (0)");
    row.struct_size = sizeof row - 1;
    refuses(row, "plugin 'x': option 1 has an impossible struct_size (63)");
    row.struct_size = UINT32_MAX;
    refuses(row, "plugin 'x': option 1 has an impossible struct_size (4294967295)");

    static const char *const bad[] = {NULL, "", "Count", "a b", "a-b", "数", "a\n"};
    const char *message = "plugin 'x': option 1 has no name of 1 to 64 characters a-z, 0-9 and '_'";
    row = good;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        row.name = bad[i];
        refuses(row, message);
    }
    memset(name, 'a', sizeof name);
    name[65] = '\0';
    row.name = name;
    refuses(row, message);
    name[64] = '\0';
    accepts(row);
}
END_TEST

START_TEST(types)
{
    refuses(WITH(.type = 0), "plugin 'x': option 'count' has an unknown type");
    refuses(WITH(.type = 11), "plugin 'x': option 'count' has an unknown type");
    refuses(WITH(.type = TAXON_OPTION_INT, .element = TAXON_OPTION_INT),
            "plugin 'x': option 'count' has an element type but is neither list nor map");
    const char *message =
        "plugin 'x': option 'count' has an element type that cannot be an element's";
    refuses(WITH(.type = TAXON_OPTION_LIST), message);
    refuses(WITH(.type = TAXON_OPTION_LIST, .element = TAXON_OPTION_MAP), message);
    refuses(WITH(.type = TAXON_OPTION_MAP, .element = TAXON_OPTION_LIST), message);
    refuses(WITH(.type = TAXON_OPTION_MAP, .element = 77), message);
    refuses(WITH(.type = TAXON_OPTION_INT, .required = 2),
            "plugin 'x': option 'count' has a `required` that is neither 0 nor 1");
    for (uint32_t type = TAXON_OPTION_BOOL; type < TAXON_OPTION_CHOICE; type++) {
        accepts(WITH(.type = type));
        accepts(WITH(.type = TAXON_OPTION_LIST, .element = type, .fallback = "[]"));
        accepts(WITH(.type = TAXON_OPTION_MAP, .element = type, .fallback = "{}"));
    }
}
END_TEST

START_TEST(choices)
{
    static const char *const none[] = {NULL};
    static const char *const fine[] = {"a", "b", NULL};
    static const char *const empty[] = {"a", "", NULL};
    static const char *const illegal[] = {"\xFF", NULL};
    static const char *const twice[] = {"a", "b", "a", NULL};
    static const char *endless[1100];
    static char names[1100][8];

    for (size_t i = 0; i < 1100; i++) {
        snprintf(names[i], sizeof names[i], "c%zu", i);
        endless[i] = names[i];
    }
    refuses(WITH(.type = TAXON_OPTION_CHOICE), "plugin 'x': option 'count' has no choices");
    refuses(WITH(.type = TAXON_OPTION_CHOICE, .choices = none),
            "plugin 'x': option 'count' has no choices");
    refuses(WITH(.type = TAXON_OPTION_LIST, .element = TAXON_OPTION_CHOICE),
            "plugin 'x': option 'count' has no choices");
    refuses(WITH(.type = TAXON_OPTION_CHOICE, .choices = empty),
            "plugin 'x': option 'count' has a choice that is empty or no UTF-8");
    refuses(WITH(.type = TAXON_OPTION_CHOICE, .choices = illegal),
            "plugin 'x': option 'count' has a choice that is empty or no UTF-8");
    refuses(WITH(.type = TAXON_OPTION_CHOICE, .choices = twice),
            "plugin 'x': option 'count' has the same choice twice");
    refuses(WITH(.type = TAXON_OPTION_CHOICE, .choices = endless),
            "plugin 'x': option 'count' has more than 1000 choices");
    refuses(WITH(.type = TAXON_OPTION_INT, .choices = fine),
            "plugin 'x': option 'count' has choices but is no choice");
    accepts(WITH(.type = TAXON_OPTION_CHOICE, .choices = fine, .fallback = "b"));
    accepts(WITH(.type = TAXON_OPTION_LIST, .element = TAXON_OPTION_CHOICE, .choices = fine,
                 .fallback = "[a, b]"));
}
END_TEST

START_TEST(help_and_range)
{
    refuses(with_help(NULL), "plugin 'x': option 'count' has no help text in UTF-8");
    refuses(with_help(""), "plugin 'x': option 'count' has no help text in UTF-8");
    refuses(with_help("\x80"), "plugin 'x': option 'count' has no help text in UTF-8");
    refuses(WITH(.type = TAXON_OPTION_INT, .min = 2, .max = 1),
            "plugin 'x': option 'count' has a range that no value can lie in");
    refuses(WITH(.type = TAXON_OPTION_INT, .min = NAN, .max = 1),
            "plugin 'x': option 'count' has a range that no value can lie in");
    refuses(WITH(.type = TAXON_OPTION_INT, .max = NAN),
            "plugin 'x': option 'count' has a range that no value can lie in");
    accepts(WITH(.type = TAXON_OPTION_INT, .min = -INFINITY, .max = 5, .fallback = "-3"));
    accepts(WITH(.type = TAXON_OPTION_INT, .min = 3, .max = 3, .fallback = "3"));
}
END_TEST

START_TEST(defaults_must_parse)
{
    static const char *const colours[] = {"red", "green", NULL};

    refuses(WITH(.type = TAXON_OPTION_INT, .fallback = "x"),
            "plugin 'x': option 'count': default:1:1: 'count' must be a whole number such as 12, "
            "not 'x'");
    refuses(WITH(.type = TAXON_OPTION_INT, .fallback = "11", .max = 10),
            "plugin 'x': option 'count': default:1:1: 'count' is 11, but must be between 0 and 10");
    refuses(WITH(.type = TAXON_OPTION_INT, .fallback = ""),
            "plugin 'x': option 'count': default:1:1: 'count' must be a whole number such as 12, "
            "not ''");
    refuses(WITH(.type = TAXON_OPTION_DURATION, .fallback = "5"),
            "plugin 'x': option 'count': default:1:1: 'count' must be a duration such as 250ms, "
            "2s, 5m, 1h or 7d, not '5'");
    refuses(WITH(.type = TAXON_OPTION_STRING, .fallback = "*.txt"),
            "plugin 'x': option 'count': default:1:2: did not find expected alphabetic or numeric "
            "character");
    refuses(
        WITH(.type = TAXON_OPTION_STRING, .fallback = "[a"),
        "plugin 'x': option 'count': default:2:1: did not find expected ',' or ']' while parsing a "
        "flow sequence, which begins on line 1");
    refuses(WITH(.type = TAXON_OPTION_STRING, .fallback = "\xFF"),
            "plugin 'x': option 'count': default:1:1: byte 0xFF is not UTF-8; save the file as "
            "UTF-8");
    refuses(WITH(.type = TAXON_OPTION_CHOICE, .choices = colours, .fallback = "rad"),
            "plugin 'x': option 'count': default:1:1: 'count' cannot be 'rad'; did you "
            "mean 'red'?");
    refuses(WITH(.type = TAXON_OPTION_LIST, .element = TAXON_OPTION_INT, .fallback = "[1, b]"),
            "plugin 'x': option 'count': default:1:5: entry 2 of 'count' must be a whole number "
            "such as 12, not 'b'");
    accepts(WITH(.type = TAXON_OPTION_STRING, .fallback = ""));
    accepts(WITH(.type = TAXON_OPTION_INT, .required = 1, .fallback = "not looked at"));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_array, rows_that_have_grown, size_and_name,       types,
        choices,   help_and_range,       defaults_must_parse,
    };

    return SUITE_RUN("config/options_check", tests);
}
