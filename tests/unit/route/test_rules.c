/* Tests of deciding: what each clause matches, the trace, and the plan. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

static struct fixture fixture;

static struct plan decide(const struct rules *rules)
{
    struct plan plan;

    memset(&plan, 0xAA, sizeof plan);
    ck_assert_int_eq(rules_decide(rules, &fixture.subject, &fixture.arena, &plan), 0);
    return plan;
}

/* Whether the fixture's document is what `when` asks for; checks that a miss says why. */
static bool matches(const char *when)
{
    char text[1024];
    struct rules *rules;
    struct plan plan;

    snprintf(text, sizeof text, "rules:\n- {name: a, when: %s, file: x}\n", when);
    rules = fixture_rules(&fixture, text);
    plan = decide(rules);
    bool matched = strcmp(plan.rule, "a") == 0;
    ck_assert_uint_eq(plan.trace_count, matched ? 1 : 2);
    ck_assert_int_eq(plan.trace[0].matched, matched);
    ck_assert_int_eq(plan.trace[0].clause[0] == '\0', matched);
    ck_assert_int_eq(plan.trace[0].saw[0] == '\0', matched);
    rules_free(rules);
    return matched;
}

#define CHECK_MATCH(when) ck_assert_msg(matches(when), "should match: %s", when)
#define CHECK_MISS(when)  ck_assert_msg(!matches(when), "should not match: %s", when)

START_TEST(labels)
{
    fixture_init(&fixture);
    CHECK_MATCH("{genre: none}");
    CHECK_MISS("{genre: news}");
    fixture_label(&fixture, "genre", "news/report", 0.93);
    fixture_label(&fixture, "genre", "howto", 0.49);
    fixture_label(&fixture, "topic", "ecology/air", 0.5);
    CHECK_MATCH("{genre: news}");
    CHECK_MATCH("{genre: news/report}");
    CHECK_MISS("{genre: news/meeting}");
    CHECK_MISS("{genre: howto}");
    CHECK_MISS("{genre: none}");
    CHECK_MATCH("{genre: [none, news]}");
    CHECK_MATCH("{topic: ecology}");
    CHECK_MISS("{topic: ecology-law}");
    CHECK_MISS("{topic: ecology/water}");
    CHECK_MATCH("{topic: [economy, ecology]}");
    CHECK_MATCH("{genre: news, topic: ecology/air}");
    CHECK_MISS("{genre: news, topic: economy}");
    CHECK_MATCH("{labels: {genre: news, topic: ecology}}");
    CHECK_MISS("{labels: {greeting: warm}}");
    CHECK_MATCH("{labels: {greeting: none}}");
    CHECK_MISS("{labels: {greeting: unsure}}");
    fixture_label(&fixture, "greeting", "warm", 0.4); /* 0.8 of its threshold */
    CHECK_MATCH("{labels: {greeting: unsure}}");
    CHECK_MISS("{labels: {greeting: none}}");
    CHECK_MISS("{labels: {greeting: warm}}");
    fixture_label(&fixture, "greeting", "warm", 0.8);
    CHECK_MISS("{labels: {greeting: [none, unsure]}}");
    CHECK_MATCH("{labels: {greeting: warm}}");
    CHECK_MISS("{labels: {greeting: warm, topic: economy}}");
    fixture_release(&fixture);
}
END_TEST

/* A label above one that holds does not hold by that, and the other way round. */
START_TEST(a_parent_is_not_its_child)
{
    fixture_init(&fixture);
    fixture_label(&fixture, "topic", "ecology", 0.9);
    CHECK_MATCH("{topic: ecology}");
    CHECK_MISS("{topic: ecology/air}");
    fixture_release(&fixture);
}
END_TEST

