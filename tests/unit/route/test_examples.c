/* Every example of rules that people may copy is a rule file that loads: each ```yaml block of
 * docs/rules.md, and each file in examples/. And the document lacks nothing that a rule can say.
 */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "fixture.h"

static struct fixture fixture;

static void read_file(const char *path, struct strbuf *text)
{
    char whole[512];

    snprintf(whole, sizeof whole, "%s/%s", SOURCE_ROOT, path);
    ck_assert_msg(file_slurp_path(whole, 1 << 20, text) == 0, "%s cannot be read", whole);
}

static void check_example(const char *where, const char *text)
{
    struct rules *rules = NULL;
    struct err err;
    fixture.settings.streams = "/streams";
    int code = fixture_load(&fixture, text, &rules, &err);

    ck_assert_msg(code == 0, "%s: %s", where, err.text);
    ck_assert_uint_ge(rules_count(rules), 1);
    rules_free(rules);
}

START_TEST(each_block_of_the_document)
{
    struct strbuf text = STRBUF_INIT;
    int blocks = 0;

    fixture_init(&fixture);
    read_file("docs/rules.md", &text);
    for (char *at = text.data; (at = strstr(at, "```yaml\n")) != NULL; blocks++) {
        char *begin = at + strlen("```yaml\n");
        char *end = strstr(begin, "\n```");
        char where[32];
        ck_assert_ptr_nonnull(end);
        end[1] = '\0';
        snprintf(where, sizeof where, "block %d", blocks + 1);
        check_example(where, begin);
        at = end + 2;
    }
    ck_assert_int_ge(blocks, 6);
    strbuf_release(&text);
    fixture_release(&fixture);
}
END_TEST

START_TEST(each_example_file)
{
    DIR *folder = opendir(SOURCE_ROOT "/tests/unit/route/examples");
    struct dirent *entry;
    int files = 0;

    fixture_init(&fixture);
    ck_assert_ptr_nonnull(folder);
    while ((entry = readdir(folder)) != NULL) {
        struct strbuf text = STRBUF_INIT;
        char path[512];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "tests/unit/route/examples/%s", entry->d_name);
        read_file(path, &text);
        check_example(entry->d_name, strbuf_text(&text));
        strbuf_release(&text);
        files++;
    }
    ck_assert_int_ge(files, 2);
    closedir(folder);
    fixture_release(&fixture);
}
END_TEST

START_TEST(the_document_names_everything)
{
    static const char *const words[] = {"`name`",
                                        "`when`",
                                        "`file`",
                                        "`archive`",
                                        "`on_conflict`",
                                        "`tests`",
                                        "`genre`",
                                        "`topic`",
                                        "`labels`",
                                        "`lang`",
                                        "`script`",
                                        "`usable`",
                                        "`source`",
                                        "`boilerplate_ratio`",
                                        "`size`",
                                        "`media_type`",
                                        "`charset`",
                                        "`damage`",
                                        "`any`",
                                        "`all`",
                                        "`not`",
                                        "`expect`",
                                        "`text`",
                                        "`keep-both`",
                                        "`fail`",
                                        "`{genre}`",
                                        "`{topic}`",
                                        "`{lang}`",
                                        "`{date:%Y/%m}`",
                                        "`{source}`",
                                        "`{name}`",
                                        "`{stem}`",
                                        "`{ext}`",
                                        "`{sha256:8}`",
                                        "`{id}`",
                                        "`cut`",
                                        "`pinyin-gloss`",
                                        "`illegal-bytes`",
                                        "`mojibake`",
                                        "`lost-characters`",
                                        "`truncated`",
                                        "`double-entities`",
                                        "`control-characters`",
                                        "`none`",
                                        "`default`",
                                        "`copy`",
                                        "`link`",
                                        "`emit`",
                                        "`same-is-same`",
                                        "`replace-older`",
                                        "`rotate`",
                                        "`kind`",
                                        "`what`"};
    struct strbuf text = STRBUF_INIT;

    read_file("docs/rules.md", &text);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        ck_assert_msg(strstr(text.data, words[i]) != NULL, "docs/rules.md lacks %s", words[i]);
    strbuf_release(&text);
}
END_TEST

/* The default of the document is the one that is built in. */
START_TEST(the_default_is_as_written)
{
    struct strbuf text = STRBUF_INIT;
    struct rules *rules;
    struct plan plan;

    fixture_init(&fixture);
    read_file("docs/rules.md", &text);
    ck_assert_ptr_nonnull(strstr(text.data, "file: \"other/{lang}/{date:%Y-%m}/{name}\""));
    rules = fixture_rules(&fixture, "rules: []\n");
    ck_assert_int_eq(rules_decide(rules, &fixture.subject, &fixture.arena, &plan), 0);
    ck_assert_str_eq(plan.rule, "default");
    ck_assert_str_eq(plan.target, "other/en/2026-11/a.txt");
    rules_free(rules);
    strbuf_release(&text);
    fixture_release(&fixture);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        each_block_of_the_document,
        each_example_file,
        the_document_names_everything,
        the_default_is_as_written,
    };

    return FIXTURE_RUN("route/rules, examples", tests);
}
