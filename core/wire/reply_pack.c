/* wire/reply_pack: a reply on its way out of the worker.
 *
 * Called by the worker once for each document. It sees to the form of texts that documents and
 * plugins made, so that a tab in a log line costs nobody a document; it does not judge the rest.
 */
#include <assert.h>

#include "wire/form.h"
#include "wire/pack.h"
#include "wire/reply.h"
#include "wire/reply_section.h"
#include "wire/reply_vectors.h"

/* Writes `value` over the 4 bytes at `at`, which held the place of a length. */
static void set_u32(struct strbuf *out, size_t at, size_t value)
{
    if (value > UINT32_MAX)
        out->failed = true;
    for (size_t i = 0; !out->failed && i < 4; i++)
        out->data[at + i] = (char)(unsigned char)(value >> (8 * i));
}

static size_t length_begin(struct strbuf *out)
{
    size_t at = out->len;

    pack_u32(out, 0);
    return at;
}

static void length_end(struct strbuf *out, size_t at)
{
    set_u32(out, at, out->failed ? 0 : out->len - at - 4);
}

static size_t section_begin(struct strbuf *out, enum reply_section type)
{
    pack_u16(out, (uint16_t)type);
    pack_u16(out, 0);
    return length_begin(out);
}

static size_t list_begin(struct strbuf *out, enum reply_section type, size_t count)
{
    size_t at = section_begin(out, type);

    assert(count <= UINT32_MAX);
    pack_u32(out, (uint32_t)count);
    return at;
}

static void pack_line(struct strbuf *out, const char *text, size_t max)
{
    size_t at = length_begin(out);

    form_put_line(out, text, max);
    length_end(out, at);
}

static void pack_token(struct strbuf *out, const char *text)
{
    pack_bytes(out, text, form_token_prefix(text));
}

static void pack_document(struct strbuf *out, const struct reply *reply)
{
    size_t at = section_begin(out, REPLY_SECTION_DOCUMENT);

    pack_digest(out, &reply->text_digest);
    pack_u64(out, reply->text_len);
    pack_token(out, reply->charset);
    pack_real(out, reply->charset_score);
    pack_token(out, reply->charset_declared);
    pack_u64(out, reply->illegal);
    pack_token(out, reply->media_type);
    pack_token(out, reply->language);
    pack_token(out, reply->script);
    pack_real(out, reply->language_share);
    pack_u64(out, reply->glosses);
    pack_u64(out, reply->block_count);
    pack_text(out, reply->reader);
    pack_text(out, reply->unusable);
    pack_line(out, reply->unusable_reason, REPLY_REASON_MAX);
    length_end(out, at);
}

static void pack_damage(struct strbuf *out, const struct reply_damage *damage)
{
    size_t at = section_begin(out, REPLY_SECTION_DAMAGE);

    pack_u64(out, damage->lost);
    pack_u64(out, damage->entities);
    pack_u64(out, damage->controls);
    pack_u8(out, damage->truncated);
    pack_u64(out, damage->mojibake);
    pack_u64(out, damage->mojibake_lost);
    pack_real(out, damage->mojibake_gain);
    pack_token(out, damage->mojibake_charset == NULL ? "" : damage->mojibake_charset);
    pack_token(out, damage->mojibake_read_as == NULL ? "" : damage->mojibake_read_as);
    pack_u8(out, damage->mojibake_mended);
    length_end(out, at);
}

static void pack_rivals(struct strbuf *out, const struct reply *reply)
{
    size_t at = list_begin(out, REPLY_SECTION_RIVALS, reply->rival_count);

    for (size_t i = 0; i < reply->rival_count; i++) {
        pack_token(out, reply->rivals[i].charset);
        pack_real(out, reply->rivals[i].score);
    }
    length_end(out, at);
}

static void pack_limits(struct strbuf *out, const struct reply *reply)
{
    size_t at = list_begin(out, REPLY_SECTION_LIMITS, reply->limit_count);

    for (size_t i = 0; i < reply->limit_count; i++)
        pack_text(out, reply->limits[i]);
    length_end(out, at);
}

static void pack_evidence(struct strbuf *out, const struct reply_evidence *evidence)
{
    pack_u64(out, evidence->begin);
    pack_u64(out, evidence->end);
    pack_real(out, evidence->weight);
    pack_line(out, evidence->reason, REPLY_REASON_MAX);
    pack_line(out, evidence->quote, REPLY_QUOTE_MAX);
}

/* Threshold and `holds` stay behind: the other side has them from the manifest. */
static void pack_labels(struct strbuf *out, const struct reply *reply)
{
    size_t at = list_begin(out, REPLY_SECTION_LABELS, reply->label_count);

    for (size_t i = 0; i < reply->label_count; i++) {
        const struct reply_label *label = &reply->labels[i];
        pack_u32(out, label->plugin);
        pack_text(out, label->scheme);
        pack_text(out, label->id);
        pack_real(out, label->score);
        pack_u32(out, (uint32_t)label->evidence_count);
        for (size_t j = 0; j < label->evidence_count; j++)
            pack_evidence(out, &label->evidence[j]);
    }
    length_end(out, at);
}

