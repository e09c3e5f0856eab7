/* Tests of worker/host_task and worker/host_results: each call that a plugin may make while it
 * reads or classifies, made right and made wrong. */
#include "worker/host.h"

#include <errno.h>
#include <math.h>

#include <taxon/features.h>

#include "base/clock.h"
#include "worker/members.h"
#include "worker/results.h"

#include "fixture.h"

#define ZHONG "\xE4\xB8\xAD" /* one character, three bytes */

static const char *const schemes[] = {"mood", "tone", NULL};
static const struct taxon_label_decl labels[] = {
    {.struct_size = sizeof labels[0], .scheme = "mood", .id = "warm", .threshold = 0.5},
    {.struct_size = sizeof labels[0], .scheme = "mood", .id = "cold", .threshold = 0.5},
    {.struct_size = sizeof labels[0], .scheme = "tone", .id = "warm", .threshold = 0.5},
    {.struct_size = sizeof labels[0], .scheme = "tone", .id = "loud", .threshold = 0.5},
    {.struct_size = sizeof labels[0], .scheme = "tone", .id = "soft", .threshold = 0.5},
};

static int32_t do_nothing(void *instance, struct taxon_task *task,
                          const struct taxon_document *document)
{
    (void)instance;
    (void)task;
    (void)document;
    return 0;
}

static struct made made;
static struct settings_limits limits;
static struct arena arena;
static struct arena memory;
static struct results results;
static struct turn turn;
static struct folded folded;
static struct members members;
static const struct job asked = {.members = JOB_MEMBERS_ASK};
static struct taxon_task *task;
static const struct taxon_host *host;

/* A turn at the document `text`. */
static void start(enum host_phase phase, const char *text)
{
    const struct taxon_descriptor descriptor =
        made_classifier(schemes, labels, sizeof labels / sizeof labels[0], do_nothing);

    made_init(&made, "key", &descriptor);
    ck_assert_int_eq(vocabulary_seal(&made.plugin.vocabulary, NULL), 0);
    limits = small_limits();
    arena_init(&arena, 0);
    arena_init(&memory, (size_t)limits.arena_bytes);
    results_init(&results, &arena, &limits);
    ck_assert_int_eq(fold_text(&arena, text, strlen(text), &folded), 0);
    turn = (struct turn){
        .results = &results,
        .plugin = 7,
        .vocabulary = &made.plugin.vocabulary,
        .text = text,
        .text_len = strlen(text),
        .reading = phase == HOST_READING,
        .folded = phase == HOST_READING ? NULL : &folded,
        .memory = &memory,
        .members = &members,
        .deadline_us = UINT64_MAX,
    };
    members_begin(&members, &asked, &limits, UINT64_MAX);
    turn_begin(&turn);
    host_begin_task(&made.plugin.host, phase, &made, &turn);
    task = &made.plugin.host.task;
    host = task->host;
}

static void finish(void)
{
    ck_assert(!results_failed(&results));
    results_release(&results);
    plugin_release(&made.plugin);
    arena_release(&arena);
    arena_release(&memory);
}

static struct taxon_label new_label(const char *scheme, const char *id, double score)
{
    return (struct taxon_label){.struct_size = sizeof(struct taxon_label),
                                .scheme = scheme,
                                .id = id,
                                .score = score,
                                .evidence_stride = sizeof(struct taxon_evidence)};
}

static int32_t give(const char *scheme, const char *id, double score)
{
    const struct taxon_label label = new_label(scheme, id, score);

    return host->label(task, &label);
}

static size_t label_count(void)
{
    return ROW_COUNT(&results.labels, struct reply_label);
}

static const struct reply_label *label_at(size_t i)
{
    return &ROWS(&results.labels, struct reply_label)[i];
}

