/* Tests of route/near: copies, versions and neither, and what rules, paths and records make of it.
 */
#include "route/near.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "fixture.h"
#include "route/record.h"

#define EARLIER "01932f5c-0000-7000-8000-0123456789ab"

static struct fixture fixture;

/* A sketch of so many of the members from `from` on. */
static struct minhash sketch_of(uint64_t from, uint64_t count)
{
    struct minhash sketch;

    minhash_init(&sketch);
    for (uint64_t i = from; i < from + count; i++)
        minhash_add(&sketch, minhash_mix(i + 1));
    return sketch;
}

static struct near judge(const struct minhash *sketch, const struct minhash *other)
{
    struct near near = {.kind = NEAR_NOT};
    struct near_candidate candidate = {.sketch = *other};

    memset(candidate.digest.bytes, 7, DIGEST_SIZE);
    strcpy(candidate.id.text, EARLIER);
    near_offer(&near, sketch, &candidate);
    return near;
}

START_TEST(kinds)
{
    struct minhash text = sketch_of(0, 1000);
    struct minhash nearly = sketch_of(20, 1000);
    struct minhash half = sketch_of(500, 1000);
    struct minhash other = sketch_of(5000, 1000);
    struct minhash excerpt = sketch_of(300, 250);

    ck_assert_int_eq(judge(&text, &text).kind, NEAR_COPY);
    ck_assert_double_eq_tol(judge(&text, &text).similarity, 1, 1e-9);
    ck_assert_int_eq(judge(&text, &nearly).kind, NEAR_COPY);
    ck_assert_double_lt(judge(&text, &nearly).similarity, 1);
    ck_assert_int_eq(judge(&text, &half).kind, NEAR_VERSION);
    ck_assert_int_eq(judge(&text, &other).kind, NEAR_NOT);
    ck_assert_int_eq(judge(&text, &excerpt).kind, NEAR_VERSION);
    ck_assert_double_gt(judge(&text, &excerpt).containment, NEAR_CONTAINED_LEAST);
    ck_assert_int_eq(judge(&excerpt, &text).kind, NEAR_VERSION);
}
END_TEST

START_TEST(the_most_alike_wins_and_of_equals_the_first)
{
    struct minhash text = sketch_of(0, 1000);
    struct near near = {.kind = NEAR_NOT};
    struct near_candidate candidate = {.sketch = sketch_of(500, 1000)};

    strcpy(candidate.id.text, "half");
    near_offer(&near, &text, &candidate);
    ck_assert_str_eq(near.id.text, "half");
    candidate.sketch = text;
    strcpy(candidate.id.text, "first");
    near_offer(&near, &text, &candidate);
    strcpy(candidate.id.text, "second");
    near_offer(&near, &text, &candidate);
    candidate.sketch = sketch_of(9000, 1000);
    near_offer(&near, &text, &candidate);
    ck_assert_str_eq(near.id.text, "first");
    ck_assert_int_eq(near.kind, NEAR_COPY);
}
END_TEST

/* The rule of that `when` and path, and where it files the fixture's document; NULL: it does not
 * match. */
static const char *file(const char *when, const char *path)
{
    char text[512];
    struct plan plan;

    snprintf(text, sizeof text, "rules:\n- {name: a, when: %s, file: \"%s\"}\n", when, path);
    struct rules *rules = fixture_rules(&fixture, text);
    ck_assert_int_eq(rules_decide(rules, &fixture.subject, &fixture.arena, &plan), 0);
    const char *target = strcmp(plan.rule, "a") == 0 ? plan.target : NULL;
    rules_free(rules);
    return target;
}

