/* publish: the kind with its evidence, each part as a fact.
 *
 * Called last. A near miss gets its label only: parts are told of official documents.
 */
#include <errno.h>
#include <string.h>

#include "kit/evidence.h"
#include "official.h"

#define VALUE_MAX 2000 /* bytes of a fact's value */
#define BEGIN_MAX 120  /* and of that of body and annex, which have how they begin */

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
    [PART_BODY] = "official-body",
    [PART_ANNEX] = "official-annex",
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

static size_t character_size(const char *text, size_t len)
{
    size_t size = 1;

    while (size < len && ((unsigned char)text[size] & 0xC0) == 0x80) {
        size++;
    }
    return size;
}

/* The text of a range without the blanks between Chinese characters: whole characters, as far as
 * they fit into `room` bytes. */
static size_t write_value(const char *text, size_t len, size_t room, char *out)
{
    size_t used = 0;
    int gap = 0;

    for (size_t at = 0; at < len;) {
        size_t size = blank_size(text + at, len - at);

        if (size > 0) {
            gap = used > 0;
            at += size;
            continue;
        }
        size = character_size(text + at, len - at);
        if (used + size + 1 > room) {
            break;
        }
        if (gap && (unsigned char)out[used - 1] < 0x80 && (unsigned char)text[at] < 0x80) {
            out[used++] = ' ';
        }
        memcpy(out + used, text + at, size);
        used += size;
        at += size;
        gap = 0;
    }
    return used;
}

/* The value of a part that has none of its own: what stands in the text. NULL: no memory. */
static const char *value_of(struct findings *findings, const struct part *part, const char *text,
                            size_t len)
{
    size_t most = part->id == PART_BODY || part->id == PART_ANNEX ? BEGIN_MAX : VALUE_MAX;
    size_t room = len < most ? len : most;
    char *value = findings->view.task->host->alloc(findings->view.task, room + 2);

    if (value != NULL) {
        value[write_value(text, len, room + 1, value)] = '\0';
    }
    return value;
}

static int32_t publish_part(struct findings *findings, const struct part *part, double score)
{
    struct taxon_task *task = findings->view.task;
    struct taxon_fact fact = {.struct_size = sizeof(fact), .name = names[part->id]};
    size_t len;
    const char *text = findings_text(findings, part->range, &len);

    if (text == NULL) {
        return 0;
    }
    fact.begin = (size_t)(text - findings->view.document->text);
    fact.end = fact.begin + len;
    fact.value = part->value == NULL ? value_of(findings, part, text, len) : part->value;
    if (fact.value == NULL) {
        return -ENOMEM;
    }
    fact.value_len = strlen(fact.value);
    fact.score = part->score * score;
    fact.reason = part->rule;
    return task->host->fact(task, &fact);
}

static int32_t publish_parts(struct findings *findings, double score)
{
    int32_t r = 0;

    findings_part(findings, PART_BODY, findings->body, "from the recipients to the signature", 0.8);
    findings_part(findings, PART_ANNEX, findings->annex, "from a line 附件 to the end", 0.8);
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