START_TEST(labels_must_be_declared_and_have_a_score)
{
    start(HOST_CLASSIFYING, "some text");
    ck_assert_int_eq(give("mood", "warm", 0), 0);
    ck_assert_int_eq(give("tone", "warm", 1), 0);
    ck_assert_int_eq(give("mood", "hot", 0.5), -EINVAL);
    ck_assert_int_eq(give("mood", "loud", 0.5), -EINVAL);
    ck_assert_int_eq(give("genre", "warm", 0.5), -EINVAL);
    ck_assert_int_eq(give(NULL, "warm", 0.5), -EINVAL);
    ck_assert_int_eq(give("mood", NULL, 0.5), -EINVAL);
    ck_assert_int_eq(give("mood", "cold", 1.0000001), -EINVAL);
    ck_assert_int_eq(give("mood", "cold", -0.0000001), -EINVAL);
    ck_assert_int_eq(give("mood", "cold", (double)NAN), -EINVAL);
    ck_assert_int_eq(give("mood", "cold", (double)INFINITY), -EINVAL);
    ck_assert_int_eq(host->label(task, NULL), -EINVAL);
    struct taxon_label label = new_label("mood", "cold", 0.5);
    label.struct_size = 0;
    ck_assert_int_eq(host->label(task, &label), -EINVAL);
    label.struct_size = sizeof label - 1;
    ck_assert_int_eq(host->label(task, &label), -EINVAL);
    label.struct_size = 1u << 30;
    ck_assert_int_eq(host->label(task, &label), -EINVAL);
    ck_assert_uint_eq(label_count(), 2);
    ck_assert_uint_eq(turn.refused, 13);
    ck_assert_ptr_nonnull(strstr(turn.refusal.text, "not declared: 'mood:hot'"));
    finish();
}
END_TEST

START_TEST(the_higher_score_wins)
{
    start(HOST_CLASSIFYING, "some text");
    ck_assert_int_eq(give("mood", "warm", 0.4), 0);
    ck_assert_int_eq(give("mood", "warm", 0.6), 0);
    ck_assert_int_eq(give("mood", "warm", 0.5), 0);
    ck_assert_uint_eq(label_count(), 1);
    ck_assert_double_eq(label_at(0)->score, 0.6);
    ck_assert(label_at(0)->holds);
    ck_assert_uint_eq(label_at(0)->plugin, 7);
    finish();
}
END_TEST

START_TEST(labels_have_a_limit_and_one_given_before_does_not_count)
{
    start(HOST_CLASSIFYING, "some text");
    ck_assert_int_eq(give("mood", "warm", 0.1), 0);
    ck_assert_int_eq(give("mood", "cold", 0.1), 0);
    ck_assert_int_eq(give("tone", "warm", 0.1), 0);
    ck_assert_int_eq(give("tone", "loud", 0.1), 0);
    ck_assert_int_eq(give("tone", "soft", 0.1), -E2BIG);
    ck_assert_int_eq(give("tone", "soft", 0.1), -E2BIG);
    ck_assert_int_eq(give("mood", "warm", 0.2), 0);
    ck_assert_uint_eq(ROW_COUNT(&results.limit_names, const char *), 1);
    ck_assert_str_eq(*ROWS(&results.limit_names, const char *), "limits.labels");
    ck_assert_uint_eq(turn.refused, 0);
    finish();
}
END_TEST

/* Gives mood:warm with one piece of evidence. */
static int32_t give_evidence(size_t begin, size_t end, double weight, const char *reason)
{
    const struct taxon_evidence evidence = {.struct_size = sizeof evidence,
                                            .begin = begin,
                                            .end = end,
                                            .weight = weight,
                                            .reason = reason};
    struct taxon_label label = new_label("mood", "warm", 0.5);

    label.evidence = &evidence;
    label.evidence_count = 1;
    return host->label(task, &label);
}

START_TEST(evidence_must_lie_in_the_text)
{
    start(HOST_CLASSIFYING, "a" ZHONG "b\tc"); /* 0 a, 1-4 中, 4 b, 5 tab, 6 c */
    ck_assert_int_eq(give_evidence(0, 8, 1, NULL), -EINVAL);
    ck_assert_int_eq(give_evidence(2, 4, 1, NULL), -EINVAL);
    ck_assert_int_eq(give_evidence(1, 3, 1, NULL), -EINVAL);
    ck_assert_int_eq(give_evidence(4, 1, 1, NULL), -EINVAL);
    ck_assert_int_eq(give_evidence((size_t)-1, (size_t)-1, 1, NULL), -EINVAL);
    ck_assert_int_eq(give_evidence(0, (size_t)-1, 1, NULL), -EINVAL);
    ck_assert_int_eq(give_evidence(1, 4, (double)NAN, NULL), -EINVAL);
    ck_assert_int_eq(give_evidence(1, 4, -(double)INFINITY, NULL), -EINVAL);
    ck_assert_uint_eq(label_count(), 0);
    ck_assert_int_eq(give_evidence(0, 7, -3, "line\nbreak\xFF"), 0);
    ck_assert_str_eq(label_at(0)->evidence[0].quote, "a" ZHONG "b c");
    ck_assert_str_eq(label_at(0)->evidence[0].reason, "line?break?");
    finish();
}
END_TEST