START_TEST(rules_ask_for_it)
{
    struct near near = {.kind = NEAR_VERSION, .id = {EARLIER}, .similarity = 0.5};

    fixture_init(&fixture);
    ck_assert_ptr_null(file("{copy_of: true}", "x"));
    ck_assert_ptr_null(file("{version_of: true}", "x"));
    ck_assert_ptr_null(file("{similarity: \">0\"}", "x"));
    ck_assert_str_eq(file("{copy_of: false, version_of: false}", "{earlier}"), "none");
    fixture.subject.near = &near;
    ck_assert_ptr_null(file("{copy_of: true}", "x"));
    ck_assert_str_eq(file("{version_of: true}", "{earlier}/{name}"), EARLIER "/a.txt");
    ck_assert_ptr_null(file("{version_of: false}", "x"));
    ck_assert_str_eq(file("{similarity: \">=0.5\"}", "x"), "x");
    ck_assert_ptr_null(file("{similarity: \">0.5\"}", "x"));
    near.kind = NEAR_COPY;
    ck_assert_str_eq(file("{copy_of: yes}", "x"), "x");
    ck_assert_ptr_null(file("{version_of: true}", "x"));
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_trace_says_what_it_is_like)
{
    struct near near = {.kind = NEAR_VERSION, .id = {EARLIER}, .similarity = 0.5};
    struct plan plan;

    fixture_init(&fixture);
    struct rules *rules = fixture_rules(&fixture, "rules:\n- {name: a, when: {copy_of: true}, "
                                                  "file: x}\n");
    ck_assert_int_eq(rules_decide(rules, &fixture.subject, &fixture.arena, &plan), 0);
    ck_assert_str_eq(plan.trace[0].clause, "copy_of: true");
    ck_assert_str_eq(plan.trace[0].saw, "like no earlier document");
    fixture.subject.near = &near;
    ck_assert_int_eq(rules_decide(rules, &fixture.subject, &fixture.arena, &plan), 0);
    ck_assert_str_eq(plan.trace[0].saw, "version of " EARLIER " 0.50");
    rules_free(rules);
    fixture_release(&fixture);
}
END_TEST

START_TEST(mistakes_are_refused)
{
    static const char *const whens[] = {"{copy_of: maybe}", "{similarity: 0.9}",
                                        "{similarity: \">1.1\"}", "{copy-of: true}"};

    fixture_init(&fixture);
    for (size_t i = 0; i < sizeof whens / sizeof whens[0]; i++) {
        struct err err = {""};
        struct rules *rules = NULL;
        char text[256];

        snprintf(text, sizeof text, "rules:\n- {name: a, when: %s, file: x}\n", whens[i]);
        ck_assert_msg(fixture_load(&fixture, text, &rules, &err) < 0, "%s", whens[i]);
        ck_assert_msg(strstr(err.text, i < 1 || i == 3 ? "copy_of" : "similarity") != NULL, "%s",
                      err.text);
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(the_record_has_it)
{
    struct near near = {.kind = NEAR_COPY,
                        .id = {EARLIER},
                        .similarity = 0.96875,
                        .containment = 1};
    struct strbuf text = STRBUF_INIT;

    fixture_init(&fixture);
    record_write(&fixture.subject, NULL, 0, &text);
    ck_assert_ptr_null(strstr(strbuf_text(&text), "copy_of"));
    fixture.subject.near = &near;
    strbuf_clear(&text);
    record_write(&fixture.subject, NULL, 0, &text);
    ck_assert_ptr_nonnull(strstr(strbuf_text(&text),
                                 "\"copy_of\":{\"id\":\"" EARLIER "\",\"similarity\":0.96875,"
                                 "\"containment\":1}"));
    near.kind = NEAR_VERSION;
    memset(near.digest.bytes, 0xab, DIGEST_SIZE);
    strbuf_clear(&text);
    record_write(&fixture.subject, NULL, 0, &text);
    ck_assert_ptr_nonnull(
        strstr(strbuf_text(&text), "\"version_of\":{\"id\":\"" EARLIER "\",\"sha256\":\"abab"));
    strbuf_release(&text);
    fixture_release(&fixture);
}
END_TEST

START_TEST(the_document_names_its_words)
{
    static const char *const words[] = {"`copy_of`",   "`version_of`",       "`similarity`",
                                        "`{earlier}`", "at least 0.9 alike", "at least 0.25 alike"};
    struct strbuf text = STRBUF_INIT;

    ck_assert_int_eq(file_slurp_path(SOURCE_ROOT "/docs/rules.md", 1 << 20, &text), 0);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        ck_assert_msg(strstr(strbuf_text(&text), words[i]) != NULL, "%s", words[i]);
    strbuf_release(&text);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        kinds,
        the_most_alike_wins_and_of_equals_the_first,
        rules_ask_for_it,
        a_trace_says_what_it_is_like,
        mistakes_are_refused,
        the_record_has_it,
        the_document_names_its_words,
    };
    return FIXTURE_RUN("route/near", tests);
}
