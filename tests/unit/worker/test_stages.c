/* Tests of worker/stages: whole documents through plugins made of functions of the test's own. */
#include "worker/stages.h"

#include <errno.h>

#include "worker/answer.h"

#include "fixture.h"

static const char *const text_types[] = {"text/plain", NULL};
static const char *const mood[] = {"mood", NULL};
static const char *const tone[] = {"tone", NULL};
static const char *const after_mood[] = {"mood", NULL};
static const struct taxon_label_decl mood_labels[] = {
    {.struct_size = sizeof mood_labels[0], .scheme = "mood", .id = "warm", .threshold = 0.5},
    {.struct_size = sizeof mood_labels[0], .scheme = "mood", .id = "cold", .threshold = 0.5}};
static const struct taxon_label_decl tone_labels[] = {
    {.struct_size = sizeof tone_labels[0], .scheme = "tone", .id = "loud", .threshold = 0.5}};

/* What the plugins were shown last, and what they are to do. */
static struct {
    int reads, moods, tones;
    int32_t read_result, mood_result;
    const char *append;   /* what the reader makes of every document; NULL: nothing */
    size_t block_end;     /* of the one block it gives before it appends; 0: none */
    const char *unusable; /* fact that the reader states */
    char folded[256], charset[32], language[16], media_type[64], name[64];
    size_t text_len, labels_seen, spans_seen, blocks_seen;
    char stage[STAGE_NAME_SIZE];
} seen;

static struct stage_page page;

static int32_t text_read(void *instance, struct taxon_task *task, const struct taxon_input *input)
{
    (void)instance;
    ck_assert_int_eq(input->decoded[input->decoded_len], 0);
    seen.reads++;
    if (seen.block_end > 0) {
        const struct taxon_block block = {.struct_size = sizeof block,
                                          .kind = TAXON_BLOCK_PARAGRAPH,
                                          .end = seen.block_end};
        ck_assert_int_eq(task->host->block(task, &block), 0);
    }
    if (seen.unusable != NULL) {
        const struct taxon_fact fact = {.struct_size = sizeof fact,
                                        .name = "unusable",
                                        .value = seen.unusable,
                                        .value_len = strlen(seen.unusable),
                                        .begin = TAXON_NOWHERE,
                                        .end = TAXON_NOWHERE,
                                        .score = 0.9};
        ck_assert_int_eq(task->host->fact(task, &fact), 0);
    }
    if (seen.append != NULL)
        ck_assert_int_eq(task->host->text(task, seen.append, strlen(seen.append)), 0);
    return seen.read_result;
}

static int32_t mood_classify(void *instance, struct taxon_task *task,
                             const struct taxon_document *document)
{
    const struct taxon_label warm = {.struct_size = sizeof warm,
                                     .scheme = "mood",
                                     .id = "warm",
                                     .score = 0.4};
    const struct taxon_label cold = {.struct_size = sizeof cold,
                                     .scheme = "mood",
                                     .id = "cold",
                                     .score = 0.6};
    const struct taxon_span span = {.struct_size = sizeof span,
                                    .scheme = "mood",
                                    .id = "cold",
                                    .end = document->text_len};

    (void)instance;
    seen.moods++;
    ck_assert_int_eq(document->text[document->text_len], 0);
    ck_assert_int_eq(document->folded[document->folded_len], 0);
    snprintf(seen.folded, sizeof seen.folded, "%s", document->folded);
    snprintf(seen.charset, sizeof seen.charset, "%s", document->charset);
    snprintf(seen.language, sizeof seen.language, "%s", document->language);
    snprintf(seen.media_type, sizeof seen.media_type, "%s", document->media_type);
    snprintf(seen.name, sizeof seen.name, "%s", document->name);
    seen.text_len = document->text_len;
    seen.blocks_seen = document->block_count;
    stage_name(&page, seen.stage);
    ck_assert_int_eq(task->host->label(task, &warm), 0);
    ck_assert_int_eq(task->host->label(task, &cold), 0);
    ck_assert_int_eq(task->host->span(task, &span), 0);
    return seen.mood_result;
}