START_TEST(evidence_is_an_array_with_a_stride)
{
    struct taxon_evidence evidence = {.struct_size = sizeof evidence, .end = 1};

    start(HOST_CLASSIFYING, "abc");
    struct taxon_label label = new_label("mood", "warm", 0.5);
    label.evidence_count = 1;
    ck_assert_int_eq(host->label(task, &label), -EINVAL); /* no array */
    label.evidence = &evidence;
    label.evidence_stride = 0;
    ck_assert_int_eq(host->label(task, &label), -EINVAL);
    label.evidence_stride = sizeof evidence;
    label.evidence_count = (size_t)-1;
    ck_assert_int_eq(host->label(task, &label), -EINVAL);
    label.evidence_count = 1;
    evidence.struct_size = 4;
    ck_assert_int_eq(host->label(task, &label), -EINVAL);
    struct {
        struct taxon_evidence evidence;
        uint64_t more;
    } future[2] = {{.evidence = {.struct_size = sizeof future[0], .end = 1, .weight = 1}},
                   {.evidence = {.struct_size = sizeof future[0], .end = 2, .weight = 2}}};
    label.evidence = &future[0].evidence;
    label.evidence_count = 2;
    label.evidence_stride = sizeof future[0];
    ck_assert_int_eq(host->label(task, &label), 0);
    ck_assert_uint_eq(label_at(0)->evidence_count, 2);
    ck_assert_str_eq(label_at(0)->evidence[0].quote, "ab");
    ck_assert_str_eq(label_at(0)->evidence[1].quote, "a");
    finish();
}
END_TEST

START_TEST(the_heaviest_evidence_is_kept)
{
    enum { COUNT = 1000 };
    static struct taxon_evidence evidence[COUNT];

    start(HOST_CLASSIFYING, "abc");
    for (size_t i = 0; i < COUNT; i++)
        evidence[i] = (struct taxon_evidence){.struct_size = sizeof evidence[0],
                                              .weight = (double)(i * 7919 % COUNT)};
    struct taxon_label label = new_label("mood", "warm", 0.5);
    label.evidence = evidence;
    label.evidence_count = COUNT;
    ck_assert_int_eq(host->label(task, &label), 0);
    ck_assert_uint_eq(label_at(0)->evidence_count, REPLY_EVIDENCE_MAX);
    for (size_t i = 0; i < REPLY_EVIDENCE_MAX; i++)
        ck_assert_double_eq(label_at(0)->evidence[i].weight, (double)(COUNT - 1 - i));
    finish();
}
END_TEST

START_TEST(quotes_end_with_a_whole_character)
{
    char text[400] = "";

    for (int i = 0; i < 100; i++)
        strcat(text, ZHONG);
    start(HOST_CLASSIFYING, text);
    ck_assert_int_eq(give_evidence(3, 300, 1, text), 0);
    const struct reply_evidence *evidence = label_at(0)->evidence;
    ck_assert_uint_eq(strlen(evidence->quote), REPLY_QUOTE_MAX / 3 * 3);
    ck_assert_uint_le(strlen(evidence->reason), REPLY_REASON_MAX);
    ck_assert_uint_gt(strlen(evidence->reason), REPLY_REASON_MAX - 6);
    finish();
}
END_TEST

static int32_t give_span(const char *id, size_t begin, size_t end, double score)
{
    const struct taxon_span span = {.struct_size = sizeof span,
                                    .scheme = "tone",
                                    .id = id,
                                    .begin = begin,
                                    .end = end,
                                    .score = score};

    return host->span(task, &span);
}

