/* worker/answer: the reply to a job, out of what the stages left.
 *
 * Called by worker/worker after each document. What it sends is checked again by the supervisor,
 * who cannot know what plugins did in this process.
 */
#include "worker/answer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "wire/form.h"

#define UNUSABLE_SCHEME "unusable" /* its labels are verdicts: blocked, login, … */

static int compare_labels(const void *a, const void *b)
{
    const struct reply_label *first = a;
    const struct reply_label *second = b;
    int order = strcmp(first->scheme, second->scheme);

    if (order != 0)
        return order;
    if (first->score > second->score || first->score < second->score)
        return first->score > second->score ? -1 : 1;
    return strcmp(first->id, second->id);
}

static int compare_spans(const void *a, const void *b)
{
    const struct reply_span *first = a;
    const struct reply_span *second = b;

    if (first->begin != second->begin)
        return first->begin < second->begin ? -1 : 1;
    if (first->end != second->end)
        return first->end < second->end ? -1 : 1;
    int order = strcmp(first->scheme, second->scheme);
    return order != 0 ? order : strcmp(first->id, second->id);
}

/* What the document, or whoever sent it, says about its charset. */
static const char *declared_charset(const struct stages *stages)
{
    const struct reply_fact *facts = ROWS(&stages->results.facts, struct reply_fact);

    if (stages->job->charset[0] != '\0')
        return stages->job->charset;
    for (size_t i = 0; i < ROW_COUNT(&stages->results.facts, struct reply_fact); i++)
        if (strcmp(facts[i].name, "charset-declared") == 0)
            return facts[i].value;
    return stages->declared;
}

/* The reason of a verdict that a label gave: what weighed most. */
static const char *reason_of(struct stages *stages, const struct reply_label *label)
{
    struct err reason;
    const struct reply_evidence *first = label->evidence;

    if (label->evidence_count == 0)
        return stages->plugins->plugins[label->plugin]->settings->name;
    err_set(&reason, 0, "\"%s\"%s%s", first->quote, first->reason[0] == '\0' ? "" : ": ",
            first->reason);
    const char *copy = arena_strdup(&stages->arena, reason.text);
    return copy == NULL ? "" : copy;
}

/* The verdict of scheme `unusable`, if one of its labels holds. Labels come by falling score. */
static bool take_verdict(struct stages *stages, struct reply *reply)
{
    for (size_t i = 0; i < reply->label_count; i++) {
        const struct reply_label *label = &reply->labels[i];
        if (label->holds && strcmp(label->scheme, UNUSABLE_SCHEME) == 0) {
            reply->unusable = label->id;
            reply->unusable_reason = reason_of(stages, label);
            return true;
        }
    }
    return false;
}

/* Core's own verdict comes first, then scheme `unusable`; else the surest plugin's fact of that
 * name, for a plugin that declares no scheme. */
static void take_unusable(struct stages *stages, struct reply *reply)
{
    const struct reply_fact *surest = NULL;

    reply->unusable = stages->unusable;
    reply->unusable_reason = stages->unusable_reason;
    if (stages->unusable[0] != '\0' || take_verdict(stages, reply))
        return;
    for (size_t i = 0; i < reply->fact_count; i++) {
        const struct reply_fact *fact = &reply->facts[i];
        if (strcmp(fact->name, "unusable") == 0 && fact->score >= 0.5 && form_is_id(fact->value) &&
            (surest == NULL || fact->score > surest->score))
            surest = fact;
    }
    if (surest == NULL)
        return;
    reply->unusable = surest->value;
    reply->unusable_reason = stages->plugins->plugins[surest->plugin]->settings->name;
}

static int list_rivals(struct stages *stages, struct reply *reply)
{
    const struct charset_result *charset = &stages->charset;

    reply->rival_count = charset->rival_count;
    reply->rivals = arena_alloc(&stages->arena, charset->rival_count * sizeof *reply->rivals);
    if (reply->rivals == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < charset->rival_count; i++)
        reply->rivals[i] = (struct reply_rival){.charset = charset->rivals[i].name,
                                                .score = charset->rivals[i].score};
    return 0;
}

static void take_results(struct stages *stages, struct reply *reply)
{
    struct results *results = &stages->results;

    reply->labels = ROWS(&results->labels, struct reply_label);
    reply->label_count = ROW_COUNT(&results->labels, struct reply_label);
    reply->spans = ROWS(&results->spans, struct reply_span);
    reply->span_count = ROW_COUNT(&results->spans, struct reply_span);
    reply->facts = ROWS(&results->facts, struct reply_fact);
    reply->fact_count = ROW_COUNT(&results->facts, struct reply_fact);
    reply->signatures = ROWS(&results->signatures, struct reply_signature);
    reply->signature_count = ROW_COUNT(&results->signatures, struct reply_signature);
    reply->vectors = ROWS(&results->vectors, struct reply_vector);
    reply->vector_count = ROW_COUNT(&results->vectors, struct reply_vector);
    reply->failures = ROWS(&results->failures, struct reply_failure);
    reply->failure_count = ROW_COUNT(&results->failures, struct reply_failure);
    reply->logs = ROWS(&results->logs, struct reply_log);
    reply->log_count = ROW_COUNT(&results->logs, struct reply_log);
    reply->limits = ROWS(&results->limit_names, const char *);
    reply->limit_count = ROW_COUNT(&results->limit_names, const char *);
    reply->timings = ROWS(&stages->timings, struct reply_timing);
    reply->timing_count = ROW_COUNT(&stages->timings, struct reply_timing);
    reply->is_container = stages->members.announced;
    reply->has_more = stages->members.more;
    reply->next_member = stages->members.next;
    reply->next_offset = stages->members.next_offset;
    reply->members = ROWS(&stages->members.rows, struct reply_member);
    reply->member_count = ROW_COUNT(&stages->members.rows, struct reply_member);
    if (reply->label_count > 0)
        qsort(reply->labels, reply->label_count, sizeof *reply->labels, compare_labels);
    if (reply->span_count > 0)
        qsort(reply->spans, reply->span_count, sizeof *reply->spans, compare_spans);
}

