/* wire/reply_unpack: what is believed of a worker's reply.
 *
 * Called by the pool for each document. A plugin may have taken the worker over, so every count is
 * bounded before memory is taken, every number has its range, every offset lies in the text, every
 * string its shape, and a label counts only for the plugin that declared it. One thing wrong and
 * the whole reply is refused: half a hostile answer is not worth keeping.
 *
 * Each list is one section, read by one function of the table; what an element is on the wire
 * stands in reply_pack.c.
 */
#include <math.h>
#include <string.h>

#include <taxon/host.h>
#include <taxon/plugin.h>

#include "base/utf8.h"
#include "wire/form.h"
#include "wire/manifest_order.h"
#include "wire/reply.h"
#include "wire/reply_asked.h"
#include "wire/reply_reading.h"
#include "wire/reply_section.h"
#include "wire/reply_vectors.h"

/* The least bytes of an element on the wire: see unpack_count. */
#define RIVAL_LEAST     (4 + 8)
#define LIMIT_LEAST     4
#define LABEL_LEAST     (4 + 4 + 4 + 8 + 4)
#define EVIDENCE_LEAST  (8 + 8 + 8 + 4 + 4)
#define SPAN_LEAST      (4 + 4 + 4 + 8 + 8 + 8 + 4)
#define FACT_LEAST      (4 + 4 + 4 + 1 + 8 + 8 + 8 + 4)
#define SIGNATURE_LEAST (4 + 4 + 4)
#define FAILURE_LEAST   (4 + 4)
#define TIMING_LEAST    (4 + 4)
#define LOG_LEAST       (4 + 4 + 4)

static const char *reader_in(struct reading *reading)
{
    const char *name = unpack_text_max(&reading->in, FORM_NAME_MAX);

    if (name[0] == '\0')
        return name;
    for (size_t i = 0; i < reading->manifest->plugin_count; i++) {
        const struct manifest_plugin *plugin = &reading->manifest->plugins[i];
        if (plugin->kind == TAXON_KIND_READER && strcmp(plugin->name, name) == 0)
            return plugin->name;
    }
    reading_expect(reading, false, "the reader is none of the manifest's");
    return "";
}

static const char *unusable_in(struct reading *reading)
{
    const char *unusable = unpack_text_max(&reading->in, FORM_ID_MAX);

    reading_expect(reading, unusable[0] == '\0' || form_is_id(unusable), "a malformed verdict");
    return unusable;
}

static void document_in(struct reading *reading)
{
    struct reply *reply = reading->reply;

    unpack_digest(&reading->in, &reply->text_digest);
    reply->text_len = unpack_u64(&reading->in);
    reading_expect(reading, reply->text_len <= reading->limits->text_bytes,
                   "the text is longer than limits.text");
    reply->charset = reading_token(reading, "a malformed charset");
    reply->charset_score = reading_share(reading, "the charset's score is not in 0..1");
    reply->charset_declared = reading_token(reading, "a malformed declared charset");
    reply->illegal = unpack_u64(&reading->in); /* each stands in the decoded text, cut to that */
    reading_expect(reading, reply->illegal <= reading->limits->text_bytes,
                   "more illegal sequences than a text has room for");
    reply->media_type = reading_token(reading, "a malformed media type");
    reply->language = reading_token(reading, "a malformed language");
    reply->script = reading_token(reading, "a malformed script");
    reply->language_share = reading_share(reading, "the language's share is not in 0..1");
    reply->glosses = unpack_u64(&reading->in);
    reading_expect(reading, reply->glosses <= reply->text_len, "more glosses than text");
    reply->block_count = unpack_u64(&reading->in);
    reading_expect(reading, reply->block_count <= reading->limits->blocks,
                   "more blocks than limits.blocks");
    reply->reader = reader_in(reading);
    reply->unusable = unusable_in(reading);
    reply->unusable_reason = reading_line(reading, REPLY_REASON_MAX, "a malformed reason");
}

static uint64_t characters_in(struct reading *reading)
{
    uint64_t count = unpack_u64(&reading->in);

    reading_expect(reading, count <= reading->limits->text_bytes, "more damage than text");
    return count;
}

static void damage_in(struct reading *reading)
{
    struct reply_damage *damage = &reading->reply->damage;

    damage->lost = characters_in(reading);
    damage->entities = characters_in(reading);
    damage->controls = characters_in(reading);
    damage->truncated = unpack_u8(&reading->in) != 0;
    damage->mojibake = characters_in(reading);
    damage->mojibake_lost = characters_in(reading);
    damage->mojibake_gain = unpack_real(&reading->in);
    reading_expect(reading, damage->mojibake_gain >= -1 && damage->mojibake_gain <= 1,
                   "a gain is not in -1..1");
    damage->mojibake_charset = reading_token(reading, "a malformed charset");
    damage->mojibake_read_as = reading_token(reading, "a malformed charset");
    damage->mojibake_mended = unpack_u8(&reading->in) != 0;
}