static int32_t tone_classify(void *instance, struct taxon_task *task,
                             const struct taxon_document *document)
{
    (void)instance;
    (void)task;
    seen.tones++;
    seen.labels_seen = document->label_count;
    seen.spans_seen = document->span_count;
    if (document->label_count > 0)
        ck_assert_str_eq(
            TAXON_AT(struct taxon_label, document->labels, document->label_stride, 0)->scheme,
            "mood");
    return 0;
}

static struct made made[3];
static struct plugin *pointers[3];
static struct plugin_set set;
static struct settings_limits limits;
static struct stages stages;
static struct job job;
static struct strbuf reply;

static void start(void)
{
    struct taxon_descriptor reader = made_reader(text_types, text_read);
    struct taxon_descriptor moods = made_classifier(mood, mood_labels, 2, mood_classify);
    struct taxon_descriptor tones = made_classifier(tone, tone_labels, 1, tone_classify);
    struct err err = {""};

    memset(&seen, 0, sizeof seen);
    tones.after = after_mood;
    made_init(&made[0], "text", &reader);
    made_init(&made[1], "mood", &moods);
    made_init(&made[2], "tone", &tones);
    for (size_t i = 0; i < 3; i++) {
        pointers[i] = &made[i].plugin;
        ck_assert_int_eq(vocabulary_seal(&made[i].plugin.vocabulary, &err), 0);
    }
    set = (struct plugin_set){.plugins = pointers, .count = 3, .reader_count = 1};
    limits = small_limits();
    job = (struct job){.time_ms = 10000,
                       .name = "a.txt",
                       .source = "news",
                       .url = "",
                       .charset = "",
                       .media_type = ""};
    ck_assert_msg(stages_init(&stages, &limits, &set, &page, &err) == 0, "%s", err.text);
}

static void finish(void)
{
    stages_release(&stages);
    strbuf_release(&reply);
    plugin_set_release(&set);
}

/* A document of these bytes through all stages, and its reply. */
static struct reply *run_bytes(const char *bytes, size_t len)
{
    static struct arena arena;
    struct resources resources;
    struct reply *unpacked = NULL;
    const char *why = "";
    FILE *file = tmpfile();

    arena_release(&arena);
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, len, file), len);
    ck_assert_int_eq(fflush(file), 0);
    if (job.size == 0)
        job.size = len;
    int fd = dup(fileno(file));
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(stages_run(&stages, 5, &job, &fd, -1), 0);
    ck_assert_int_eq(fd, -1);
    fclose(file);
    job.size = 0;
    ck_assert_int_eq(answer_pack(&stages, limits.reply_bytes, &reply), 0);
    /* As the supervisor reads it. */
    resources_init(&resources);
    struct manifest *manifest = plugin_set_manifest(&arena, &set, &resources, "none");
    ck_assert_msg(reply_unpack(&arena, reply.data, reply.len, manifest, &limits, &unpacked, &why) ==
                      0,
                  "%s", why);
    return unpacked;
}

static struct reply *run(const char *text)
{
    return run_bytes(text, strlen(text));
}

START_TEST(a_document_goes_through_all_stages)
{
    start();
    struct reply *result = run("Hello   World, this is the text of a small document.\n");
    ck_assert_str_eq(seen.folded, "hello world, this is the text of a small document.");
    ck_assert_str_eq(seen.media_type, "text/plain");
    ck_assert_str_eq(seen.language, "en");
    ck_assert_str_eq(seen.name, "a.txt");
    ck_assert_str_eq(seen.stage, "classify mood");
    ck_assert_uint_eq(seen.labels_seen, 2);
    ck_assert_uint_eq(seen.spans_seen, 1);
    ck_assert_str_eq(result->charset, "UTF-8");
    ck_assert_str_eq(result->reader, "text");
    ck_assert_str_eq(result->unusable, "");
    ck_assert_uint_eq(result->text_len, 53);
    ck_assert_uint_eq(result->label_count, 2);
    ck_assert_str_eq(result->labels[0].id, "cold"); /* the higher score first */
    ck_assert(result->labels[0].holds);
    ck_assert_str_eq(result->labels[1].id, "warm");
    ck_assert(!result->labels[1].holds);
    ck_assert_uint_eq(result->labels[0].plugin, 1);
    ck_assert_uint_eq(result->span_count, 1);
    ck_assert_uint_eq(result->failure_count, 0);
    ck_assert_uint_gt(result->timing_count, 5);
    ck_assert_str_eq(result->timings[result->timing_count - 2].stage, "classify tone");
    ck_assert_str_eq(result->timings[result->timing_count - 1].stage, "signature");
    ck_assert_uint_eq(result->signature_count, 0); /* too short for one */
    finish();
}
END_TEST

