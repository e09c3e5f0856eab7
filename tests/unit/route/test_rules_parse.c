/* Tests of reading rules: what is accepted, and where each mistake is found. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "fixture.h"

static struct fixture fixture;

/* The message must be at that place of rules.yaml and hold the words. */
static void check_mistake(const char *text, const char *place, const char *words)
{
    struct rules *rules = NULL;
    struct err err;
    char wanted[512];
    int code = fixture_load(&fixture, text, &rules, &err);

    ck_assert_msg(code == -EINVAL, "accepted (%d): %s", code, text);
    ck_assert_ptr_null(rules);
    snprintf(wanted, sizeof wanted, "%s/rules.yaml:%s: ", fixture.folder, place);
    ck_assert_msg(strncmp(err.text, wanted, strlen(wanted)) == 0, "not at %s: %s", place, err.text);
    ck_assert_msg(strstr(err.text, words) != NULL, "'%s' is not in: %s", words, err.text);
}

struct mistake {
    const char *text;
    const char *place;
    const char *words;
};

static void check_mistakes(const struct mistake *mistakes, size_t count)
{
    fixture_init(&fixture);
    for (size_t i = 0; i < count; i++)
        check_mistake(mistakes[i].text, mistakes[i].place, mistakes[i].words);
    fixture_release(&fixture);
}

#define CHECK_MISTAKES(mistakes) check_mistakes(mistakes, sizeof(mistakes) / sizeof(mistakes)[0])

START_TEST(mistakes_of_a_file)
{
    static const struct mistake mistakes[] = {
        {"- a\n", "1:1", "a rule file is a mapping"},
        {"rule: []\n", "1:1", "unknown key 'rule'"},
        {"rules: {}\n", "1:8", "`rules` is a list"},
        {"rules:\n  - x\n", "2:5", "a rule is a mapping"},
        {"rules:\n  - &a {name: x}\n", "2:5", ""},
    };

    CHECK_MISTAKES(mistakes);
}
END_TEST

START_TEST(mistakes_of_a_rule)
{
    static const struct mistake mistakes[] = {
        {"rules:\n- {name: a, file: x, wen: {lang: zh}}\n", "2:22", "did you mean 'when'?"},
        {"rules:\n- {name: a, file: x, zzzzzz: 1}\n", "2:22",
         "there are name, when, file, archive, copy, link, emit, on_conflict and tests"},
        {"rules:\n- {file: x}\n", "2:3", "name"},
        {"rules:\n- {name: a}\n", "2:3", "file"},
        {"rules:\n- {name: A b, file: x}\n", "2:10", "'A b' is no name for a rule"},
        {"rules:\n- {name: \"\", file: x}\n", "2:10", "is no name for a rule"},
        {"rules:\n- {name: a, file: [x]}\n", "2:19", "file"},
        {"rules:\n- {name: a, file: \"{nam}\"}\n", "2:19", "did you mean {name}?"},
        {"rules:\n- {name: a, file: x, archive: mian}\n", "2:31", "did you mean 'main'?"},
        {"rules:\n- {name: a, file: x, archive: zzz}\n", "2:31", "no archive is called 'zzz'"},
        {"rules:\n- {name: a, file: x, copy: \"{nam}\"}\n", "2:28", "did you mean {name}?"},
        {"rules:\n- {name: a, file: x, copy: {archive: main}}\n", "2:28", "to"},
        {"rules:\n- {name: a, file: x, copy: {to: y, archive: mian}}\n", "2:45",
         "did you mean 'main'?"},
        {"rules:\n- {name: a, file: x, copy: [[y]]}\n", "2:29", "a path, a mapping with `to`"},
        {"rules:\n- {name: a, file: x, copy: ../y}\n", "2:28", "may not hold '.' or '..'"},
        {"rules:\n- {name: a, file: x, link: {to: y, kind: hrad}}\n", "2:42", "'hard'"},
        {"rules:\n- {name: a, file: x, link: {to: y, archive: main}}\n", "2:36", "archive"},
        {"rules:\n- {name: a, file: x, emit: y.jsonl}\n", "2:28", "`streams` in taxond.yaml"},
        {"rules:\n- {name: a, file: x, emti: y.jsonl}\n", "2:22", "did you mean 'emit'?"},
        {"rules:\n- {name: a, file: x, copy: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, "
         "q]}\n",
         "2:77", "more than 16 of copy, link and emit"},
        {"rules:\n- {name: a, file: x, on_conflict: fial}\n", "2:35", "fail"},
        {"rules:\n- {name: a, when: {lang: zh}, file: x}\n- {name: a, file: y}\n", "3:10",
         "a rule 'a' stands at"},
        {"rules:\n- {name: a, file: x}\n- {name: b, when: {lang: zh}, file: y}\n", "3:3",
         "rule 'b' is never reached: 'a' at"},
        {"rules:\n- {name: default, when: {lang: zh}, file: x}\n", "2:25",
         "the rule 'default' always matches"},
        {"rules:\n- {name: default, file: x}\n- {name: b, file: y}\n", "3:3", "never reached"},
        {"rules:\n- {name: a, file: x, tests: {}}\n", "2:29", "`tests` is a list"},
        {"rules:\n- {name: a, file: x, tests: [x]}\n", "2:30", "a test is a mapping"},
        {"rules:\n- {name: a, file: x, tests: [{expect: a}]}\n", "2:30", "either `text` or `file`"},
        {"rules:\n- {name: a, file: x, tests: [{text: a, file: b}]}\n", "2:30",
         "either `text` or `file`"},
        {"rules:\n- {name: a, file: x, tests: [{txt: a}]}\n", "2:31", "did you mean 'text'"},
        {"rules:\n- {name: press, file: x, tests: [{text: a, expect: pres}]}\n", "2:52",
         "did you mean 'press'?"},
        {"rules:\n- {name: a, file: x, tests: [{text: a, expect: zzz}]}\n", "2:48",
         "no rule is called 'zzz'"},
    };

    CHECK_MISTAKES(mistakes);
}
END_TEST

