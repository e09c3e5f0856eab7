/* worker/stages: one document, from its bytes to what all plugins said about it.
 *
 * Called by worker/worker for each job. How bytes become text is stages_read.c's; this file has the
 * line itself and the classifiers. It does not build the reply: worker/answer does.
 *
 * The stage page names the step before it is taken, so that the supervisor can tell which plugin
 * hung or crashed.
 */
#include "worker/stages.h"

#include <errno.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/clock.h"
#include "base/file.h"
#include "worker/stages_read.h"
#include "worker/stages_sketch.h"

#define KEEP_MOST ((size_t)4 << 20) /* bytes of a buffer kept between documents */

int stages_init(struct stages *stages, const struct settings_limits *limits,
                const struct plugin_set *plugins, struct stage_page *page, struct err *err)
{
    *stages = (struct stages){.limits = limits, .plugins = plugins, .page = page, .socket_fd = -1};
    arena_init(&stages->arena, 0);
    arena_init(&stages->memory, (size_t)limits->arena_bytes);
    results_init(&stages->results, &stages->arena, limits);
    return charset_open(&stages->decoder, err);
}

void stages_release(struct stages *stages)
{
    if (stages->decoder != NULL)
        charset_close(stages->decoder);
    results_release(&stages->results);
    members_release(&stages->members);
    strbuf_release(&stages->raw);
    strbuf_release(&stages->scratch);
    strbuf_release(&stages->mended);
    strbuf_release(&stages->timings);
    arena_release(&stages->arena);
    arena_release(&stages->memory);
}

void stages_enter(struct stages *stages, const char *stage)
{
    uint64_t now_us = clock_monotonic_us();

    if (stages->stage != NULL) {
        uint64_t us = now_us - stages->started_us;
        struct reply_timing timing = {.stage = stages->stage,
                                      .us = us < UINT32_MAX ? (uint32_t)us : UINT32_MAX};
        strbuf_append(&stages->timings, &timing, sizeof timing);
    }
    stages->stage = stage;
    stages->started_us = now_us;
    if (stage != NULL)
        stage_set(stages->page, stages->serial, stage);
}

/* One huge document must not hold its memory for ever. */
static void empty(struct strbuf *buf)
{
    if (buf->size > KEEP_MOST)
        strbuf_release(buf);
    strbuf_clear(buf);
}

/* Forgets the document before. */
static void start(struct stages *stages, uint64_t serial, const struct job *job)
{
    arena_reset(&stages->arena);
    results_clear(&stages->results);
    empty(&stages->results.text);
    empty(&stages->raw);
    empty(&stages->scratch);
    empty(&stages->mended);
    strbuf_clear(&stages->timings);
    stages->stage = NULL;
    stages->job = job;
    stages->serial = serial;
    stages->deadline_us = clock_monotonic_us() + (uint64_t)job->time_ms * 1000;
    members_begin(&stages->members, job, stages->limits, stages->deadline_us);
    stages->charset = (struct charset_result){.name = ""};
    stages->mojibake = (struct charset_mojibake){.charset = NULL};
    stages->damage = (struct damage_counts){0};
    stages->is_truncated = false;
    stages->declared[0] = '\0';
    stages->decoded = stages->text = "";
    stages->decoded_len = stages->text_len = 0;
    stages->media_type = "";
    stages->reader = NULL;
    stages->language = (struct language_result){.language = "und", .script = "Zyyy"};
    stages->folded = (struct folded){.text = ""};
    stages->unusable = stages->unusable_reason = "";
}

/* Of this job nothing was sent yet. So bytes that wait in the socket, or a descriptor that is no
 * socket any more, are the doing of the plugin whose turn it was. What the supervisor has read
 * already, it judged while that plugin's stage was on the page. */
bool stages_socket_is_sound(struct stages *stages)
{
    int unread = 0;

    if (stages->socket_fd >= 0 && (ioctl(stages->socket_fd, SIOCOUTQ, &unread) < 0 || unread != 0))
        stages->meddled = true;
    return !stages->meddled;
}

static void describe_document(const struct stages *stages, struct taxon_document *document)
{
    const struct results *results = &stages->results;

    *document = (struct taxon_document){
        .struct_size = sizeof *document,
        .raw = strbuf_text(&stages->raw),
        .raw_len = stages->raw.len,
        .text = stages->text,
        .text_len = stages->text_len,
        .folded = stages->folded.text,
        .folded_len = stages->folded.len,
        .blocks = ROWS(&results->blocks, struct taxon_block),
        .block_count = ROW_COUNT(&results->blocks, struct taxon_block),
        .block_stride = sizeof(struct taxon_block),
        .charset = stages->charset.name,
        .language = stages->language.language,
        .script = stages->language.script,
        .media_type = stages->media_type,
        .name = stages->job->name,
        .source = stages->job->source,
        .url = stages->job->url,
        .labels = ROWS(&results->seen_labels, struct taxon_label),
        .label_count = ROW_COUNT(&results->seen_labels, struct taxon_label),
        .label_stride = sizeof(struct taxon_label),
        .spans = ROWS(&results->seen_spans, struct taxon_span),
        .span_count = ROW_COUNT(&results->seen_spans, struct taxon_span),
        .span_stride = sizeof(struct taxon_span),
        .facts = ROWS(&results->seen_facts, struct taxon_fact),
        .fact_count = ROW_COUNT(&results->seen_facts, struct taxon_fact),
        .fact_stride = sizeof(struct taxon_fact),
    };
}

