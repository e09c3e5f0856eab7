/* Tests of route/name. */
#include "route/name.h"

#include <string.h>

#include "base/utf8.h"
#include "fixture.h"

static const char *made_of(struct strbuf *path, const char *value, size_t bytes_max)
{
    strbuf_clear(path);
    strbuf_puts(path, "x/");
    name_append_value(path, 2, value, strlen(value));
    ck_assert_int_eq(name_finish(path, 2, bytes_max), 0);
    return path->data + 2;
}

START_TEST(extensions)
{
    static const struct {
        const char *name;
        size_t at;
    } cases[] = {
        {"a.txt", 1}, {"a.tar.gz", 5},     {".bashrc", 7}, {"README", 6}, {"a.", 2},
        {"..a", 1},   {".config.json", 7}, {"", 0},        {".", 1},      {"..", 2},
    };
    char long_one[64] = "a.";

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        ck_assert_uint_eq(name_extension(cases[i].name, strlen(cases[i].name)), cases[i].at);
    memset(long_one + 2, 'e', NAME_EXTENSION_MAX);
    ck_assert_uint_eq(name_extension(long_one, strlen(long_one)), strlen(long_one));
    long_one[strlen(long_one) - 1] = '\0';
    ck_assert_uint_eq(name_extension(long_one, strlen(long_one)), 1);
}
END_TEST

START_TEST(values_cannot_climb_hide_or_break_a_line)
{
    static const struct {
        const char *value;
        const char *wanted;
    } cases[] = {
        {"a.txt", "a.txt"},
        {"", "none"},
        {".", "_"},
        {"..", "_."},
        {"../../etc/passwd", "_._.._etc_passwd"},
        {"/etc", "_etc"},
        {".bashrc", "_bashrc"},
        {"a\nb\tc\x7f", "a_b_c_"},
        {"-rf", "-rf"},
        {"\xE6\x8A\xA5\xE9\x81\x93.txt", "\xE6\x8A\xA5\xE9\x81\x93.txt"},
        {"a\xC2\x9B[31m", "a_[31m"},      /* CSI as U+009B */
        {"\xC2\x80\xB1", "\xC2\x80\xB1"}, /* no UTF-8: GBK, perhaps */
        {"\xFF\xFE", "\xFF\xFE"},
        {".taxond", "_taxond"},
        {"a.taxon.json", "a_taxon.json"},
        {"a.Taxon.JSON", "a_Taxon.JSON"},
        {".taxon.json", "_taxon.json"},
        {"a.taxon.json.txt", "a.taxon.json.txt"},
    };
    struct strbuf path = STRBUF_INIT;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        ck_assert_str_eq(made_of(&path, cases[i].value, 244), cases[i].wanted);
    strbuf_release(&path);
}
END_TEST

/* A literal before a value may make what neither is. */
START_TEST(a_component_is_judged_whole)
{
    static const struct {
        const char *literal;
        const char *value;
        const char *wanted;
    } cases[] = {{".", "", "_"},
                 {".", ".", "__"},
                 {".", "taxond", "_taxond"},
                 {".", "TAXOND-x.part", "_TAXOND-x.part"},
                 {"a.taxon", ".json", "a_taxon.json"},
                 {".", "a", ".a"}};
    struct strbuf path = STRBUF_INIT;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        strbuf_clear(&path);
        strbuf_puts(&path, cases[i].literal);
        name_append_value(&path, 0, cases[i].value, strlen(cases[i].value));
        ck_assert_int_eq(name_finish(&path, 0, 255), 0);
        ck_assert_str_eq(path.data, cases[i].wanted);
    }
    strbuf_release(&path);
}
END_TEST

START_TEST(long_names_keep_extension_head_and_tail)
{
    struct strbuf path = STRBUF_INIT;
    struct strbuf other = STRBUF_INIT;
    char name[256];

    memset(name, 'a', 255);
    memcpy(name, "HEAD", 4);
    memcpy(name + 243, "TAIL-01.html", 13);
    const char *made = made_of(&path, name, 244);
    ck_assert_uint_eq(strlen(made), 244);
    ck_assert(strncmp(made, "HEAD", 4) == 0);
    ck_assert_str_eq(made + 244 - 12, "TAIL-01.html");
    ck_assert_uint_eq(strlen(strchr(made, '~')), 1 + 8 + 1 + strlen(strrchr(made, '~') + 1));
    /* What is cut out still tells two names apart, and the same name gives the same. */
    name[150] = 'b';
    ck_assert_str_ne(made_of(&other, name, 244), made);
    name[150] = 'a';
    ck_assert_str_eq(made_of(&other, name, 244), made);
    name[244] = '\0';
    ck_assert_str_eq(made_of(&other, name, 244), name);
    strbuf_release(&path);
    strbuf_release(&other);
}
END_TEST

START_TEST(long_names_are_cut_between_characters)
{
    struct strbuf path = STRBUF_INIT;
    char name[256];

    for (size_t shift = 0; shift < 3; shift++) {
        size_t len = shift;
        memset(name, 'x', shift);
        while (len + 3 <= 250) {
            memcpy(name + len, "\xE6\x8A\xA5", 3);
            len += 3;
        }
        memcpy(name + len, ".txt", 5);
        const char *made = made_of(&path, name, 244);
        ck_assert(utf8_is_valid(made, strlen(made)));
        ck_assert_uint_le(strlen(made), 244);
        ck_assert_uint_gt(strlen(made), 238);
        ck_assert_str_eq(made + strlen(made) - 4, ".txt");
    }
    strbuf_release(&path);
}
END_TEST

START_TEST(suffixes_go_before_the_extension)
{
    char made[NAME_SIZE];
    char name[256];

    name_with_suffix("a.txt", "2", 244, made);
    ck_assert_str_eq(made, "a-2.txt");
    name_with_suffix("README", "2", 244, made);
    ck_assert_str_eq(made, "README-2");
    memset(name, 'a', 240);
    memcpy(name + 240, ".txt", 5);
    name_with_suffix(name, "100", 244, made);
    ck_assert_uint_eq(strlen(made), 244);
    ck_assert_str_eq(made + 244 - 9, "a-100.txt");
    for (size_t i = 0; i + 3 <= 240; i += 3)
        memcpy(name + i, "\xE6\x8A\xA5", 3);
    name_with_suffix(name, "100", 244, made);
    ck_assert(utf8_is_valid(made, strlen(made)));
    ck_assert_str_eq(made + strlen(made) - 8, "-100.txt");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        extensions,
        values_cannot_climb_hide_or_break_a_line,
        a_component_is_judged_whole,
        long_names_keep_extension_head_and_tail,
        long_names_are_cut_between_characters,
        suffixes_go_before_the_extension,
    };

    return FIXTURE_RUN("route/name", tests);
}
