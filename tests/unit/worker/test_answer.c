/* Tests of worker/answer: the order of what is sent, and what is left out when it does not fit. */
#include "worker/answer.h"

#include <errno.h>

#include "fixture.h"

static const char *const schemes[] = {"mood", "tone", "unusable", NULL};
static const struct taxon_label_decl labels[] = {
    {.struct_size = sizeof labels[0], .scheme = "mood", .id = "cold", .threshold = 0.5},
    {.struct_size = sizeof labels[0], .scheme = "mood", .id = "warm", .threshold = 0.5},
    {.struct_size = sizeof labels[0], .scheme = "tone", .id = "loud", .threshold = 0.5},
    {.struct_size = sizeof labels[0], .scheme = "tone", .id = "soft", .threshold = 0.5},
    {.struct_size = sizeof labels[0], .scheme = "unusable", .id = "blocked", .threshold = 0.5},
    {.struct_size = sizeof labels[0], .scheme = "unusable", .id = "login", .threshold = 0.5},
};
static double blocked_score; /* of a label of scheme `unusable`; 0: none is given */

enum { SPANS = 200 };
#define REASON "a reason that is as long as reasons usually are, or somewhat longer than that"

static void give_label(struct taxon_task *task, const char *scheme, const char *id, double score)
{
    const struct taxon_evidence evidence = {.struct_size = sizeof evidence,
                                            .end = 30,
                                            .weight = 1,
                                            .reason = REASON};
    const struct taxon_label label = {.struct_size = sizeof label,
                                      .scheme = scheme,
                                      .id = id,
                                      .score = score,
                                      .evidence = &evidence,
                                      .evidence_count = 1,
                                      .evidence_stride = sizeof evidence};
    ck_assert_int_eq(task->host->label(task, &label), 0);
}

static int32_t classify(void *instance, struct taxon_task *task,
                        const struct taxon_document *document)
{
    (void)instance;
    (void)document;
    give_label(task, "tone", "soft", 0.2);
    give_label(task, "mood", "warm", 0.3);
    give_label(task, "tone", "loud", 0.9);
    give_label(task, "mood", "cold", 0.3);
    if (blocked_score > 0) {
        give_label(task, "unusable", "login", 0.5);
        give_label(task, "unusable", "blocked", blocked_score);
    }
    for (size_t i = SPANS; i > 0; i--) {
        const struct taxon_span span = {.struct_size = sizeof span,
                                        .scheme = i % 2 == 0 ? "mood" : "tone",
                                        .id = i % 2 == 0 ? "warm" : "loud",
                                        .begin = i % 20,
                                        .end = 30,
                                        .reason = REASON};
        ck_assert_int_eq(task->host->span(task, &span), 0);
    }
    const struct taxon_fact fact = {.struct_size = sizeof fact,
                                    .name = "title",
                                    .value = REASON REASON,
                                    .value_len = 2 * strlen(REASON),
                                    .begin = TAXON_NOWHERE,
                                    .end = TAXON_NOWHERE,
                                    .score = 1};
    ck_assert_int_eq(task->host->fact(task, &fact), 0);
    return 0;
}

static int32_t read_all(void *instance, struct taxon_task *task, const struct taxon_input *input)
{
    (void)instance;
    (void)task;
    (void)input;
    return 0;
}

static const char *const types[] = {"text/plain", NULL};
static struct made made[2];
static struct plugin *pointers[2];
static struct plugin_set set;
static struct settings_limits limits;
static struct stage_page page;
static struct stages stages;
static struct arena arena;
static struct manifest *manifest;

static bool wants_text;

static void start(void)
{
    struct taxon_descriptor reader = made_reader(types, read_all);
    struct taxon_descriptor classifier = made_classifier(schemes, labels, 6, classify);
    static const char text[] = "A text of more than thirty bytes, as it happens.";
    const struct job job = {.size = sizeof text - 1,
                            .time_ms = 10000,
                            .wants_text = wants_text,
                            .name = "a",
                            .source = "",
                            .url = "",
                            .charset = "",
                            .media_type = ""};
    struct resources resources;
    struct err err = {""};

    made_init(&made[0], "text", &reader);
    made_init(&made[1], "mood", &classifier);
    pointers[0] = &made[0].plugin;
    pointers[1] = &made[1].plugin;
    ck_assert_int_eq(vocabulary_seal(&made[1].plugin.vocabulary, &err), 0);
    set = (struct plugin_set){.plugins = pointers, .count = 2, .reader_count = 1};
    limits = small_limits();
    limits.spans = SPANS;
    limits.labels = 6;
    arena_init(&arena, 0);
    resources_init(&resources);
    manifest = plugin_set_manifest(&arena, &set, &resources, "none");
    ck_assert_msg(stages_init(&stages, &limits, &set, &page, &err) == 0, "%s", err.text);
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fflush(file), 0);
    static struct job kept;
    kept = job;
    int fd = dup(fileno(file));
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(stages_run(&stages, 1, &kept, &fd, -1), 0);
    ck_assert_int_eq(fd, -1);
    fclose(file);
}

static void finish(void)
{
    stages_release(&stages);
    plugin_set_release(&set);
    arena_release(&arena);
}