START_TEST(one_document_leaves_nothing_for_the_next)
{
    start();
    seen.append = "quite another text";
    run("first");
    seen.append = NULL;
    struct reply *result = run("second");
    ck_assert_str_eq(seen.folded, "second");
    ck_assert_uint_eq(result->text_len, 6);
    ck_assert_uint_eq(result->label_count, 2);
    ck_assert_uint_eq(result->span_count, 1);
    ck_assert_uint_eq(seen.labels_seen, 2);
    finish();
}
END_TEST

START_TEST(filters_hold_plugins_back)
{
    const char *const sources[] = {"other", NULL};

    start();
    made[1].settings.when.sources = sources;
    made[1].settings.when.source_count = 1;
    run("text");
    ck_assert_int_eq(seen.moods, 0);
    ck_assert_int_eq(seen.tones, 1);
    ck_assert_uint_eq(seen.labels_seen, 0);
    job.source = "other";
    run("text");
    ck_assert_int_eq(seen.moods, 1);
    made[0].settings.when = made[1].settings.when;
    job.source = "news";
    struct reply *result = run("text");
    ck_assert_str_eq(result->unusable, "unreadable");
    ck_assert_str_eq(result->unusable_reason, "no reader takes text/plain");
    finish();
}
END_TEST

START_TEST(a_binary_has_no_reader)
{
    static const char bytes[] = "%PDF-1.7\n\x01\x02\x00\x00\xFF\xFE\x80\x00 obj";

    start();
    struct reply *result = run_bytes(bytes, sizeof bytes - 1);
    ck_assert_str_eq(result->unusable, "binary");
    ck_assert_int_eq(strncmp(result->unusable_reason, "no reader takes application/", 28), 0);
    ck_assert_str_eq(result->reader, "");
    ck_assert_uint_eq(result->text_len, 0);
    ck_assert_int_eq(seen.moods, 0);
    finish();
}
END_TEST

START_TEST(what_the_deliverer_says_is_believed_when_it_helps)
{
    static const char bytes[] = "%PDF-1.7\n\x01\x02\x00\x00\xFF\xFE\x80\x00 obj";

    start();
    job.media_type = "text/plain";
    run_bytes(bytes, sizeof bytes - 1);
    ck_assert_int_eq(seen.reads, 1);
    job.media_type = "application/x-unknown";
    run("simply text");
    ck_assert_int_eq(seen.reads, 2);
    ck_assert_str_eq(seen.media_type, "text/plain");
    finish();
}
END_TEST

START_TEST(an_empty_document_is_unusable)
{
    start();
    ck_assert_str_eq(run("")->unusable, "empty");
    ck_assert_str_eq(run(" \n\t\xE3\x80\x80\n")->unusable, "empty");
    ck_assert_int_eq(seen.moods, 0);
    finish();
}
END_TEST

/* What was read in the wrong charset is mended before anybody reads it; the rest is counted. */
START_TEST(damage_before_it_came)
{
    start();
    job.media_type = "text/plain";
    /* "市图书馆 开放时间" as UTF-8, read as GBK where that loses nothing */
    struct reply *result = run("鍥句功鏃堕棿鍔炵悊闈㈢Н璁插骇瀹堕暱瀛︾敓");
    ck_assert_ptr_nonnull(strstr(seen.folded, "图书时间办理面积讲座"));
    ck_assert_uint_gt(result->damage.mojibake, 10);
    ck_assert(result->damage.mojibake_mended);
    ck_assert_str_eq(result->damage.mojibake_read_as, "GB18030");
    result =
        run("one ?? ??? two ???? \xEF\xBF\xBD \x01 &nbsp;&nbsp;&amp; and a long sound text behind "
            "it, so that it is not the greater part that is lost and the text is of use");
    ck_assert_uint_eq(result->damage.mojibake, 0);
    ck_assert_uint_eq(result->damage.lost, 10);
    ck_assert_uint_eq(result->damage.controls, 1);
    ck_assert_uint_eq(result->damage.entities, 3);
    ck_assert(!result->damage.truncated);
    result = run("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD, \xEF\xBF\xBD");
    ck_assert_str_eq(result->unusable, "garbled");
    ck_assert_ptr_nonnull(strstr(result->unusable_reason, "were lost before"));
    finish();
}
END_TEST