static void rivals_in(struct reading *reading)
{
    struct reply *reply = reading->reply;
    void *array = NULL;
    size_t count = reading_list(reading, RIVAL_LEAST, REPLY_RIVAL_MAX, sizeof *reply->rivals,
                                &array, "too many charsets");

    reply->rivals = array;
    for (size_t i = 0; !reading->in.bad && i < count; i++) {
        reply->rivals[i].charset = reading_token(reading, "a malformed charset");
        reply->rivals[i].score = reading_share(reading, "a charset's score is not in 0..1");
    }
    reply->rival_count = count;
}

static void limits_in(struct reading *reading)
{
    struct reply *reply = reading->reply;
    void *array = NULL;
    size_t count = reading_list(reading, LIMIT_LEAST, REPLY_LIMIT_MAX, sizeof *reply->limits,
                                &array, "too many limits");

    reply->limits = array;
    for (size_t i = 0; !reading->in.bad && i < count; i++) {
        reply->limits[i] = reading_token(reading, "a malformed limit");
        reading_expect(reading, reply->limits[i][0] != '\0', "a malformed limit");
    }
    reply->limit_count = count;
}

static void evidence_in(struct reading *reading, struct reply_label *label)
{
    void *array = NULL;
    size_t count = reading_list(reading, EVIDENCE_LEAST, REPLY_EVIDENCE_MAX,
                                sizeof *label->evidence, &array, "too much evidence");

    label->evidence = array;
    for (size_t i = 0; !reading->in.bad && i < count; i++) {
        struct reply_evidence *evidence = &label->evidence[i];
        reading_range(reading, &evidence->begin, &evidence->end, "evidence lies outside the text");
        evidence->weight = unpack_real(&reading->in);
        reading_expect(reading, isfinite(evidence->weight), "a weight is not finite");
        evidence->reason = reading_line(reading, REPLY_REASON_MAX, "a malformed reason");
        evidence->quote = reading_line(reading, REPLY_QUOTE_MAX, "a malformed quote");
    }
    label->evidence_count = count;
}

/* The label that the next two strings name, declared by that plugin; NULL when there is none. The
 * strings are looked up where they lie: what is kept is the manifest's copy. */
static const struct manifest_label *declared_in(struct reading *reading, uint32_t plugin)
{
    char scheme[FORM_NAME_MAX + 1] = "";
    char id[FORM_ID_MAX + 1] = "";
    size_t scheme_len;
    size_t id_len;
    const void *scheme_bytes = unpack_bytes(&reading->in, &scheme_len);
    const void *id_bytes = unpack_bytes(&reading->in, &id_len);

    reading_expect(reading, scheme_len < sizeof scheme && id_len < sizeof id, "a malformed label");
    if (reading->in.bad)
        return NULL;
    memcpy(scheme, scheme_bytes, scheme_len);
    memcpy(id, id_bytes, id_len);
    reading_expect(reading, strlen(scheme) == scheme_len && strlen(id) == id_len,
                   "a malformed label");
    if (reading->in.bad)
        return NULL;
    const struct manifest_label *label =
        manifest_plugin_find(&reading->manifest->plugins[plugin], scheme, id);
    reading_expect(reading, label != NULL, "a label that its plugin did not declare");
    return label;
}

static void labels_in(struct reading *reading)
{
    struct reply *reply = reading->reply;
    void *array = NULL;
    size_t count = reading_list(reading, LABEL_LEAST, reading->limits->labels,
                                sizeof *reply->labels, &array, "more labels than limits.labels");

    reply->labels = array;
    for (size_t i = 0; !reading->in.bad && i < count; i++) {
        struct reply_label *label = &reply->labels[i];
        label->plugin = reading_plugin(reading, "a label's plugin is not in the manifest");
        const struct manifest_label *declared = declared_in(reading, label->plugin);
        label->score = reading_share(reading, "a label's score is not in 0..1");
        evidence_in(reading, label);
        if (declared == NULL)
            return;
        label->scheme = declared->scheme;
        label->id = declared->id;
        label->threshold = declared->threshold;
        label->holds = label->score >= declared->threshold;
    }
    reply->label_count = count;
}

