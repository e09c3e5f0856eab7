/* parts: the lists of what is found in a document.
 *
 * Called by everything that finds something. Lists are of fixed size: what comes beyond is left
 * out.
 */
#include <stdio.h>
#include <string.h>

#include "number.h"
#include "official.h"

#define NUMBER_MAX 160 /* bytes of a number as the standard writes it */

void findings_part(struct findings *findings, enum part_id id, struct range range, const char *rule,
                   double score)
{
    if (findings->part_count < PARTS_MAX && range.begin < range.end) {
        findings->parts[findings->part_count++] = (struct part){id, range, NULL, rule, score};
    }
}

void findings_value(struct findings *findings, enum part_id id, struct range range,
                    const char *value, const char *rule, double score)
{
    struct taxon_task *task = findings->view.task;
    size_t size = strlen(value) + 1;
    char *copy = task->host->alloc(task, size);

    if (copy != NULL && findings->part_count < PARTS_MAX && range.begin < range.end) {
        memcpy(copy, value, size);
        findings->parts[findings->part_count++] = (struct part){id, range, copy, rule, score};
    }
}

void findings_signal(struct findings *findings, struct range range, double weight,
                     const char *reason)
{
    if (findings->signal_count < SIGNALS_MAX) {
        findings->signals[findings->signal_count++] = (struct signal){range, weight, reason};
    }
}

const struct part *findings_get(const struct findings *findings, enum part_id id)
{
    for (size_t i = 0; i < findings->part_count; i++) {
        if (findings->parts[i].id == id) {
            return &findings->parts[i];
        }
    }
    return NULL;
}

const char *findings_text(const struct findings *findings, struct range range, size_t *out_len)
{
    struct taxon_task *task = findings->view.task;
    size_t begin;
    size_t end;

    *out_len = 0;
    if (range.begin >= range.end ||
        task->host->unfold(task, range.begin, range.end, &begin, &end) < 0 ||
        end > findings->view.document->text_len) {
        return NULL;
    }
    *out_len = end - begin;
    return findings->view.document->text + begin;
}

void findings_number(struct findings *findings, const struct piece *piece,
                     const struct number *number, const char *rule, double score)
{
    char value[NUMBER_MAX];
    const char *code = "";
    size_t code_len = 0;

    if (number->code_end > number->begin) {
        code =
            findings_text(findings, piece_range(piece, number->begin, number->code_end), &code_len);
        if (code == NULL || code_len > NUMBER_MAX / 2) { /* spaced out: as it is folded */
            code = piece->text + number->begin;
            code_len = number->code_end - number->begin;
        }
    }
    if (number_format(number, code, code_len, value, sizeof(value)) < (int)sizeof(value)) {
        findings_value(findings, PART_NUMBER, piece_range(piece, number->begin, number->end), value,
                       rule, score);
    }
}