START_TEST(spans_are_checked_as_labels_are)
{
    start(HOST_CLASSIFYING, "a" ZHONG "b");
    ck_assert_int_eq(give_span("cold", 0, 1, 0.5), -EINVAL);
    ck_assert_int_eq(give_span(NULL, 0, 1, 0.5), -EINVAL);
    ck_assert_int_eq(give_span("loud", 0, 2, 0.5), -EINVAL);
    ck_assert_int_eq(give_span("loud", 4, 6, 0.5), -EINVAL);
    ck_assert_int_eq(give_span("loud", 4, 1, 0.5), -EINVAL);
    ck_assert_int_eq(give_span("loud", 0, 1, 1.5), -EINVAL);
    ck_assert_int_eq(host->span(task, NULL), -EINVAL);
    ck_assert_int_eq(give_span("loud", 4, 5, 0.5), 0);
    ck_assert_int_eq(give_span("soft", 1, 4, 0.5), 0);
    ck_assert_int_eq(give_span("loud", 0, 1, 0.5), 0);
    ck_assert_int_eq(give_span("loud", 5, 5, 0.5), 0);
    ck_assert_int_eq(give_span("loud", 0, 0, 0.5), -E2BIG);
    turn_end(&turn, NULL);
    const struct taxon_span *seen = ROWS(&results.seen_spans, struct taxon_span);
    ck_assert_uint_eq(ROW_COUNT(&results.seen_spans, struct taxon_span), 4);
    for (size_t i = 1; i < 4; i++)
        ck_assert_uint_le(seen[i - 1].begin, seen[i].begin);
    finish();
}
END_TEST

static int32_t give_fact(const char *name, const char *value, size_t len, size_t begin, size_t end,
                         double score)
{
    const struct taxon_fact fact = {.struct_size = sizeof fact,
                                    .name = name,
                                    .value = value,
                                    .value_len = len,
                                    .begin = begin,
                                    .end = end,
                                    .score = score};

    return host->fact(task, &fact);
}

START_TEST(facts_are_checked)
{
    static char long_value[REPLY_VALUE_MAX + 1];
    const size_t nowhere = TAXON_NOWHERE;

    memset(long_value, 'x', sizeof long_value);
    start(HOST_CLASSIFYING, "a" ZHONG "b");
    ck_assert_int_eq(give_fact("Title", "x", 1, nowhere, nowhere, 1), -EINVAL);
    ck_assert_int_eq(give_fact(NULL, "x", 1, nowhere, nowhere, 1), -EINVAL);
    ck_assert_int_eq(give_fact("title", NULL, 1, nowhere, nowhere, 1), -EINVAL);
    ck_assert_int_eq(give_fact("title", "\xE4\xB8", 2, nowhere, nowhere, 1), -EINVAL);
    ck_assert_int_eq(give_fact("title", "a\0b", 3, nowhere, nowhere, 1), -EINVAL);
    ck_assert_int_eq(give_fact("title", "x", 1, nowhere, nowhere, 2), -EINVAL);
    ck_assert_int_eq(give_fact("title", "x", 1, 0, nowhere, 1), -EINVAL);
    ck_assert_int_eq(give_fact("title", "x", 1, 0, 2, 1), -EINVAL);
    ck_assert_int_eq(give_fact("title", long_value, sizeof long_value, nowhere, nowhere, 1),
                     -E2BIG);
    ck_assert_int_eq(host->fact(task, NULL), -EINVAL);
    ck_assert_uint_eq(ROW_COUNT(&results.facts, struct reply_fact), 0);
    ck_assert_int_eq(give_fact("title", long_value, REPLY_VALUE_MAX, nowhere, nowhere, 1), 0);
    ck_assert_int_eq(give_fact("title", ZHONG "more", 3, 1, 4, 1), 0);
    ck_assert_int_eq(give_fact("author", NULL, 0, nowhere, nowhere, 1), 0);
    ck_assert_int_eq(give_fact("date-published", "2026", 4, nowhere, nowhere, 0), 0);
    ck_assert_int_eq(give_fact("site", "x", 1, nowhere, nowhere, 0), -E2BIG);
    const struct reply_fact *facts = ROWS(&results.facts, struct reply_fact);
    ck_assert_str_eq(facts[1].value, ZHONG);
    ck_assert(facts[1].has_place && facts[1].begin == 1 && facts[1].end == 4);
    ck_assert(!facts[0].has_place);
    finish();
}
END_TEST