START_TEST(damage_is_counted)
{
    char text[512] = "";

    start();
    for (int i = 0; i < 60; i++)
        strcat(text, i % 3 == 1 ? "\x81\xFF\xC0\xFF" : "abc ");
    job.media_type = "text/plain";
    struct reply *result = run(text);
    ck_assert_uint_gt(result->illegal, 0);
    ck_assert_str_eq(result->unusable, "garbled");
    ck_assert_ptr_nonnull(strstr(result->unusable_reason, "look like text in no charset"));
    ck_assert_int_eq(seen.moods, 1); /* what is left may still be told apart */
    finish();
}
END_TEST

START_TEST(gb18030_is_decoded)
{
    start();
    /* "中文文件的内容，中国的政府工作报告" in GB18030 */
    run("\xD6\xD0\xCE\xC4\xCE\xC4\xBC\xFE\xB5\xC4\xC4\xDA\xC8\xDD\xA3\xAC\xD6\xD0\xB9\xFA\xB5\xC4"
        "\xD5\xFE\xB8\xAE\xB9\xA4\xD7\xF7\xB1\xA8\xB8\xE6");
    ck_assert_str_eq(seen.charset, "GB18030");
    ck_assert_str_eq(seen.language, "zh");
    ck_assert_ptr_nonnull(strstr(seen.folded, "\xE4\xB8\xAD\xE5\x9B\xBD"));
    finish();
}
END_TEST

/* Two frequent syllables in the one charset are two frequent characters in the other. */
#define BETWEEN_TWO "\xB4\xEB\xBB\xFD"

START_TEST(a_page_s_own_claim_tips_the_balance_only)
{
    start();
    job.media_type = "text/plain";
    struct reply *result = run("<meta charset=euc-kr>" BETWEEN_TWO);
    ck_assert_str_eq(seen.charset, "EUC-KR");
    ck_assert_str_eq(result->charset_declared, "euc-kr");
    finish();
    start();
    job.media_type = "text/plain";
    run("<meta charset=gb2312>" BETWEEN_TWO);
    ck_assert_str_eq(seen.charset, "GB18030");
    finish();
    start();
    job.media_type = "text/plain";
    job.charset = "euc-kr"; /* who delivered it knows better */
    result = run("<meta charset=gb2312>" BETWEEN_TWO);
    ck_assert_str_eq(seen.charset, "EUC-KR");
    ck_assert_str_eq(result->charset_declared, "euc-kr");
    finish();
    start();
    job.media_type = "text/plain";
    result = run("<meta charset=gb2312>\xE4\xB8\xAD\xE6\x96\x87"); /* re-encoded since */
    ck_assert_str_eq(seen.charset, "UTF-8");
    ck_assert_str_eq(result->charset_declared, "gb2312");
    finish();
    start();
    job.media_type = "text/plain";
    result = run("a text without any");
    ck_assert_str_eq(result->charset_declared, "");
    finish();
}
END_TEST

START_TEST(a_long_text_is_cut_and_said_so)
{
    char *large = malloc(9001);

    start();
    memset(large, 'x', 9000);
    large[9000] = '\0';
    struct reply *result = run(large);
    ck_assert_uint_eq(result->text_len, limits.text_bytes);
    ck_assert_uint_eq(result->limit_count, 1);
    ck_assert_str_eq(result->limits[0], "limits.text");
    free(large);
    finish();
}
END_TEST

START_TEST(a_file_that_was_cut_is_told)
{
    start();
    job.size = 100;
    struct reply *result = run("only this");
    ck_assert_str_eq(result->unusable, "truncated");
    ck_assert_ptr_nonnull(strstr(result->unusable_reason, "9 of 100 bytes"));
    ck_assert_int_eq(seen.moods, 1);
    finish();
}
END_TEST