static void classify(struct stages *stages, struct plugin *plugin, uint32_t index)
{
    struct taxon_document document;
    struct turn turn = {
        .results = &stages->results,
        .plugin = index,
        .vocabulary = &plugin->vocabulary,
        .text = stages->text,
        .text_len = stages->text_len,
        .folded = &stages->folded,
        .memory = &stages->memory,
        .features = stages->job->features,
        .deadline_us = stages->deadline_us,
    };

    stages_enter(stages, plugin->stage);
    describe_document(stages, &document);
    arena_reset(&stages->memory);
    turn_begin(&turn);
    host_begin_task(&plugin->host, HOST_CLASSIFYING, plugin->instance, &turn);
    int32_t result = plugin->descriptor.classify(plugin->instance, &plugin->host.task, &document);
    host_end_task(&plugin->host);
    if (!stages_socket_is_sound(stages))
        return;
    if (result < 0) {
        struct err failure;
        err_set(&failure, 0, "classify() gave up: %s", stages_reason(result));
        turn_end(&turn, failure.text);
    } else {
        turn_end(&turn, NULL);
    }
}

static void classify_all(struct stages *stages)
{
    const struct plugin_set *set = stages->plugins;

    for (size_t i = set->reader_count; i < set->count && !stages->meddled; i++) {
        struct plugin *plugin = set->plugins[i];

        if (!plugin->off &&
            (stages->all_plugins ||
             plugin_wants(plugin, stages->job->source, stages->media_type, stages->job->name)))
            classify(stages, plugin, (uint32_t)i);
    }
}

/* From bytes in `raw` on. */
static int run(struct stages *stages)
{
    int code = stages_read_text(stages);

    if (stages->meddled)
        return -EPROTO;
    if (code < 0)
        return code;
    stages_enter(stages, "language");
    language_detect(stages->text, stages->text_len, &stages->language);
    stages_enter(stages, "fold");
    code = fold_text(&stages->arena, stages->text, stages->text_len, &stages->folded);
    if (code < 0)
        return code;
    stages_judge_text(stages);
    if (stages->folded.len > 0)
        classify_all(stages);
    if (stages->meddled)
        return -EPROTO;
    if (stages->folded.len > 0) {
        stages_enter(stages, "signature");
        code = stages_sketch(stages);
        if (code < 0)
            return code;
    }
    stages_enter(stages, NULL);
    bool failed = results_failed(&stages->results) || stages->timings.failed;
    return failed ? -ENOMEM : 0;
}

int stages_run(struct stages *stages, uint64_t serial, const struct job *job, int *fd, int spool_fd)
{
    start(stages, serial, job);
    stages->members.spool_fd = job->members == JOB_MEMBERS_TAKE ? spool_fd : -1;
    stages_enter(stages, "read file");
    int code = stages_read_file(stages, *fd);
    file_close(fd);
    if (code < 0)
        return code;
    return run(stages);
}

/* Both scripts, a heading, a list, a gloss and full-width letters: enough for every table to be
 * touched. */
static const char sample_zh[] =
    "市图书馆夏季开放通知\n\n"
    "各位读者：自七月一日起，本馆开(kāi)放时间改為上午九點至晚上九點。\n"
    "一、請攜帶ＩＤ卡；二、保持安静。\n";
static const char sample_en[] = "The library opens at nine.\n\n- Bring a card.\n- Be quiet.\n";

static int warm_up_with(struct stages *stages, const struct plugin *reader, const char *sample)
{
    const struct job job = {
        .size = strlen(sample),
        .time_ms = stages->limits->time_ms,
        .name = "sample.txt",
        .source = "",
        .url = "",
        .charset = "",
        .media_type = reader == NULL ? "" : reader->descriptor.media_types[0],
    };

    start(stages, 0, &job);
    stages->all_plugins = true;
    strbuf_append(&stages->raw, sample, strlen(sample));
    int code = stages->raw.failed ? -ENOMEM : run(stages);
    stages->all_plugins = false;
    return code;
}

int stages_warm_up(struct stages *stages)
{
    const struct plugin_set *set = stages->plugins;
    size_t rounds = set->reader_count > 0 ? set->reader_count : 1;
    int code = 0;

    for (size_t i = 0; i < rounds && code == 0; i++) {
        const struct plugin *reader = i < set->reader_count ? set->plugins[i] : NULL;
        code = warm_up_with(stages, reader, sample_zh);
        if (code == 0)
            code = warm_up_with(stages, reader, sample_en);
    }
    return code;
}