START_TEST(signatures_are_checked)
{
    static const char data[5000];
    struct taxon_signature signature = {.struct_size = sizeof signature,
                                        .name = "minhash-1",
                                        .data = data,
                                        .data_len = 4096};

    start(HOST_CLASSIFYING, "abc");
    for (unsigned i = 0; i < RESULTS_SIGNATURES_MAX; i++)
        ck_assert_int_eq(host->signature(task, &signature), 0);
    ck_assert_int_eq(host->signature(task, &signature), -E2BIG);
    signature.data_len = 4097;
    ck_assert_int_eq(host->signature(task, &signature), -EINVAL);
    signature.data_len = 0;
    ck_assert_int_eq(host->signature(task, &signature), -EINVAL);
    signature.data_len = 1;
    signature.data = NULL;
    ck_assert_int_eq(host->signature(task, &signature), -EINVAL);
    signature.data = data;
    signature.name = "Min Hash";
    ck_assert_int_eq(host->signature(task, &signature), -EINVAL);
    ck_assert_int_eq(host->signature(task, NULL), -EINVAL);
    finish();
}
END_TEST

START_TEST(a_reader_may_not_classify)
{
    const struct taxon_signature signature = {.struct_size = sizeof signature,
                                              .name = "a",
                                              .data = "x",
                                              .data_len = 1};
    size_t begin;
    size_t end;

    start(HOST_READING, "abc");
    ck_assert_int_eq(give("mood", "warm", 0.5), -EPERM);
    ck_assert_int_eq(give_span("loud", 0, 1, 0.5), -EPERM);
    ck_assert_int_eq(host->signature(task, &signature), -EPERM);
    ck_assert_int_eq(host->unfold(task, 0, 1, &begin, &end), -EINVAL);
    ck_assert_int_eq(give_fact("title", "x", 1, 0, 3, 1), 0);
    finish();
}
END_TEST

START_TEST(a_classifier_may_not_read)
{
    const struct taxon_block block = {.struct_size = sizeof block, .kind = 1, .end = 1};
    const struct taxon_member member = {.struct_size = sizeof member};

    start(HOST_CLASSIFYING, "abc");
    ck_assert_int_eq(host->text(task, "x", 1), -EPERM);
    ck_assert_int_eq(host->block(task, &block), -EPERM);
    ck_assert_int_eq(host->member_begin(task, &member), -EPERM);
    ck_assert_int_eq(host->member_write(task, "x", 1), -EPERM);
    ck_assert_int_eq(host->member_end(task), -EPERM);
    finish();
}
END_TEST

START_TEST(nothing_of_open_may_be_used)
{
    struct taxon_opening *opening = &made.plugin.host.opening;
    const struct taxon_label_decl label = {.struct_size = sizeof label,
                                           .scheme = "mood",
                                           .id = "new"};

    start(HOST_CLASSIFYING, "abc");
    ck_assert_ptr_null(host->keep(opening, 1));
    ck_assert_ptr_null(host->option(opening, "depth"));
    ck_assert_int_eq(host->declare_label(opening, &label), -EPERM);
    finish();
}
END_TEST

static struct taxon_block new_block(size_t begin, size_t end)
{
    return (struct taxon_block){.struct_size = sizeof(struct taxon_block),
                                .kind = TAXON_BLOCK_PARAGRAPH,
                                .begin = begin,
                                .end = end};
}

static int32_t give_block(size_t begin, size_t end)
{
    const struct taxon_block block = new_block(begin, end);

    return host->block(task, &block);
}

START_TEST(blocks_come_in_order)
{
    start(HOST_READING, "a" ZHONG "bcdefgh");
    ck_assert_int_eq(give_block(0, 2), -EINVAL);
    ck_assert_int_eq(give_block(0, 99), -EINVAL);
    ck_assert_int_eq(give_block(5, 4), -EINVAL);
    ck_assert_int_eq(give_block(1, 4), 0);
    ck_assert_int_eq(give_block(0, 1), -EINVAL);
    ck_assert_int_eq(give_block(1, 5), -EINVAL);
    ck_assert_int_eq(give_block(4, 5), 0);
    struct taxon_block block = new_block(5, 6);
    block.kind = 0;
    ck_assert_int_eq(host->block(task, &block), -EINVAL);
    block.kind = TAXON_BLOCK_OTHER + 1;
    ck_assert_int_eq(host->block(task, &block), -EINVAL);
    block.kind = TAXON_BLOCK_OTHER;
    block.link_bytes = 2;
    ck_assert_int_eq(host->block(task, &block), -EINVAL);
    block.struct_size = 12;
    ck_assert_int_eq(host->block(task, &block), -EINVAL);
    ck_assert_int_eq(host->block(task, NULL), -EINVAL);
    for (size_t i = 2; i < limits.blocks; i++)
        ck_assert_int_eq(give_block(6, 6), 0);
    ck_assert_int_eq(give_block(6, 6), -E2BIG);
    ck_assert_uint_eq(ROW_COUNT(&results.blocks, struct taxon_block), limits.blocks);
    finish();
}
END_TEST