/* Each `when` stands alone in a rule, so that its first column is 10 of line 3. */
START_TEST(mistakes_of_a_when)
{
    static const struct mistake mistakes[] = {
        {"[x]", "3:9", "here stand keys and values"},
        {"{}", "3:9", "nothing is asked"},
        {"{gnere: news}", "3:10", "did you mean 'genre'?"},
        {"{greeting: warm}", "3:10", "labels: {greeting: "},
        {"{zzzzzz: warm}", "3:10", "unknown key 'zzzzzz' in `when`"},
        {"{genre: new}", "3:17", "scheme 'genre' has no label 'new'"},
        {"{genre: gov/notise}", "3:17", "did you mean 'gov/notice'?"},
        {"{genre: new/report}", "3:17", "did you mean 'news/report'?"},
        {"{topic: air}", "3:17", "did you mean 'ecology/air'?"},
        {"{topic: ecology/}", "3:17", "has no label 'ecology/'"},
        {"{topic: ecolog}", "3:17", "did you mean 'ecology'?"},
        {"{topic: [ecology, zzzzzzzzz]}", "3:27", "has no label 'zzzzzzzzz'"},
        {"{topic: []}", "3:17", "takes a value, or a list"},
        {"{topic: {a: b}}", "3:17", "takes a value, or a list"},
        {"{topic: [[a]]}", "3:18", "takes plain values"},
        {"{topic: \"\"}", "3:17", "an empty value"},
        {"{labels: warm}", "3:18", "takes SCHEME: LABEL"},
        {"{labels: {}}", "3:18", "takes SCHEME: LABEL"},
        {"{labels: {greetin: warm}}", "3:19",
         "no configured plugin publishes scheme 'greetin'; did you mean 'greeting'?"},
        {"{labels: {zzz: warm}}", "3:19", "no configured plugin publishes scheme 'zzz'"},
        {"{labels: {greeting: warn}}", "3:29", "did you mean 'warm'?"},
        {"{lang: ZH}", "3:16", "'ZH' is no language"},
        {"{lang: chinese}", "3:16", "is no language"},
        {"{script: hans}", "3:18", "'hans' is no script"},
        {"{script: Han}", "3:18", "is no script"},
        {"{script: Hansx}", "3:18", "is no script"},
        {"{usable: maybe}", "3:18", "usable"},
        {"{boilerplate_ratio: 0.5}", "3:29", "takes a comparison in quotes, such as \">0.5\""},
        {"{boilerplate_ratio: \">1.5\"}", "3:29", "boilerplate_ratio"},
        {"{boilerplate_ratio: \">x\"}", "3:29", "boilerplate_ratio"},
        {"{boilerplate_ratio: \">nan\"}", "3:29", "boilerplate_ratio"},
        {"{size: 10K}", "3:16", "such as \">10K\""},
        {"{size: \">\"}", "3:16", "size"},
        {"{size: \">10Q\"}", "3:16", "size"},
        {"{size: \">-1\"}", "3:16", "size"},
        {"{source: wbe}", "3:18", "no inbox has source 'wbe'"},
        {"{source: ministri}", "3:18", "did you mean 'ministry'?"},
        {"{damage: pinyin}", "3:18", "there are pinyin-gloss, illegal-bytes, cut, mojibake"},
        {"{damage: ilegal-bytes}", "3:18", "did you mean 'illegal-bytes'?"},
        {"{any: {lang: zh}}", "3:15", "'any' takes a list"},
        {"{all: []}", "3:15", "'all' takes a list"},
        {"{any: [{lang: zh}, {}]}", "3:28", "nothing is asked"},
        {"{any: [zh]}", "3:16", "here stand keys and values"},
        {"{not: zh}", "3:15", "here stand keys and values"},
        {"{not: {not: {not: {not: {not: {not: {not: {not: {not: {lang: zh}}}}}}}}}}", "3:63",
         "more than 8 of any, all and not"},
    };
    char text[512];

    fixture_init(&fixture);
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        snprintf(text, sizeof text, "rules:\n- name: a\n  when: %s\n  file: x\n", mistakes[i].text);
        check_mistake(text, mistakes[i].place, mistakes[i].words);
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_scheme_that_no_plugin_publishes)
{
    struct manifest all;

    fixture_init(&fixture);
    all = fixture.manifest;
    fixture.manifest.plugin_count = 1;
    check_mistake("rules:\n- {name: a, when: {topic: ecology}, file: x}\n", "2:20",
                  "no configured plugin publishes scheme 'topic'");
    fixture.manifest.plugin_count = 0;
    check_mistake("rules:\n- {name: a, when: {genre: none}, file: x}\n", "2:20",
                  "no configured plugin publishes scheme 'genre'");
    fixture.manifest = all;
    rules_free(fixture_rules(&fixture, "rules:\n- {name: a, when: {topic: ecology}, file: x}\n"));
    fixture_release(&fixture);
}
END_TEST

