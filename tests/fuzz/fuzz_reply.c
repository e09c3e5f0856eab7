/* Fuzzes reply_unpack against the sample manifest. What is accepted keeps the promises of
 * wire/reply.h, and packed again is accepted again, with the same bytes.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "sample.h"
#include "wire/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_labels(const struct manifest *manifest, const struct reply *reply)
{
    assert(reply->label_count <= sample_limits.labels);
    for (size_t i = 0; i < reply->label_count; i++) {
        const struct reply_label *label = &reply->labels[i];
        size_t plugin;
        const struct manifest_label *declared =
            manifest_find(manifest, label->scheme, label->id, &plugin);
        assert(declared != NULL && plugin == label->plugin);
        assert(label->threshold == declared->threshold);
        assert(label->holds == (label->score >= label->threshold));
        assert(form_is_share(label->score));
        assert(label->evidence_count <= REPLY_EVIDENCE_MAX);
        for (size_t j = 0; j < label->evidence_count; j++) {
            const struct reply_evidence *evidence = &label->evidence[j];
            assert(evidence->begin <= evidence->end && evidence->end <= reply->text_len);
            assert(isfinite(evidence->weight));
            assert(form_is_line(evidence->quote, REPLY_QUOTE_MAX));
            assert(form_is_line(evidence->reason, REPLY_REASON_MAX));
        }
    }
}

static void check_spans_and_facts(const struct manifest *manifest, const struct reply *reply)
{
    assert(reply->span_count <= sample_limits.spans);
    for (size_t i = 0; i < reply->span_count; i++) {
        const struct reply_span *span = &reply->spans[i];
        size_t plugin;
        assert(manifest_find(manifest, span->scheme, span->id, &plugin) != NULL);
        assert(plugin == span->plugin);
        assert(span->begin <= span->end && span->end <= reply->text_len);
        assert(form_is_share(span->score) && form_is_line(span->reason, REPLY_REASON_MAX));
    }
    assert(reply->fact_count <= sample_limits.facts);
    for (size_t i = 0; i < reply->fact_count; i++) {
        const struct reply_fact *fact = &reply->facts[i];
        assert(fact->plugin == REPLY_CORE || fact->plugin < manifest->plugin_count);
        assert(fact->begin <= fact->end && fact->end <= reply->text_len);
        assert(form_is_name(fact->name) && form_is_line(fact->value, REPLY_VALUE_MAX));
        assert(form_is_line(fact->reason, REPLY_REASON_MAX));
    }
}

static void check_vectors(const struct reply *reply)
{
    size_t features = 0;

    assert(reply->vector_count <= REPLY_VECTOR_MAX);
    for (size_t i = 0; i < reply->vector_count; i++) {
        const struct reply_vector *vector = &reply->vectors[i];
        assert(vector->begin <= vector->end && vector->end <= reply->text_len);
        assert(form_is_name(vector->scheme) && form_is_name(vector->space));
        features += vector->count;
        for (size_t k = 0; k < vector->count; k++)
            assert(isfinite(vector->values[k]));
    }
    assert(features <= REPLY_FEATURE_MAX);
}

static void check_again(struct arena *arena, const struct manifest *manifest,
                        const struct reply *reply)
{
    struct settings_limits limits = sample_limits;
    struct strbuf once = STRBUF_INIT;
    struct strbuf twice = STRBUF_INIT;
    struct reply *again = NULL;
    const char *why = NULL;

    limits.reply_bytes = UINT32_MAX;
    reply_pack(&once, reply);
    int result = reply_unpack(arena, once.data, once.len, manifest, &limits, &again, &why);
    assert(result == 0);
    reply_pack(&twice, again);
    assert(once.len == twice.len && memcmp(once.data, twice.data, once.len) == 0);
    strbuf_release(&once);
    strbuf_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct reply *reply = NULL;
    const char *why = NULL;

    arena_init(&arena, 0);
    struct manifest *manifest = sample_manifest(&arena);
    int result = reply_unpack(&arena, data, size, manifest, &sample_limits, &reply, &why);
    assert((result == 0) == (reply != NULL));
    assert((result == 0) == (why == NULL));
    if (result == 0) {
        check_labels(manifest, reply);
        check_spans_and_facts(manifest, reply);
        check_vectors(reply);
        check_again(&arena, manifest, reply);
    }
    arena_release(&arena);
    return 0;
}