START_TEST(plain_clauses)
{
    fixture_init(&fixture);
    CHECK_MATCH("{lang: en}");
    CHECK_MISS("{lang: zh}");
    CHECK_MATCH("{lang: [zh, en]}");
    CHECK_MISS("{lang: und}");
    CHECK_MATCH("{script: Latn}");
    CHECK_MISS("{script: Hans}");
    CHECK_MATCH("{usable: true}");
    CHECK_MATCH("{labels: {unusable: none}}");
    CHECK_MISS("{labels: {unusable: garbled}}");
    CHECK_MISS("{usable: false}");
    CHECK_MATCH("{source: web}");
    CHECK_MISS("{source: ministry}");
    CHECK_MATCH("{source: \"w*\"}");
    CHECK_MATCH("{name: \"*.txt\"}");
    CHECK_MISS("{name: \"*.html\"}");
    CHECK_MATCH("{name: [\"*.html\", \"[ab].txt\"]}");
    CHECK_MATCH("{media_type: text/plain}");
    CHECK_MATCH("{media_type: \"text/*\"}");
    CHECK_MISS("{media_type: text/html}");
    CHECK_MATCH("{charset: utf-8}");
    CHECK_MISS("{charset: GB18030}");
    fixture.reply.unusable = "garbled";
    fixture.reply.language = "";
    fixture.reply.script = "";
    fixture.subject.name = "\xB1\xA8\xB5\xC0.txt"; /* GBK */
    CHECK_MATCH("{usable: false}");
    CHECK_MATCH("{labels: {unusable: garbled}}"); /* core's own verdict is no label */
    CHECK_MISS("{labels: {unusable: [blocked, none]}}");
    CHECK_MATCH("{lang: und, script: Zyyy}");
    CHECK_MATCH("{name: \"*.txt\"}");
    fixture_release(&fixture);
}
END_TEST

START_TEST(sizes)
{
    fixture_init(&fixture);
    fixture.subject.size = 2048;
    CHECK_MATCH("{size: \"=2K\"}");
    CHECK_MATCH("{size: \"==2048\"}");
    CHECK_MATCH("{size: \">=2K\"}");
    CHECK_MATCH("{size: \"<=2K\"}");
    CHECK_MISS("{size: \">2K\"}");
    CHECK_MISS("{size: \"<2K\"}");
    CHECK_MATCH("{size: \"> 2047\"}");
    CHECK_MATCH("{size: \"<1M\"}");
    CHECK_MATCH("{size: [\"<1K\", \">1K\"]}");
    CHECK_MISS("{all: [{size: \">1K\"}, {size: \"<2K\"}]}");
    fixture_release(&fixture);
}
END_TEST

START_TEST(boilerplate_ratios)
{
    fixture_init(&fixture);
    CHECK_MATCH("{boilerplate_ratio: \"=0\"}");
    CHECK_MISS("{boilerplate_ratio: \">0\"}");
    fixture_boilerplate(&fixture, 500, 700);
    fixture_boilerplate(&fixture, 0, 100);
    fixture_boilerplate(&fixture, 650, 800); /* overlaps the first */
    fixture_boilerplate(&fixture, 510, 520); /* inside it */
    CHECK_MATCH("{boilerplate_ratio: \"=0.4\"}");
    CHECK_MATCH("{boilerplate_ratio: \">0.39\"}");
    CHECK_MISS("{boilerplate_ratio: \">0.4\"}");
    CHECK_MATCH("{boilerplate_ratio: \"<=0.4\"}");
    fixture.spans[0].scheme = "greeting"; /* other schemes' spans do not count */
    CHECK_MATCH("{boilerplate_ratio: \"<0.3\"}");
    fixture.reply.text_len = 0;
    CHECK_MATCH("{boilerplate_ratio: \"=0\"}");
    fixture_release(&fixture);
}
END_TEST

START_TEST(damage)
{
    const char *limits[] = {"limits.blocks", "limits.text"};

    fixture_init(&fixture);
    CHECK_MISS("{damage: [pinyin-gloss, illegal-bytes, cut]}");
    fixture.reply.glosses = 12;
    CHECK_MATCH("{damage: pinyin-gloss}");
    CHECK_MISS("{damage: illegal-bytes}");
    CHECK_MISS("{damage: cut}");
    fixture.reply.illegal = 1;
    CHECK_MATCH("{damage: illegal-bytes}");
    fixture.reply.limits = limits;
    fixture.reply.limit_count = 1;
    CHECK_MISS("{damage: cut}");
    fixture.reply.limit_count = 2;
    CHECK_MATCH("{damage: cut}");
    fixture_release(&fixture);
}
END_TEST