START_TEST(what_is_accepted)
{
    static const char *const whens[] = {
        "{genre: news}", /* only news/… is declared */
        "{genre: gov/notice}",
        "{genre: none}",
        "{topic: [ecology/air, none]}",
        "{labels: {greeting: warm, genre: forum}}",
        "{lang: [zh, en, und, yue]}",
        "{script: [Hans, Zyyy]}",
        "{usable: yes}",
        "{boilerplate_ratio: \"<=0.3\"}",
        "{boilerplate_ratio: \">= 0\"}",
        "{size: [\"<1\", \">10M\", \"==512\"]}",
        "{source: web}",
        "{source: \"min*\"}",
        "{name: \"*.txt\"}",
        "{media_type: \"text/*\"}",
        "{charset: gb18030}",
        "{damage: [pinyin-gloss, illegal-bytes, cut]}",
        "{any: [{lang: zh}, {all: [{lang: en}, {not: {genre: howto}}]}]}",
        "{not: {not: {not: {not: {not: {not: {not: {not: {lang: zh}}}}}}}}}",
    };
    char text[512];

    fixture_init(&fixture);
    for (size_t i = 0; i < sizeof whens / sizeof whens[0]; i++) {
        snprintf(text, sizeof text, "rules:\n- {name: a, when: %s, file: x}\n", whens[i]);
        struct rules *rules = fixture_rules(&fixture, text);
        ck_assert_uint_eq(rules_count(rules), 2); /* and the default */
        rules_free(rules);
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(an_empty_file_leaves_the_default)
{
    static const char *const texts[] = {"", "# nothing\n", "rules: []\n"};

    fixture_init(&fixture);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct rules *rules = fixture_rules(&fixture, texts[i]);
        ck_assert_uint_eq(rules_count(rules), 1);
        rules_free(rules);
    }
    fixture.settings.rule_count = 0;
    struct rules *rules = NULL;
    ck_assert_int_eq(rules_load(&fixture.settings, &fixture.manifest, &rules, NULL), 0);
    ck_assert_uint_eq(rules_count(rules), 1);
    rules_free(rules);
    fixture_release(&fixture);
}
END_TEST

START_TEST(tests_of_rules)
{
    const char *text = "rules:\n"
                       "- name: zh\n"
                       "  when: {lang: zh}\n"
                       "  file: x\n"
                       "  tests:\n"
                       "  - {text: 你好}\n"
                       "  - {text: hello, name: b.md, expect: default}\n"
                       "  - {file: samples/a.txt}\n"
                       "  - {file: /abs/a.txt, expect: zh}\n";
    char wanted[128];

    fixture_init(&fixture);
    struct rules *rules = fixture_rules(&fixture, text);
    ck_assert_uint_eq(rules_test_count(rules), 4);
    const struct rule_test *test = rules_test(rules, 0);
    ck_assert_str_eq(test->rule, "zh");
    ck_assert_str_eq(test->expect, "zh");
    ck_assert_str_eq(test->text, "你好");
    ck_assert_str_eq(test->name, "test.txt");
    ck_assert_ptr_null(test->file);
    ck_assert_uint_eq(test->node->line, 6);
    test = rules_test(rules, 1);
    ck_assert_str_eq(test->expect, "default");
    ck_assert_str_eq(test->name, "b.md");
    test = rules_test(rules, 2);
    snprintf(wanted, sizeof wanted, "%s/samples/a.txt", fixture.folder);
    ck_assert_str_eq(test->file, wanted);
    ck_assert_ptr_null(test->text);
    ck_assert_str_eq(rules_test(rules, 3)->file, "/abs/a.txt");
    rules_free(rules);
    fixture_release(&fixture);
}
END_TEST

START_TEST(folders_are_read_by_name)
{
    struct rules *rules = NULL;
    struct err err = {""};
    struct plan plan;
    char path[128];

    fixture_init(&fixture);
    snprintf(path, sizeof path, "%s/rules.d", fixture.folder);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    fixture_write(&fixture, "rules.d/20-b.yaml", "rules: [{name: b, when: {lang: en}, file: b}]");
    fixture_write(&fixture, "rules.d/10-a.yaml", "rules: [{name: a, when: {lang: en}, file: a}]");
    fixture_write(&fixture, "rules.d/99-default.yaml", "rules: [{name: default, file: d}]");
    fixture_write(&fixture, "rules.d/.00-hidden.yaml", "not a rule file");
    fixture_write(&fixture, "rules.d/05-off.yaml.disabled", "not a rule file");
    fixture.rule_paths[0] = path;
    fixture.settings.rule_count = 1;
    ck_assert_msg(rules_load(&fixture.settings, &fixture.manifest, &rules, &err) == 0, "%s",
                  err.text);
    ck_assert_uint_eq(rules_count(rules), 3);
    ck_assert_int_eq(rules_decide(rules, &fixture.subject, &fixture.arena, &plan), 0);
    ck_assert_str_eq(plan.rule, "a");
    rules_free(rules);

    /* Names are unique and the default is last across files, too. */
    fixture_write(&fixture, "rules.d/30-c.yaml", "rules: [{name: a, when: {lang: zh}, file: c}]");
    ck_assert_int_eq(rules_load(&fixture.settings, &fixture.manifest, &rules, &err), -EINVAL);
    ck_assert_ptr_nonnull(strstr(err.text, "30-c.yaml:1:16: a rule 'a' stands at"));
    ck_assert_ptr_nonnull(strstr(err.text, "10-a.yaml:1"));
    fixture_write(&fixture, "rules.d/30-c.yaml", "rules: [{name: c, file: c}]");
    ck_assert_int_eq(rules_load(&fixture.settings, &fixture.manifest, &rules, &err), -EINVAL);
    ck_assert_ptr_nonnull(strstr(err.text, "99-default.yaml:1:9: rule 'default' is never reached"));
    fixture_release(&fixture);
}
END_TEST

START_TEST(files_that_are_not_there)
{
    struct rules *rules = NULL;
    struct err err = {""};

    fixture_init(&fixture);
    fixture.rule_paths[0] = "/nowhere/rules.yaml";
    fixture.settings.rule_count = 1;
    ck_assert_int_eq(rules_load(&fixture.settings, &fixture.manifest, &rules, &err), -ENOENT);
    ck_assert_ptr_nonnull(strstr(err.text, "/nowhere/rules.yaml"));
    fixture.settings.rule_count = 0;
    fixture.settings.archive_count = 0;
    ck_assert_int_eq(rules_load(&fixture.settings, &fixture.manifest, &rules, &err), -EINVAL);
    ck_assert_ptr_nonnull(strstr(err.text, "no archive"));
    fixture_release(&fixture);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        mistakes_of_a_file,       mistakes_of_a_rule,
        mistakes_of_a_when,       a_scheme_that_no_plugin_publishes,
        what_is_accepted,         an_empty_file_leaves_the_default,
        tests_of_rules,           folders_are_read_by_name,
        files_that_are_not_there,
    };

    return FIXTURE_RUN("route/rules, reading", tests);
}