static struct reply *unpack(const struct strbuf *packed)
{
    struct reply *reply = NULL;
    const char *why = "";

    ck_assert_msg(reply_unpack(&arena, packed->data, packed->len, manifest, &limits, &reply,
                               &why) == 0,
                  "%s", why);
    return reply;
}

START_TEST(what_is_sent_is_in_order)
{
    static const char *const ids[] = {"cold", "warm", "loud", "soft"};
    struct strbuf packed = STRBUF_INIT;

    start();
    ck_assert_int_eq(answer_pack(&stages, limits.reply_bytes, &packed), 0);
    const struct reply *reply = unpack(&packed);
    ck_assert_uint_eq(reply->label_count, 4);
    for (size_t i = 0; i < 4; i++)
        ck_assert_str_eq(reply->labels[i].id, ids[i]);
    ck_assert_uint_eq(reply->span_count, SPANS);
    for (size_t i = 1; i < SPANS; i++)
        ck_assert_uint_le(reply->spans[i - 1].begin, reply->spans[i].begin);
    ck_assert_uint_eq(reply->limit_count, 0);
    strbuf_release(&packed);
    finish();
}
END_TEST

START_TEST(what_does_not_fit_is_left_out_least_needed_first)
{
    struct strbuf packed = STRBUF_INIT;
    size_t steps = 0;
    size_t least = SIZE_MAX;

    start();
    ck_assert_int_eq(answer_pack(&stages, limits.reply_bytes, &packed), 0);
    size_t quotes = 4;
    size_t spans = SPANS;
    /* Each round has room for one byte less than the one before took. */
    while (answer_pack(&stages, packed.len - 1, &packed) == 0) {
        ck_assert_uint_lt(packed.len, least);
        least = packed.len;
        const struct reply *reply = unpack(&packed);
        ck_assert_uint_eq(reply->limit_count, 1);
        ck_assert_str_eq(reply->limits[0], "limits.reply");
        ck_assert_str_eq(reply->media_type, "text/plain");
        if (reply->label_count > 0 && reply->labels[0].evidence_count > 0)
            ck_assert_str_eq(reply->labels[0].evidence[0].quote, "");
        if (reply->label_count == 0)
            ck_assert_uint_eq(reply->fact_count, 0);
        if (reply->fact_count == 0)
            ck_assert_uint_eq(reply->span_count, 0);
        ck_assert_uint_le(reply->span_count, spans);
        spans = reply->span_count;
        quotes = 0;
        steps++;
    }
    ck_assert_uint_eq(quotes, 0);
    ck_assert_uint_eq(spans, 0);
    ck_assert_uint_eq(steps, 5); /* quotes, spans, evidence, facts, labels */
    ck_assert_int_eq(answer_pack(&stages, 10, &packed), -E2BIG);
    strbuf_release(&packed);
    finish();
}
END_TEST

START_TEST(a_label_of_scheme_unusable_is_the_verdict)
{
    struct strbuf packed = STRBUF_INIT;

    blocked_score = 0.75;
    start();
    ck_assert_int_eq(answer_pack(&stages, limits.reply_bytes, &packed), 0);
    ck_assert_str_eq(unpack(&packed)->unusable, "blocked");
    ck_assert_ptr_nonnull(strstr(unpack(&packed)->unusable_reason, "a reason"));
    finish();
    blocked_score = 0.25; /* a near miss: the other one holds */
    start();
    ck_assert_int_eq(answer_pack(&stages, limits.reply_bytes, &packed), 0);
    ck_assert_str_eq(unpack(&packed)->unusable, "login");
    stages.unusable = "garbled"; /* core's own comes first */
    ck_assert_int_eq(answer_pack(&stages, limits.reply_bytes, &packed), 0);
    ck_assert_str_eq(unpack(&packed)->unusable, "garbled");
    strbuf_release(&packed);
    finish();
    blocked_score = 0;
}
END_TEST

START_TEST(the_text_comes_when_asked_for_and_is_left_out_first)
{
    struct strbuf packed = STRBUF_INIT;

    start();
    ck_assert_int_eq(answer_pack(&stages, limits.reply_bytes, &packed), 0);
    ck_assert_ptr_null(unpack(&packed)->text);
    finish();
    wants_text = true;
    start();
    ck_assert_int_eq(answer_pack(&stages, limits.reply_bytes, &packed), 0);
    const struct reply *reply = unpack(&packed);
    ck_assert_ptr_nonnull(reply->text);
    ck_assert_uint_eq(strlen(reply->text), reply->text_len);
    ck_assert_mem_eq(reply->text, "A text of more", 14);
    ck_assert_int_eq(answer_pack(&stages, packed.len - 1, &packed), 0);
    reply = unpack(&packed);
    ck_assert_ptr_null(reply->text);
    ck_assert_uint_eq(reply->span_count, SPANS);
    strbuf_release(&packed);
    finish();
    wants_text = false;
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        what_is_sent_is_in_order,
        what_does_not_fit_is_left_out_least_needed_first,
        a_label_of_scheme_unusable_is_the_verdict,
        the_text_comes_when_asked_for_and_is_left_out_first,
    };

    return SUITE_RUN("worker/answer", tests);
}