START_TEST(any_all_not)
{
    fixture_init(&fixture);
    CHECK_MATCH("{any: [{lang: zh}, {lang: en}]}");
    CHECK_MISS("{any: [{lang: zh}, {lang: fr}]}");
    CHECK_MATCH("{all: [{lang: en}, {source: web}]}");
    CHECK_MISS("{all: [{lang: en}, {source: ministry}]}");
    CHECK_MATCH("{not: {lang: zh}}");
    CHECK_MISS("{not: {lang: en}}");
    /* A mapping asks for all its keys: `not` of it is "not both". */
    CHECK_MATCH("{not: {lang: en, source: ministry}}");
    CHECK_MISS("{not: {lang: en, source: web}}");
    CHECK_MATCH("{lang: en, any: [{source: ministry}, {not: {genre: howto}}]}");
    CHECK_MISS("{lang: zh, any: [{source: web}]}");
    CHECK_MISS("{any: [{lang: en, source: ministry}, {lang: zh, source: web}]}");
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_document_that_no_worker_read)
{
    fixture_init(&fixture);
    fixture.subject.reply = NULL;
    CHECK_MATCH("{genre: none, lang: und, script: Zyyy, usable: false, source: web}");
    CHECK_MISS("{usable: true}");
    CHECK_MISS("{media_type: \"text/*\"}");
    CHECK_MISS("{damage: cut}");
    CHECK_MATCH("{boilerplate_ratio: \"=0\"}");
    fixture_release(&fixture);
}
END_TEST

static void check_trace(const struct rule_trace *trace, const char *rule, const char *clause,
                        const char *saw)
{
    ck_assert_str_eq(trace->rule, rule);
    ck_assert(!trace->matched);
    ck_assert_str_eq(trace->clause, clause);
    ck_assert_str_eq(trace->saw, saw);
}

START_TEST(the_trace_says_why)
{
    const char *text =
        "rules:\n"
        "- {name: notice, when: {lang: en, genre: gov/notice}, file: a}\n"
        "- {name: both, when: {genre: [gov, howto]}, file: a}\n"
        "- {name: topical, when: {topic: ecology}, file: a}\n"
        "- {name: large, when: {all: [{lang: en}, {size: \">10K\"}]}, file: a}\n"
        "- {name: either, when: {any: [{lang: zh}, {source: ministry, lang: en}]}, file: a}\n"
        "- {name: other, when: {not: {lang: en, source: web}}, file: a}\n"
        "- {name: clean, when: {damage: cut}, file: a}\n"
        "- {name: bad, when: {usable: false}, file: a}\n"
        "- {name: furniture, when: {boilerplate_ratio: \">0.5\"}, file: a}\n"
        "- {name: warm, when: {labels: {greeting: warm}}, file: a}\n"
        "- {name: page, when: {name: \"*.html\"}, file: a}\n"
        "- {name: report, when: {genre: news}, file: a}\n"
        "- {name: never, when: {lang: en}, file: a}\n";

    fixture_init(&fixture);
    fixture_label(&fixture, "genre", "news/report", 0.93);
    fixture_label(&fixture, "genre", "forum", 0.505);
    fixture.reply.glosses = 12;
    fixture.reply.illegal = 3;
    fixture_boilerplate(&fixture, 0, 123);
    fixture.subject.name = "a\nb.txt";
    struct rules *rules = fixture_rules(&fixture, text);
    struct plan plan = decide(rules);
    ck_assert_str_eq(plan.rule, "report");
    ck_assert_uint_eq(plan.trace_count, 12);
    check_trace(&plan.trace[0], "notice", "genre: gov/notice", "news/report 0.93, forum 0.51");
    check_trace(&plan.trace[1], "both", "genre: [gov, howto]", "news/report 0.93, forum 0.51");
    check_trace(&plan.trace[2], "topical", "topic: ecology", "none");
    check_trace(&plan.trace[3], "large", "size: >10K", "2000");
    check_trace(&plan.trace[4], "either", "any: (lang: zh | source: ministry; lang: en)",
                "en | web; en");
    check_trace(&plan.trace[5], "other", "not: (lang: en; source: web)", "en; web");
    check_trace(&plan.trace[6], "clean", "damage: cut", "pinyin-gloss 12, illegal-bytes 3");
    check_trace(&plan.trace[7], "bad", "usable: false", "true");
    check_trace(&plan.trace[8], "furniture", "boilerplate_ratio: >0.5", "0.12");
    check_trace(&plan.trace[9], "warm", "greeting: warm", "none");
    check_trace(&plan.trace[10], "page", "name: *.html", "a?b.txt");
    ck_assert(plan.trace[11].matched);
    ck_assert_str_eq(plan.trace[11].clause, "");
    ck_assert_str_eq(plan.trace[11].saw, "");
    rules_free(rules);
    fixture_release(&fixture);
}
END_TEST