START_TEST(text_is_appended_whole_or_cut_at_the_limit)
{
    char *large = malloc(5000);

    memset(large, 'x', 5000);
    start(HOST_READING, "decoded");
    ck_assert_int_eq(host->text(task, "\xE4\xB8", 2), -EILSEQ);
    ck_assert_int_eq(host->text(task, NULL, 1), -EINVAL);
    ck_assert(!turn.appended);
    ck_assert_int_eq(host->text(task, ZHONG, 3), 0);
    ck_assert_int_eq(give_block(0, 7), -EINVAL); /* of the decoded text, which is no more */
    ck_assert_int_eq(give_block(0, 3), 0);
    ck_assert_int_eq(host->text(task, large, 4091), 0);
    ck_assert_int_eq(host->text(task, ZHONG, 3), -E2BIG); /* two bytes are left: not a half */
    ck_assert_int_eq(host->text(task, large, 5000), -E2BIG);
    ck_assert_uint_eq(results.text.len, 4096);
    ck_assert_str_eq(*ROWS(&results.limit_names, const char *), "limits.text");
    free(large);
    finish();
}
END_TEST

START_TEST(an_empty_text_is_a_text_of_its_own)
{
    size_t len;

    start(HOST_READING, "decoded");
    ck_assert_int_eq(host->text(task, NULL, 0), 0);
    ck_assert_str_eq(turn_text(&turn, &len), "");
    ck_assert_uint_eq(len, 0);
    finish();
}
END_TEST

START_TEST(members_are_only_asked_for_without_a_spool)
{
    struct taxon_member member = {.struct_size = sizeof member, .name = "a.txt", .name_len = 5};

    start(HOST_READING, "abc");
    ck_assert_int_eq(host->member_write(task, "x", 1), -EINVAL);
    ck_assert_int_eq(host->member_end(task), -EINVAL);
    ck_assert(!members.announced);
    ck_assert_int_eq(host->member_begin(task, &member), -ECANCELED);
    ck_assert(members.announced);
    ck_assert_int_eq(host->member_write(task, "x", 1), -EINVAL);
    member.name = NULL;
    ck_assert_int_eq(host->member_begin(task, &member), -EINVAL);
    member.struct_size = 8;
    ck_assert_int_eq(host->member_begin(task, &member), -EINVAL);
    ck_assert_int_eq(host->member_write(task, NULL, 1), -EINVAL);
    finish();
}
END_TEST

START_TEST(unfolding)
{
    size_t begin = 99;
    size_t end = 99;

    start(HOST_CLASSIFYING, "A  \xEF\xBC\xA2"); /* full-width B */
    ck_assert_str_eq(folded.text, "a b");
    ck_assert_int_eq(host->unfold(task, 2, 3, &begin, &end), 0);
    ck_assert_uint_eq(begin, 3);
    ck_assert_uint_eq(end, 6);
    ck_assert_int_eq(host->unfold(task, 2, 2, &begin, &end), -EINVAL);
    ck_assert_int_eq(host->unfold(task, 2, 4, &begin, &end), -EINVAL);
    ck_assert_int_eq(host->unfold(task, (size_t)-2, (size_t)-1, &begin, &end), -EINVAL);
    ck_assert_int_eq(host->unfold(task, 0, 1, NULL, &end), -EINVAL);
    ck_assert_int_eq(host->unfold(task, 0, 1, &begin, NULL), -EINVAL);
    finish();
}
END_TEST