static void spans_in(struct reading *reading)
{
    struct reply *reply = reading->reply;
    void *array = NULL;
    size_t count = reading_list(reading, SPAN_LEAST, reading->limits->spans, sizeof *reply->spans,
                                &array, "more spans than limits.spans");

    reply->spans = array;
    for (size_t i = 0; !reading->in.bad && i < count; i++) {
        struct reply_span *span = &reply->spans[i];
        span->plugin = reading_plugin(reading, "a span's plugin is not in the manifest");
        const struct manifest_label *declared = declared_in(reading, span->plugin);
        reading_range(reading, &span->begin, &span->end, "a span lies outside the text");
        span->score = reading_share(reading, "a span's score is not in 0..1");
        span->reason = reading_line(reading, REPLY_REASON_MAX, "a malformed reason");
        if (declared == NULL)
            return;
        span->scheme = declared->scheme;
        span->id = declared->id;
    }
    reply->span_count = count;
}

static void fact_in(struct reading *reading, struct reply_fact *fact)
{
    fact->plugin = unpack_u32(&reading->in);
    reading_expect(reading,
                   fact->plugin == REPLY_CORE || fact->plugin < reading->manifest->plugin_count,
                   "a fact's plugin is not in the manifest");
    fact->name = reading_name(reading, "a malformed name of a fact");
    fact->value = reading_line(reading, REPLY_VALUE_MAX, "a malformed value of a fact");
    uint8_t has_place = unpack_u8(&reading->in);
    reading_expect(reading, has_place <= 1, "a malformed place of a fact");
    fact->has_place = has_place != 0;
    reading_range(reading, &fact->begin, &fact->end, "a fact lies outside the text");
    reading_expect(reading, fact->has_place || (fact->begin == 0 && fact->end == 0),
                   "a malformed place of a fact");
    fact->score = reading_share(reading, "a fact's score is not in 0..1");
    fact->reason = reading_line(reading, REPLY_REASON_MAX, "a malformed reason");
}

static void facts_in(struct reading *reading)
{
    struct reply *reply = reading->reply;
    void *array = NULL;
    size_t count = reading_list(reading, FACT_LEAST, reading->limits->facts, sizeof *reply->facts,
                                &array, "more facts than limits.facts");

    reply->facts = array;
    for (size_t i = 0; !reading->in.bad && i < count; i++)
        fact_in(reading, &reply->facts[i]);
    reply->fact_count = count;
}

/* Whether it is the text's own nobody here can tell: a plugin may have taken the worker over. */
static void minhash_in(struct reading *reading, const struct reply_signature *signature)
{
    struct minhash *sketch = unpack_array(&reading->in, 1, sizeof *sketch);

    reading_expect(reading, sketch != NULL, "out of memory");
    if (sketch == NULL)
        return;
    reading_expect(reading,
                   strcmp(signature->name, REPLY_MINHASH) == 0 && reading->reply->minhash == NULL &&
                       minhash_unpack(signature->data, signature->data_len, sketch),
                   "a malformed signature of core's");
    reading->reply->minhash = sketch;
}

static void signature_in(struct reading *reading, struct reply_signature *signature)
{
    signature->plugin = unpack_u32(&reading->in);
    reading_expect(reading,
                   signature->plugin < reading->manifest->plugin_count ||
                       signature->plugin == REPLY_CORE,
                   "a signature's plugin is not in the manifest");
    signature->name = reading_name(reading, "a malformed name of a signature");
    const void *data = unpack_bytes(&reading->in, &signature->data_len);
    reading_expect(reading, signature->data_len <= REPLY_SIGNATURE_MAX, "a signature is too long");
    if (reading->in.bad)
        return;
    void *copy = unpack_array(&reading->in, signature->data_len, 1);
    reading_expect(reading, copy != NULL, "out of memory");
    if (copy != NULL)
        signature->data = memcpy(copy, data, signature->data_len);
    if (signature->plugin == REPLY_CORE && copy != NULL)
        minhash_in(reading, signature);
}

static void signatures_in(struct reading *reading)
{
    struct reply *reply = reading->reply;
    void *array = NULL;
    size_t count = reading_list(reading, SIGNATURE_LEAST, REPLY_SIGNATURES,
                                sizeof *reply->signatures, &array, "too many signatures");

    reply->signatures = array;
    for (size_t i = 0; !reading->in.bad && i < count; i++)
        signature_in(reading, &reply->signatures[i]);
    reply->signature_count = count;
}

static void failures_in(struct reading *reading)
{
    struct reply *reply = reading->reply;
    void *array = NULL;
    size_t count = reading_list(reading, FAILURE_LEAST, REPLY_FAILURE_MAX, sizeof *reply->failures,
                                &array, "too many failures");

    reply->failures = array;
    for (size_t i = 0; !reading->in.bad && i < count; i++) {
        reply->failures[i].plugin =
            reading_plugin(reading, "a failed plugin is not in the manifest");
        reply->failures[i].what = reading_line(reading, REPLY_LINE_MAX, "a malformed failure");
    }
    reply->failure_count = count;
}