START_TEST(what_a_trace_shows_is_short)
{
    char text[4096] = "rules:\n- {name: a, when: {name: [";
    char name[256];

    fixture_init(&fixture);
    for (int i = 0; i < 100; i++)
        strcat(text, "报道报道报道, ");
    strcat(text, "x]}, file: a}\n");
    memset(name, 'n', 255);
    name[255] = '\0';
    fixture.subject.name = name;
    struct rules *rules = fixture_rules(&fixture, text);
    struct plan plan = decide(rules);
    ck_assert_uint_le(strlen(plan.trace[0].clause), 200);
    ck_assert_ptr_nonnull(strstr(plan.trace[0].clause, "…"));
    ck_assert_str_eq(plan.trace[0].saw, name);
    rules_free(rules);
    fixture_release(&fixture);
}
END_TEST

START_TEST(the_plan)
{
    const char *text = "rules:\n"
                       "- {name: zh, when: {lang: zh}, file: \"zh/{name}\", archive: press,\n"
                       "   on_conflict: fail}\n"
                       "- {name: en, when: {lang: en}, file: \"en/{name}\"}\n";

    fixture_init(&fixture);
    struct rules *rules = fixture_rules(&fixture, text);
    struct plan plan = decide(rules);
    ck_assert_str_eq(plan.root, "archive:main");
    ck_assert_str_eq(plan.target, "en/a.txt");
    ck_assert_str_eq(plan.sidecar, "en/a.txt.taxon.json");
    ck_assert_int_eq(plan.policy, CONFLICT_KEEP_BOTH);
    fixture.reply.language = "zh";
    plan = decide(rules);
    ck_assert_str_eq(plan.root, "archive:press");
    ck_assert_int_eq(plan.policy, CONFLICT_FAIL);
    fixture.reply.language = "fr";
    plan = decide(rules);
    ck_assert_str_eq(plan.rule, "default");
    ck_assert_str_eq(plan.root, "archive:main");
    ck_assert_str_eq(plan.target, "other/fr/2026-11/a.txt");
    ck_assert_uint_eq(plan.trace_count, 3);
    fixture.settings.placement.sidecar = false;
    plan = decide(rules);
    ck_assert_str_eq(plan.sidecar, "");
    rules_free(rules);
    /* What the configuration says where the rule does not. */
    fixture.settings.placement.on_conflict = CONFLICT_FAIL;
    rules = fixture_rules(&fixture, "rules: [{name: a, file: x}]");
    ck_assert_int_eq(decide(rules).policy, CONFLICT_FAIL);
    rules_free(rules);
    fixture_release(&fixture);
}
END_TEST