START_TEST(memory_has_a_budget)
{
    start(HOST_CLASSIFYING, "abc");
    unsigned char *some = host->alloc(task, 60000);
    ck_assert_ptr_nonnull(some);
    for (size_t i = 0; i < 60000; i++)
        ck_assert_uint_eq(some[i], 0);
    ck_assert_ptr_null(host->alloc(task, 60000));
    ck_assert_ptr_null(host->alloc(task, (size_t)-1));
    ck_assert_str_eq(*ROWS(&results.limit_names, const char *), "limits.arena");
    finish();
}
END_TEST

START_TEST(the_deadline_is_told)
{
    start(HOST_CLASSIFYING, "abc");
    ck_assert_int_eq(host->should_stop(task), 0);
    turn.deadline_us = clock_monotonic_us();
    ck_assert_int_eq(host->should_stop(task), 1);
    finish();
}
END_TEST

START_TEST(log_lines_are_kept_and_bounded)
{
    start(HOST_CLASSIFYING, "abc");
    host->log(task, 99, "first\nforged");
    host->log(task, TAXON_LOG_INFO, NULL);
    for (int i = 0; i < 300; i++)
        host->log(task, TAXON_LOG_DEBUG, "again");
    ck_assert_uint_eq(ROW_COUNT(&results.logs, struct reply_log), REPLY_LOG_MAX);
    ck_assert_str_eq(ROWS(&results.logs, struct reply_log)->line, "first?forged");
    ck_assert_uint_eq(ROWS(&results.logs, struct reply_log)->level, TAXON_LOG_ERROR);
    finish();
}
END_TEST

START_TEST(a_kept_task_is_good_for_nothing)
{
    struct taxon_task copy;
    size_t begin;
    size_t end;

    start(HOST_CLASSIFYING, "abc");
    copy = *task;
    ck_assert_int_eq(host->should_stop(&copy), -EPERM); /* a copy is not the handle */
    copy.host = NULL;
    ck_assert_int_eq(host->should_stop(&copy), -EPERM);
    host_end_task(&made.plugin.host);
    ck_assert_int_eq(give("mood", "warm", 0.5), -EPERM);
    ck_assert_int_eq(give_span("loud", 0, 1, 0.5), -EPERM);
    ck_assert_int_eq(give_fact("title", "x", 1, 0, 3, 1), -EPERM);
    ck_assert_int_eq(give_block(0, 1), -EPERM);
    ck_assert_int_eq(host->text(task, "x", 1), -EPERM);
    ck_assert_int_eq(host->should_stop(task), -EPERM);
    ck_assert_int_eq(host->unfold(task, 0, 1, &begin, &end), -EPERM);
    ck_assert_ptr_null(host->alloc(task, 1));
    host->log(task, TAXON_LOG_INFO, "too late");
    ck_assert_int_eq(give_evidence(0, 1, 1, NULL), -EPERM);
    ck_assert_uint_eq(results.logs.len, 0);
    ck_assert_uint_eq(label_count(), 0);
    finish();
}
END_TEST

static int32_t give_vector(const char *scheme, const char *space, size_t begin, size_t end,
                           const float *values)
{
    static const uint32_t ids[] = {3, 1, 3};
    const struct taxon_features *features = host->extension(TAXON_EXTENSION_FEATURES);
    const struct taxon_feature_vector vector = {.struct_size = sizeof vector,
                                                .scheme = scheme,
                                                .space = space,
                                                .begin = begin,
                                                .end = end,
                                                .ids = ids,
                                                .values = values,
                                                .count = 3};

    return features->push(task, &vector);
}