static void pack_spans(struct strbuf *out, const struct reply *reply)
{
    size_t at = list_begin(out, REPLY_SECTION_SPANS, reply->span_count);

    for (size_t i = 0; i < reply->span_count; i++) {
        const struct reply_span *span = &reply->spans[i];
        pack_u32(out, span->plugin);
        pack_text(out, span->scheme);
        pack_text(out, span->id);
        pack_u64(out, span->begin);
        pack_u64(out, span->end);
        pack_real(out, span->score);
        pack_line(out, span->reason, REPLY_REASON_MAX);
    }
    length_end(out, at);
}

static void pack_facts(struct strbuf *out, const struct reply *reply)
{
    size_t at = list_begin(out, REPLY_SECTION_FACTS, reply->fact_count);

    for (size_t i = 0; i < reply->fact_count; i++) {
        const struct reply_fact *fact = &reply->facts[i];
        pack_u32(out, fact->plugin);
        pack_text(out, fact->name);
        pack_line(out, fact->value, REPLY_VALUE_MAX);
        pack_u8(out, fact->has_place ? 1 : 0);
        pack_u64(out, fact->has_place ? fact->begin : 0);
        pack_u64(out, fact->has_place ? fact->end : 0);
        pack_real(out, fact->score);
        pack_line(out, fact->reason, REPLY_REASON_MAX);
    }
    length_end(out, at);
}

static void pack_signatures(struct strbuf *out, const struct reply *reply)
{
    size_t at = list_begin(out, REPLY_SECTION_SIGNATURES, reply->signature_count);

    for (size_t i = 0; i < reply->signature_count; i++) {
        const struct reply_signature *signature = &reply->signatures[i];
        pack_u32(out, signature->plugin);
        pack_text(out, signature->name);
        pack_bytes(out, signature->data, signature->data_len);
    }
    length_end(out, at);
}

static void pack_failures(struct strbuf *out, const struct reply *reply)
{
    size_t at = list_begin(out, REPLY_SECTION_FAILURES, reply->failure_count);

    for (size_t i = 0; i < reply->failure_count; i++) {
        pack_u32(out, reply->failures[i].plugin);
        pack_line(out, reply->failures[i].what, REPLY_LINE_MAX);
    }
    length_end(out, at);
}

static void pack_timings(struct strbuf *out, const struct reply *reply)
{
    size_t at = list_begin(out, REPLY_SECTION_TIMINGS, reply->timing_count);

    for (size_t i = 0; i < reply->timing_count; i++) {
        pack_line(out, reply->timings[i].stage, REPLY_STAGE_MAX);
        pack_u32(out, reply->timings[i].us);
    }
    length_end(out, at);
}

static void pack_logs(struct strbuf *out, const struct reply *reply)
{
    size_t at = list_begin(out, REPLY_SECTION_LOGS, reply->log_count);

    for (size_t i = 0; i < reply->log_count; i++) {
        pack_u32(out, reply->logs[i].plugin);
        pack_u32(out, reply->logs[i].level);
        pack_line(out, reply->logs[i].line, REPLY_LINE_MAX);
    }
    length_end(out, at);
}

static void pack_whole_text(struct strbuf *out, const struct reply *reply)
{
    size_t at;

    if (reply->text == NULL)
        return;
    at = section_begin(out, REPLY_SECTION_TEXT);
    pack_bytes(out, reply->text, (size_t)reply->text_len);
    length_end(out, at);
}

static void pack_vectors(struct strbuf *out, const struct reply *reply)
{
    size_t at;

    if (reply->vector_count == 0)
        return;
    at = section_begin(out, REPLY_SECTION_VECTORS);
    reply_vectors_pack(out, reply);
    length_end(out, at);
}

static void pack_blocks(struct strbuf *out, const struct reply *reply)
{
    size_t at;

    if (reply->text == NULL)
        return;
    at = list_begin(out, REPLY_SECTION_BLOCKS, reply->shown_block_count);
    for (size_t i = 0; i < reply->shown_block_count; i++) {
        pack_u32(out, reply->blocks[i].kind);
        pack_u32(out, reply->blocks[i].level);
        pack_u64(out, reply->blocks[i].begin);
        pack_u64(out, reply->blocks[i].end);
    }
    length_end(out, at);
}

static void pack_members(struct strbuf *out, const struct reply *reply)
{
    size_t at;

    if (!reply->is_container)
        return;
    at = list_begin(out, REPLY_SECTION_MEMBERS, reply->member_count);
    for (size_t i = 0; i < reply->member_count; i++) {
        const struct reply_member *member = &reply->members[i];
        pack_u64(out, member->index);
        pack_u64(out, member->begin);
        pack_u64(out, member->len);
        pack_text(out, member->name);
        pack_line(out, member->url, JOB_MEMBER_FIELD_MAX);
        pack_line(out, member->date, JOB_MEMBER_DATE_MAX);
        pack_token(out, member->charset);
        pack_token(out, member->media_type);
    }
    pack_u8(out, reply->has_more ? 1 : 0);
    pack_u64(out, reply->next_member);
    pack_u64(out, reply->next_offset);
    length_end(out, at);
}

void reply_pack(struct strbuf *out, const struct reply *reply)
{
    pack_document(out, reply);
    pack_damage(out, &reply->damage);
    pack_rivals(out, reply);
    pack_limits(out, reply);
    pack_labels(out, reply);
    pack_spans(out, reply);
    pack_facts(out, reply);
    pack_signatures(out, reply);
    pack_failures(out, reply);
    pack_timings(out, reply);
    pack_logs(out, reply);
    pack_whole_text(out, reply);
    pack_vectors(out, reply);
    pack_blocks(out, reply);
    pack_members(out, reply);
}