START_TEST(what_is_done_beside_filing)
{
    const char *text = "rules:\n"
                       "- {name: zh, when: {lang: zh}, file: x, copy: \"{name}\"}\n"
                       "- name: en\n"
                       "  file: \"en/{name}\"\n"
                       "  copy: [\"c/{lang}/{name}\", {to: \"{source}/{name}\", archive: press}]\n"
                       "  link: [\"l/{name}\", {to: hard/x, kind: hard}]\n"
                       "  emit:\n"
                       "    - \"{lang}.jsonl\"\n"
                       "    - {to: text.jsonl, what: text, rotate: 4K}\n"
                       "    - {to: both.jsonl, what: both}\n"
                       "  on_conflict: replace-older\n";
    static const struct plan_also wanted[] = {
        {ALSO_COPY, "archive:main", "c/en/a.txt", 0},
        {ALSO_COPY, "archive:press", "web/a.txt", 0},
        {ALSO_LINK, "archive:main", "l/a.txt", 0},
        {ALSO_HARD_LINK, "archive:main", "hard/x", 0},
        {ALSO_EMIT_RECORD, "streams", "en.jsonl", 64 << 20},
        {ALSO_EMIT_TEXT, "streams", "text.jsonl", 4096},
        {ALSO_EMIT_BOTH, "streams", "both.jsonl", 64 << 20},
        {ALSO_ORIGIN, "", "https://a.example/1", 0},
    };

    fixture_init(&fixture);
    fixture.settings.streams = "/streams";
    fixture.settings.placement.origin_xattr = true;
    fixture_fact(&fixture, "url", "https://a.example/1", 0.9);
    struct rules *rules = fixture_rules(&fixture, text);
    ck_assert(rules_want_text(rules));
    struct plan plan = decide(rules);
    ck_assert_int_eq(plan.policy, CONFLICT_REPLACE_OLDER);
    ck_assert_uint_eq(plan.also_count, sizeof wanted / sizeof wanted[0]);
    for (size_t i = 0; i < plan.also_count; i++) {
        ck_assert_int_eq(plan.also[i].kind, wanted[i].kind);
        ck_assert_str_eq(plan.also[i].root, wanted[i].root);
        ck_assert_str_eq(plan.also[i].target, wanted[i].target);
        ck_assert_uint_eq(plan.also[i].amount, wanted[i].amount);
    }
    /* A path that is too long, whichever it is, makes the rule no match. */
    fixture.settings.limits.path_bytes = 9;
    plan = decide(rules);
    ck_assert_uint_eq(plan.also_count, 0);
    ck_assert_str_eq(plan.trace[1].clause, "file");
    fixture.settings.limits.path_bytes = 1024;
    fixture.subject.failure = "it cannot be read";
    plan = decide(rules);
    ck_assert_str_eq(plan.root, "quarantine");
    ck_assert_uint_eq(plan.also_count, 0);
    rules_free(rules);
    rules = fixture_rules(&fixture, "rules: [{name: a, file: x, emit: y}]");
    ck_assert(!rules_want_text(rules));
    rules_free(rules);
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_path_that_is_too_long_is_passed_over)
{
    const char *text = "rules:\n"
                       "- {name: long, when: {lang: en}, file: \"{sha256}/{sha256}/{name}\"}\n"
                       "- {name: short, when: {lang: en}, file: \"{sha256:8}\"}\n"
                       "- {name: default, file: \"{sha256}/{name}\"}\n";

    fixture_init(&fixture);
    struct rules *rules = fixture_rules(&fixture, text);
    fixture.settings.limits.path_bytes = 64;
    struct plan plan = decide(rules);
    ck_assert_str_eq(plan.rule, "short");
    check_trace(&plan.trace[0], "long", "file", "a path of more than 64 bytes");
    /* There is always a plan: at the worst, the id. */
    fixture.reply.language = "zh";
    plan = decide(rules);
    ck_assert_str_eq(plan.rule, "default");
    ck_assert_str_eq(plan.target, fixture.subject.id.text);
    ck_assert(!plan.trace[2].matched);
    rules_free(rules);
    fixture_release(&fixture);
}
END_TEST

START_TEST(quarantine)
{
    static const struct {
        const char *name;
        const char *target;
    } cases[] = {
        {"a.txt", "01932f5c-7b1a-7000-8000-0123456789ab/a.txt"},
        {"reason.json", "01932f5c-7b1a-7000-8000-0123456789ab/_reason.json"},
        {"Reason.JSON", "01932f5c-7b1a-7000-8000-0123456789ab/_Reason.JSON"},
        {"..", "01932f5c-7b1a-7000-8000-0123456789ab/_."},
        {"", "01932f5c-7b1a-7000-8000-0123456789ab/none"},
        {"a/../../b", "01932f5c-7b1a-7000-8000-0123456789ab/a_.._.._b"},
    };

    fixture_init(&fixture);
    fixture.settings.placement.sidecar = false; /* a reason is always written */
    fixture.subject.failure = "the worker was killed by signal 11";
    struct rules *rules = fixture_rules(&fixture, "rules: [{name: a, file: x}]");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fixture.subject.name = cases[i].name;
        struct plan plan = decide(rules);
        ck_assert_str_eq(plan.root, "quarantine");
        ck_assert_str_eq(plan.target, cases[i].target);
        ck_assert_str_eq(plan.sidecar, "01932f5c-7b1a-7000-8000-0123456789ab/reason.json");
        ck_assert_str_eq(plan.rule, "");
        ck_assert_uint_eq(plan.trace_count, 0);
    }
    rules_free(rules);
    fixture_release(&fixture);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        labels,
        a_parent_is_not_its_child,
        plain_clauses,
        sizes,
        boilerplate_ratios,
        damage,
        any_all_not,
        a_document_that_no_worker_read,
        the_trace_says_why,
        what_a_trace_shows_is_short,
        the_plan,
        what_is_done_beside_filing,
        a_path_that_is_too_long_is_passed_over,
        quarantine,
    };

    return FIXTURE_RUN("route/rules, deciding", tests);
}
