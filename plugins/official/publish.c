/* publish: the kind with its evidence, each part as a fact, body and annex as spans.
 *
 * Called last. A near miss gets its label only: parts are told of official documents.
 */
#include <errno.h>
#include <string.h>

#include "kit/evidence.h"
#include "official.h"

#define VALUE_MAX 2000 /* bytes of a fact's value */

static const char *const names[PART_COUNT] = {
    [PART_ORGAN] = "official-organ",
    [PART_NUMBER] = "official-number",
    [PART_TITLE] = "official-title",
    [PART_TITLE_ORGAN] = "official-title-organ",
    [PART_SUBJECT] = "official-subject",
    [PART_RECIPIENTS] = "official-recipients",
    [PART_ATTACHMENT] = "official-attachment",
    [PART_SIGNATURE] = "official-signature",
    [PART_DATE] = "official-date",
    [PART_COPIES] = "official-copies",
    [PART_PRINTER] = "official-printer",
    [PART_PRINTED] = "official-printed",
    [PART_INDEX] = "official-index",
    [PART_KEYWORDS] = "official-keywords",
    [PART_RELEASED] = "official-released",
    [PART_SIGNER] = "official-signer",
};

/* Bytes of blank space that `text` begins with: ASCII, no-break and ideographic. */
static size_t blank_size(const char *text, size_t len)
{
    if (len >= 1 && strchr(" \t\r\n\v\f", text[0]) != NULL && text[0] != '\0') {
        return 1;
    }
    if (len >= 2 && memcmp(text, "\xC2\xA0", 2) == 0) {
        return 2;
    }
    return len >= 3 && memcmp(text, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
}

/* The text of a range without the blanks between Chinese characters, in `out`. */
static size_t write_value(const char *text, size_t len, char *out)
{
    size_t used = 0;

    for (size_t at = 0; at < len && used < VALUE_MAX;) {
        size_t blank = blank_size(text + at, len - at);
        size_t next = at + blank;

        while (blank > 0 && next < len && blank_size(text + next, len - next) > 0) {
            next += blank_size(text + next, len - next);
        }
        if (blank == 0) {
            out[used++] = text[at++];
            continue;
        }
        if (used > 0 && next < len && (unsigned char)out[used - 1] < 0x80 &&
            (unsigned char)text[next] < 0x80) {
            out[used++] = ' ';
        }
        at = next;
    }
    while (used == VALUE_MAX && ((unsigned char)out[used - 1] & 0xC0) == 0x80) {
        used--; /* a character that may have been cut */
    }
    if (used > 0 && (unsigned char)out[used - 1] >= 0xC0) {
        used--;
    }
    return used;
}

static int32_t publish_part(struct findings *findings, const struct part *part, double score)
{
    struct taxon_task *task = findings->view.task;
    struct taxon_fact fact = {.struct_size = sizeof(fact), .name = names[part->id]};
    char value[VALUE_MAX + 1];
    size_t len;
    const char *text = findings_text(findings, part->range, &len);

    if (text == NULL) {
        return 0;
    }
    fact.begin = (size_t)(text - findings->view.document->text);
    fact.end = fact.begin + len;
    fact.value = part->value;
    fact.value_len = part->value == NULL ? write_value(text, len, value) : strlen(part->value);
    fact.value = part->value == NULL ? value : part->value;
    fact.score = part->score * score;
    fact.reason = part->rule;
    return task->host->fact(task, &fact);
}

static int32_t publish_range(struct findings *findings, const char *id, struct range range,
                             const char *rule, double score)
{
    struct taxon_task *task = findings->view.task;
    struct taxon_span span = {.struct_size = sizeof(span),
                              .scheme = PART_SCHEME,
                              .id = id,
                              .score = score,
                              .reason = rule};

    if (range.begin >= range.end ||
        task->host->unfold(task, range.begin, range.end, &span.begin, &span.end) < 0) {
        return 0;
    }
    return task->host->span(task, &span);
}

static int32_t publish_parts(struct findings *findings, double score)
{
    int32_t r = publish_range(findings, "body", findings->body, "from recipients to signature",
                              score);

    if (r == 0) {
        r = publish_range(findings, "annex", findings->annex, "from a line 附件 to the end", score);
    }
    for (size_t i = 0; r == 0 && i < findings->part_count; i++) {
        r = publish_part(findings, &findings->parts[i], score);
    }
    return r;
}

int32_t publish(struct findings *findings, double score)
{
    const struct definition *label = &findings->kinds->labels.items[findings->kind];
    struct taxon_task *task = findings->view.task;
    struct evidence evidence;
    int32_t r;

    if (score < label->threshold / 2) {
        return 0;
    }
    evidence_init(&evidence);
    for (size_t i = 0; i < findings->signal_count; i++) {
        const struct signal *signal = &findings->signals[i];

        evidence_add(&evidence, task, signal->range.begin, signal->range.end, signal->weight,
                     signal->reason);
    }
    r = evidence_publish(&evidence, task, OFFICIAL_SCHEME, label->id, score);
    if (r == 0 && score >= label->threshold) {
        r = publish_parts(findings, score);
    }
    return r == -E2BIG ? 0 : r;
}
