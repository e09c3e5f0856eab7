/* route/record: what plugins said about a document.
 *
 * Called by record_write. Labels come in the order in which the worker gave them; whatever one says
 * carries who said it, as plugin@version#digest, so that a result can be told from that of another
 * version later.
 */
#include <string.h>

#include "route/findings.h"
#include "route/record.h"
#include "route/record_part.h"

#define DIGEST_DIGITS 12

void record_put_known(struct json *json, const char *key, const char *text)
{
    if (text != NULL && text[0] != '\0')
        json_put_text(json, key, text);
}

void record_put_hex(struct json *json, const char *key, const void *data, size_t len)
{
    struct strbuf hex = STRBUF_INIT;
    char *to = strbuf_reserve(&hex, 2 * len + 1);

    if (to != NULL) {
        hex_encode(data, len, to);
        strbuf_added(&hex, 2 * len);
    }
    if (hex.failed)
        json->out->failed = true;
    json_put_text(json, key, strbuf_text(&hex));
    strbuf_release(&hex);
}

void record_name_plugin(const struct manifest_plugin *plugin, struct strbuf *out_text)
{
    char hex[DIGEST_HEX_SIZE];

    digest_hex(&plugin->digest, hex);
    strbuf_puts(out_text, plugin->name);
    strbuf_putc(out_text, '@');
    strbuf_puts(out_text, plugin->version);
    strbuf_putc(out_text, '#');
    strbuf_append(out_text, hex, DIGEST_DIGITS);
}

static void put_by_as(struct json *json, const char *key, const struct subject *subject,
                      uint32_t index)
{
    struct strbuf by = STRBUF_INIT;

    if (index == REPLY_CORE || index >= subject->manifest->plugin_count) {
        json_put_text(json, key, "taxond");
        return;
    }
    record_name_plugin(&subject->manifest->plugins[index], &by);
    if (by.failed)
        json->out->failed = true;
    json_put_text(json, key, strbuf_text(&by));
    strbuf_release(&by);
}

static void put_by(struct json *json, const struct subject *subject, uint32_t index)
{
    put_by_as(json, "by", subject, index);
}

void record_put_names(struct json *json, const struct manifest_label *label)
{
    if (label == NULL || (label->name_zh[0] == '\0' && label->name_en[0] == '\0'))
        return;
    json_object_begin(json, "names");
    record_put_known(json, "zh", label->name_zh);
    record_put_known(json, "en", label->name_en);
    json_object_end(json);
}

static bool is_same_vocabulary(const struct manifest_label *label, size_t a, size_t b)
{
    return strcmp(label->codes[a].vocabulary, label->codes[b].vocabulary) == 0;
}

void record_put_crosswalk(struct json *json, const struct manifest_label *label)
{
    if (label == NULL || label->code_count == 0)
        return;
    json_object_begin(json, "crosswalk");
    for (size_t i = 0; i < label->code_count; i++) {
        bool seen = false;
        for (size_t k = 0; k < i && !seen; k++)
            seen = is_same_vocabulary(label, i, k);
        if (seen)
            continue;
        json_array_begin(json, label->codes[i].vocabulary);
        for (size_t k = i; k < label->code_count; k++)
            if (is_same_vocabulary(label, i, k))
                json_put_text(json, NULL, label->codes[k].code);
        json_array_end(json);
    }
    json_object_end(json);
}

static void put_evidence(struct json *json, const struct reply_label *label)
{
    if (label->evidence_count == 0)
        return;
    json_array_begin(json, "evidence");
    for (size_t i = 0; i < label->evidence_count; i++) {
        const struct reply_evidence *evidence = &label->evidence[i];
        json_object_begin(json, NULL);
        json_put_int(json, "begin", (int64_t)evidence->begin);
        json_put_int(json, "end", (int64_t)evidence->end);
        json_put_real(json, "weight", evidence->weight);
        record_put_known(json, "reason", evidence->reason);
        record_put_known(json, "quote", evidence->quote);
        json_object_end(json);
    }
    json_array_end(json);
}

static void put_label(struct json *json, const struct subject *subject,
                      const struct reply_label *label)
{
    const struct manifest_label *declared =
        manifest_find(subject->manifest, label->scheme, label->id, NULL);

    json_object_begin(json, NULL);
    json_put_text(json, "scheme", label->scheme);
    json_put_text(json, "id", label->id);
    record_put_names(json, declared);
    json_put_real(json, "score", label->score);
    json_put_real(json, "threshold", label->threshold);
    record_put_crosswalk(json, declared);
    put_by(json, subject, label->plugin);
    put_evidence(json, label);
    json_object_end(json);
}

/* Always there, even empty: that nothing holds is an answer. */
static void put_labels(struct json *json, const struct subject *subject)
{
    const struct reply *reply = subject->reply;

    json_array_begin(json, "labels");
    for (size_t i = 0; i < reply->label_count; i++) {
        if (reply->labels[i].holds)
            put_label(json, subject, &reply->labels[i]);
    }
    json_array_end(json);
}

static void put_near(struct json *json, const struct subject *subject)
{
    const struct reply *reply = subject->reply;
    bool begun = false;

    for (size_t i = 0; i < reply->label_count; i++) {
        if (!findings_is_near_miss(&reply->labels[i]))
            continue;
        if (!begun)
            json_array_begin(json, "near");
        begun = true;
        put_label(json, subject, &reply->labels[i]);
    }
    if (begun)
        json_array_end(json);
}