static void timings_in(struct reading *reading)
{
    struct reply *reply = reading->reply;
    void *array = NULL;
    size_t count = reading_list(reading, TIMING_LEAST, REPLY_TIMING_MAX, sizeof *reply->timings,
                                &array, "too many timings");

    reply->timings = array;
    for (size_t i = 0; !reading->in.bad && i < count; i++) {
        reply->timings[i].stage = reading_line(reading, REPLY_STAGE_MAX, "a malformed stage");
        reply->timings[i].us = unpack_u32(&reading->in);
    }
    reply->timing_count = count;
}

static void logs_in(struct reading *reading)
{
    struct reply *reply = reading->reply;
    void *array = NULL;
    size_t count = reading_list(reading, LOG_LEAST, REPLY_LOG_MAX, sizeof *reply->logs, &array,
                                "too many log lines");

    reply->logs = array;
    for (size_t i = 0; !reading->in.bad && i < count; i++) {
        struct reply_log *log = &reply->logs[i];
        log->plugin = reading_plugin(reading, "a log line's plugin is not in the manifest");
        log->level = unpack_u32(&reading->in);
        reading_expect(reading, log->level <= TAXON_LOG_ERROR, "an unknown log level");
        log->line = reading_line(reading, REPLY_LINE_MAX, "a malformed log line");
    }
    reply->log_count = count;
}

static void (*const section_readers[])(struct reading *) = {
    [REPLY_SECTION_DOCUMENT] = document_in,     [REPLY_SECTION_RIVALS] = rivals_in,
    [REPLY_SECTION_LIMITS] = limits_in,         [REPLY_SECTION_LABELS] = labels_in,
    [REPLY_SECTION_SPANS] = spans_in,           [REPLY_SECTION_FACTS] = facts_in,
    [REPLY_SECTION_SIGNATURES] = signatures_in, [REPLY_SECTION_FAILURES] = failures_in,
    [REPLY_SECTION_TIMINGS] = timings_in,       [REPLY_SECTION_LOGS] = logs_in,
    [REPLY_SECTION_TEXT] = reply_text_in,       [REPLY_SECTION_DAMAGE] = damage_in,
    [REPLY_SECTION_VECTORS] = reply_vectors_in, [REPLY_SECTION_BLOCKS] = reply_blocks_in,
    [REPLY_SECTION_MEMBERS] = reply_members_in,
};

#define SECTION_END (sizeof section_readers / sizeof section_readers[0])

static void section_in(struct reading *reading, uint16_t type, const void *data, size_t len)
{
    if (type >= SECTION_END || section_readers[type] == NULL)
        return; /* of a newer worker */
    unpack_init(&reading->in, data, len, reading->in.arena);
    section_readers[type](reading);
    reading_expect(reading, unpack_done(&reading->in), "a section does not end where it says");
}

/* One section after the other. The document's comes first: the others are checked against it. */
static void sections_in(struct reading *reading, const void *data, size_t len)
{
    struct unpack all;
    uint32_t seen = 0; /* a bit for each known type */

    unpack_init(&all, data, len, reading->in.arena);
    while (reading->why == NULL && (!unpack_done(&all) || seen == 0)) {
        size_t section_len;
        uint16_t type = unpack_u16(&all);
        uint16_t zero = unpack_u16(&all);
        const void *section = unpack_bytes(&all, &section_len);
        reading_expect(reading, !all.bad && zero == 0, "a malformed section");
        reading_expect(reading, (seen == 0) == (type == REPLY_SECTION_DOCUMENT),
                       "the document's section is not the first, or not alone");
        if (reading->why != NULL)
            return;
        if (type < SECTION_END) {
            reading_expect(reading, (seen >> type & 1) == 0, "a section is there twice");
            seen |= UINT32_C(1) << type;
        }
        if (reading->why == NULL)
            section_in(reading, type, section, section_len);
    }
}

int reply_unpack(struct arena *arena, const void *data, size_t len, const struct manifest *manifest,
                 const struct settings_limits *limits, struct reply **out_reply,
                 const char **out_why)
{
    struct reading reading = {.manifest = manifest, .limits = limits};

    unpack_init(&reading.in, data, 0, arena);
    reading.reply = unpack_array(&reading.in, 1, sizeof *reading.reply);
    reading_expect(&reading, len <= limits->reply_bytes, "the reply is longer than limits.reply");
    if (reading.why == NULL)
        sections_in(&reading, data, len);
    if (reading.why != NULL) {
        *out_why = reading.why;
        return unpack_result(&reading.in);
    }
    *out_reply = reading.reply;
    return 0;
}