START_TEST(a_file_that_grew_is_read_as_far_as_it_was_hashed)
{
    start();
    job.size = 4;
    run("only this");
    ck_assert_str_eq(seen.folded, "only");
    finish();
}
END_TEST

START_TEST(a_reader_that_gives_up_leaves_the_document_unreadable)
{
    start();
    seen.read_result = -EILSEQ;
    seen.append = "half of it";
    struct reply *result = run("some text");
    ck_assert_str_eq(result->unusable, "unreadable");
    ck_assert_ptr_nonnull(strstr(result->unusable_reason, "reader 'text': read() gave up"));
    ck_assert_uint_eq(result->failure_count, 1);
    ck_assert_uint_eq(result->text_len, 0);
    ck_assert_int_eq(seen.moods, 0);
    finish();
}
END_TEST

START_TEST(a_classifier_that_gives_up_has_said_nothing)
{
    start();
    seen.mood_result = -EIO;
    struct reply *result = run("some text");
    ck_assert_uint_eq(result->label_count, 0);
    ck_assert_uint_eq(result->span_count, 0);
    ck_assert_uint_eq(result->failure_count, 1);
    ck_assert_uint_eq(result->failures[0].plugin, 1);
    ck_assert_str_eq(result->failures[0].what, "classify() gave up: Input/output error");
    ck_assert_int_eq(seen.tones, 1);
    ck_assert_uint_eq(seen.labels_seen, 0);
    finish();
}
END_TEST

START_TEST(a_text_of_the_readers_own_is_what_offsets_count_in)
{
    start();
    seen.append = "made";
    seen.block_end = 9; /* of the decoded input, before the reader appended */
    struct reply *result = run("some text");
    ck_assert_str_eq(seen.folded, "made");
    ck_assert_uint_eq(result->text_len, 4);
    ck_assert_uint_eq(seen.blocks_seen, 0);
    ck_assert_uint_eq(result->failure_count, 1);
    ck_assert_ptr_nonnull(strstr(result->failures[0].what, "not in the text that the reader made"));
    seen.block_end = 4;
    result = run("some text");
    ck_assert_uint_eq(seen.blocks_seen, 1);
    ck_assert_uint_eq(result->block_count, 1);
    ck_assert_uint_eq(result->failure_count, 0);
    finish();
}
END_TEST

START_TEST(a_plugin_may_call_a_document_unusable)
{
    start();
    seen.unusable = "login-wall";
    struct reply *result = run("please log in");
    ck_assert_str_eq(result->unusable, "login-wall");
    ck_assert_str_eq(result->unusable_reason, "text");
    seen.unusable = "not a verdict's form";
    ck_assert_str_eq(run("please log in")->unusable, "");
    finish();
}
END_TEST

START_TEST(the_warm_up_reaches_every_plugin)
{
    const char *const sources[] = {"other", NULL};

    start();
    made[1].settings.when.sources = sources;
    made[1].settings.when.source_count = 1;
    ck_assert_int_eq(stages_warm_up(&stages), 0);
    ck_assert_int_eq(seen.reads, 2);
    ck_assert_int_eq(seen.moods, 2);
    ck_assert_int_eq(seen.tones, 2);
    run("text");
    ck_assert_int_eq(seen.moods, 2); /* the filter holds again */
    finish();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_document_goes_through_all_stages,
        one_document_leaves_nothing_for_the_next,
        filters_hold_plugins_back,
        a_binary_has_no_reader,
        what_the_deliverer_says_is_believed_when_it_helps,
        an_empty_document_is_unusable,
        damage_is_counted,
        damage_before_it_came,
        gb18030_is_decoded,
        a_page_s_own_claim_tips_the_balance_only,
        a_long_text_is_cut_and_said_so,
        a_file_that_was_cut_is_told,
        a_file_that_grew_is_read_as_far_as_it_was_hashed,
        a_reader_that_gives_up_leaves_the_document_unreadable,
        a_classifier_that_gives_up_has_said_nothing,
        a_text_of_the_readers_own_is_what_offsets_count_in,
        a_plugin_may_call_a_document_unusable,
        the_warm_up_reaches_every_plugin,
    };

    return SUITE_RUN("worker/stages", tests);
}