static void put_spans(struct json *json, const struct subject *subject)
{
    const struct reply *reply = subject->reply;

    if (reply->span_count == 0)
        return;
    json_array_begin(json, "spans");
    for (size_t i = 0; i < reply->span_count; i++) {
        const struct reply_span *span = &reply->spans[i];
        json_object_begin(json, NULL);
        json_put_text(json, "scheme", span->scheme);
        json_put_text(json, "id", span->id);
        json_put_int(json, "begin", (int64_t)span->begin);
        json_put_int(json, "end", (int64_t)span->end);
        json_put_real(json, "score", span->score);
        record_put_known(json, "reason", span->reason);
        put_by(json, subject, span->plugin);
        json_object_end(json);
    }
    json_array_end(json);
}

static void put_facts(struct json *json, const struct subject *subject)
{
    const struct reply *reply = subject->reply;

    if (reply->fact_count == 0)
        return;
    json_array_begin(json, "facts");
    for (size_t i = 0; i < reply->fact_count; i++) {
        const struct reply_fact *fact = &reply->facts[i];
        json_object_begin(json, NULL);
        json_put_text(json, "name", fact->name);
        json_put_text(json, "value", fact->value);
        if (fact->has_place) {
            json_put_int(json, "begin", (int64_t)fact->begin);
            json_put_int(json, "end", (int64_t)fact->end);
        }
        json_put_real(json, "score", fact->score);
        record_put_known(json, "reason", fact->reason);
        put_by(json, subject, fact->plugin);
        json_object_end(json);
    }
    json_array_end(json);
}

static void put_limits(struct json *json, const struct reply *reply)
{
    if (reply->limit_count == 0)
        return;
    json_array_begin(json, "limits");
    for (size_t i = 0; i < reply->limit_count; i++)
        json_put_text(json, NULL, reply->limits[i]);
    json_array_end(json);
}

static void put_failures(struct json *json, const struct subject *subject)
{
    const struct reply *reply = subject->reply;

    if (reply->failure_count == 0)
        return;
    json_array_begin(json, "failures");
    for (size_t i = 0; i < reply->failure_count; i++) {
        json_object_begin(json, NULL);
        put_by(json, subject, reply->failures[i].plugin);
        json_put_text(json, "what", reply->failures[i].what);
        json_object_end(json);
    }
    json_array_end(json);
}

static void put_signatures(struct json *json, const struct subject *subject)
{
    const struct reply *reply = subject->reply;

    if (reply->signature_count == 0)
        return;
    json_array_begin(json, "signatures");
    for (size_t i = 0; i < reply->signature_count; i++) {
        const struct reply_signature *signature = &reply->signatures[i];
        json_object_begin(json, NULL);
        json_put_text(json, "name", signature->name);
        put_by(json, subject, signature->plugin);
        record_put_hex(json, "data", signature->data, signature->data_len);
        json_object_end(json);
    }
    json_array_end(json);
}

/* For each scheme its best label, `none` or `unsure`. */
static void put_answers(struct json *json, const struct subject *subject)
{
    const struct manifest *manifest = subject->manifest;

    json_object_begin(json, "answers");
    for (size_t i = 0; i < manifest->plugin_count; i++) {
        for (size_t k = 0; k < manifest->plugins[i].scheme_count; k++) {
            const char *scheme = manifest->plugins[i].schemes[k];
            if (findings_is_answer(scheme))
                json_put_text(json, scheme, findings_answer(subject, scheme));
        }
    }
    json_object_end(json);
}

/* Who would have spoken, and was not asked: that its schemes are empty says nothing. */
static void put_off(struct json *json, const struct subject *subject)
{
    const struct manifest *manifest = subject->manifest;
    bool begun = false;

    for (size_t i = 0; i < manifest->plugin_count; i++) {
        if (!manifest->plugins[i].off)
            continue;
        if (!begun)
            json_array_begin(json, "switched_off");
        begun = true;
        put_by_as(json, NULL, subject, (uint32_t)i);
    }
    if (begun)
        json_array_end(json);
}

void record_put_results(struct json *json, const struct subject *subject)
{
    put_answers(json, subject);
    put_off(json, subject);
    put_labels(json, subject);
    put_near(json, subject);
    put_spans(json, subject);
    put_facts(json, subject);
    json_put_int(json, "text_bytes", (int64_t)subject->reply->text_len);
    json_put_int(json, "blocks", (int64_t)subject->reply->block_count);
    put_limits(json, subject->reply);
    put_failures(json, subject);
    put_signatures(json, subject);
}

/* Stage names are the worker's words: one that comes twice is one member, its times added up. */
void record_put_timings(struct json *json, const struct reply *reply)
{
    if (reply->timing_count == 0)
        return;
    json_object_begin(json, "timings_us");
    for (size_t i = 0; i < reply->timing_count; i++) {
        const char *stage = reply->timings[i].stage;
        int64_t us = reply->timings[i].us;
        bool seen = false;
        for (size_t k = 0; k < i && !seen; k++)
            seen = strcmp(reply->timings[k].stage, stage) == 0;
        if (seen)
            continue;
        for (size_t k = i + 1; k < reply->timing_count; k++)
            us += strcmp(reply->timings[k].stage, stage) == 0 ? reply->timings[k].us : 0;
        json_put_int(json, stage, us);
    }
    json_object_end(json);
}