/* Without memory for them the text goes alone. */
static void take_blocks(struct stages *stages, struct reply *reply)
{
    const struct taxon_block *blocks = ROWS(&stages->results.blocks, struct taxon_block);
    size_t count = ROW_COUNT(&stages->results.blocks, struct taxon_block);

    reply->blocks = arena_alloc(&stages->arena, count * sizeof *reply->blocks);
    if (reply->blocks == NULL)
        return;
    reply->shown_block_count = count;
    for (size_t i = 0; i < count; i++)
        reply->blocks[i] = (struct reply_block){
            .kind = blocks[i].kind,
            .level = blocks[i].level < BLOCK_LEVEL_MAX ? blocks[i].level : BLOCK_LEVEL_MAX,
            .begin = blocks[i].begin,
            .end = blocks[i].end,
        };
}

static struct reply_damage damage_of(const struct stages *stages)
{
    const struct charset_mojibake *mojibake = &stages->mojibake;
    struct reply_damage damage = {
        .lost = stages->damage.lost,
        .entities = stages->damage.entities,
        .controls = stages->damage.controls,
        .truncated = stages->is_truncated,
        .mojibake_charset = "",
        .mojibake_read_as = "",
    };

    if (mojibake->charset == NULL)
        return damage;
    damage.mojibake = mojibake->mended;
    damage.mojibake_lost = mojibake->lost;
    damage.mojibake_gain = mojibake->gain;
    damage.mojibake_charset = mojibake->charset;
    damage.mojibake_read_as = mojibake->read_as;
    damage.mojibake_mended = mojibake->is_certain;
    return damage;
}

static int fill(struct stages *stages, struct reply *reply)
{
    *reply = (struct reply){
        .text_digest = stages->text_digest,
        .text_len = stages->text_len,
        .text = stages->job->wants_text ? stages->text : NULL,
        .charset = stages->charset.name,
        .charset_score = stages->charset.score,
        .charset_declared = declared_charset(stages),
        .illegal = stages->charset.illegal,
        .media_type = stages->media_type,
        .language = stages->language.language,
        .script = stages->language.script,
        .language_share = stages->language.share,
        .glosses = stages->folded.glosses,
        .damage = damage_of(stages),
        .block_count = ROW_COUNT(&stages->results.blocks, struct taxon_block),
        .reader = stages->reader == NULL ? "" : stages->reader->settings->name,
    };
    take_results(stages, reply);
    if (stages->job->wants_text)
        take_blocks(stages, reply);
    take_unusable(stages, reply);
    return list_rivals(stages, reply);
}

/* What is left out, step by step, until the rest fits: first what only helps a person to read. The
 * labels go last, since rules decide by them. */
enum cut {
    CUT_NOTHING,
    CUT_TEXT,
    CUT_VECTORS,
    CUT_QUOTES,
    CUT_SPANS,
    CUT_EVIDENCE,
    CUT_FACTS,
    CUT_LABELS,
    CUT_ALL
};

static void cut(struct reply *reply, enum cut what)
{
    for (size_t i = 0; i < reply->label_count; i++) {
        struct reply_label *label = &reply->labels[i];
        for (size_t k = 0; k < label->evidence_count && what == CUT_QUOTES; k++)
            label->evidence[k].quote = "";
        if (what == CUT_EVIDENCE)
            label->evidence_count = 0;
    }
    if (what == CUT_TEXT)
        reply->text = NULL;
    if (what == CUT_VECTORS)
        reply->vector_count = 0;
    if (what == CUT_SPANS)
        reply->span_count = 0;
    if (what == CUT_FACTS)
        reply->fact_count = reply->signature_count = reply->log_count = 0;
    if (what == CUT_LABELS)
        reply->label_count = reply->failure_count = 0;
}

int answer_pack(struct stages *stages, size_t most, struct strbuf *out)
{
    struct reply reply;
    int code = fill(stages, &reply);

    for (enum cut what = CUT_NOTHING; code == 0 && what < CUT_ALL; what++) {
        cut(&reply, what);
        if (what == CUT_TEXT) {
            results_note_limit(&stages->results, "limits.reply");
            reply.limits = ROWS(&stages->results.limit_names, const char *);
            reply.limit_count = ROW_COUNT(&stages->results.limit_names, const char *);
        }
        strbuf_clear(out);
        reply_pack(out, &reply);
        if (out->failed || stages->results.limit_names.failed)
            return -ENOMEM;
        if (out->len <= most)
            return 0;
    }
    return code < 0 ? code : -E2BIG;
}