START_TEST(features_are_kept_when_asked_for)
{
    static const float values[] = {0.5f, 2, -1};
    static const float wrong[] = {0.5f, NAN, -1};

    start(HOST_CLASSIFYING, "a" ZHONG "b");
    const struct taxon_features *features = host->extension(TAXON_EXTENSION_FEATURES);
    ck_assert_int_eq(features->wanted(task, "mood"), 0);
    ck_assert_int_eq(give_vector("mood", "text-1", 0, 5, values), 0);
    ck_assert_uint_eq(results.vectors.len, 0);
    turn.features = "mood";
    ck_assert_int_eq(features->wanted(task, "mood"), 1);
    ck_assert_int_eq(features->wanted(task, "tone"), 0);
    ck_assert_int_eq(features->wanted(task, NULL), 0);
    ck_assert_int_eq(give_vector("mood", "text-1", 0, 5, values), 0);
    ck_assert_int_eq(give_vector("mood", "text-1", TAXON_NOWHERE, TAXON_NOWHERE, NULL), 0);
    ck_assert_int_eq(give_vector("tone", "text-1", 0, 5, values), 0); /* not asked for */
    const struct reply_vector *rows = ROWS(&results.vectors, struct reply_vector);
    ck_assert_uint_eq(ROW_COUNT(&results.vectors, struct reply_vector), 2);
    ck_assert(rows[0].has_place && rows[0].end == 5 && !rows[1].has_place);
    ck_assert_uint_eq(rows[0].plugin, 7);
    ck_assert_uint_eq(rows[0].count, 3);
    ck_assert_uint_eq(rows[0].ids[1], 1);
    ck_assert(rows[0].values[2] == -1 && rows[1].values[2] == 1);
    ck_assert_uint_eq(results.feature_count, 6);
    ck_assert_int_eq(give_vector("rain", "text-1", 0, 5, values), -EINVAL);
    ck_assert_int_eq(give_vector("mood", "Text", 0, 5, values), -EINVAL);
    ck_assert_int_eq(give_vector("mood", "text-1", 0, 2, values), -EINVAL);
    ck_assert_int_eq(give_vector("mood", "text-1", 0, 6, values), -EINVAL);
    ck_assert_int_eq(give_vector("mood", "text-1", 0, 5, wrong), -EINVAL);
    results.feature_count = TAXON_FEATURES_MAX - 2;
    ck_assert_int_eq(give_vector("mood", "text-1", 0, 5, values), -E2BIG);
    turn_end(&turn, "classify() gave up");
    ck_assert_uint_eq(results.vectors.len, 0);
    ck_assert_uint_eq(results.feature_count, 0);
    finish();
}
END_TEST

START_TEST(who_gives_up_has_said_nothing)
{
    start(HOST_CLASSIFYING, "abc");
    ck_assert_int_eq(give("mood", "warm", 0.5), 0);
    turn_end(&turn, NULL);
    ck_assert_uint_eq(ROW_COUNT(&results.seen_labels, struct taxon_label), 1);
    turn_begin(&turn);
    ck_assert_int_eq(give("mood", "cold", 0.5), 0);
    ck_assert_int_eq(give_span("loud", 0, 1, 0.5), 0);
    ck_assert_int_eq(give_fact("title", "x", 1, 0, 3, 1), 0);
    ck_assert_int_eq(give("mood", "hot", 0.5), -EINVAL);
    turn_end(&turn, "classify() gave up");
    ck_assert_uint_eq(label_count(), 1);
    ck_assert_uint_eq(results.spans.len, 0);
    ck_assert_uint_eq(results.facts.len, 0);
    ck_assert_uint_eq(ROW_COUNT(&results.seen_labels, struct taxon_label), 1);
    const struct reply_failure *failures = ROWS(&results.failures, struct reply_failure);
    ck_assert_uint_eq(ROW_COUNT(&results.failures, struct reply_failure), 2);
    ck_assert_str_eq(failures[0].what, "classify() gave up");
    ck_assert_ptr_nonnull(strstr(failures[1].what, "1 results refused; the first: a label"));
    ck_assert_uint_eq(failures[1].plugin, 7);
    finish();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        labels_must_be_declared_and_have_a_score,
        the_higher_score_wins,
        labels_have_a_limit_and_one_given_before_does_not_count,
        evidence_must_lie_in_the_text,
        evidence_is_an_array_with_a_stride,
        the_heaviest_evidence_is_kept,
        quotes_end_with_a_whole_character,
        spans_are_checked_as_labels_are,
        facts_are_checked,
        signatures_are_checked,
        a_reader_may_not_classify,
        a_classifier_may_not_read,
        nothing_of_open_may_be_used,
        blocks_come_in_order,
        text_is_appended_whole_or_cut_at_the_limit,
        an_empty_text_is_a_text_of_its_own,
        members_are_only_asked_for_without_a_spool,
        unfolding,
        memory_has_a_budget,
        the_deadline_is_told,
        log_lines_are_kept_and_bounded,
        a_kept_task_is_good_for_nothing,
        features_are_kept_when_asked_for,
        who_gives_up_has_said_nothing,
    };

    return SUITE_RUN("worker/host_task", tests);
}
