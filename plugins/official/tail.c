/* tail: the signature and the date of writing, which end the document proper.
 *
 *     松洲市水务局                  one body or several, or an office and a person
 *     2024年5月17日                 the same line, the next, or the one before
 *
 * Called when the head is known. Goes once through the lines from the body on; attachments may
 * follow, so the first signature is the one.
 */
#include <string.h>

#include "kit/dates.h"
#include "official.h"
#include "words.h"

#define SIGNED_MAX 150 /* bytes of a line of a signature */
#define SIGNERS    10  /* lines of bodies that sign together */
#define STOP_EVERY 512

size_t tail_date(const char *text, size_t len, struct dates_date *out_date)
{
    size_t end = words_without_brackets(text, len);
    size_t from = end > 45 ? end - 45 : 0;

    if (!words_ends(text, end, "日") && (end == 0 || text[end - 1] < '0' || text[end - 1] > '9')) {
        return len;
    }
    for (size_t i = from; i < end; i++) {
        struct dates_date date;

        if (((unsigned char)text[i] & 0xC0) != 0x80 &&
            (i == 0 || text[i - 1] < '0' || text[i - 1] > '9') &&
            dates_parse(text + i, end - i, &date) == end - i && date.year > 0 && date.day > 0) {
            *out_date = date;
            return i;
        }
    }
    return len;
}

/* The bytes of a name before the mark of its seal. */
static size_t without_seal(const char *text, size_t len)
{
    return words_without_brackets(text, len);
}

static int is_signer(const char *text, size_t len)
{
    size_t own = without_seal(text, len);

    return words_is_organ(text, own) || words_is_signatory(text, own);
}

static int is_signer_line(struct findings *findings, size_t index)
{
    const struct line *line = &findings->view.lines[index];

    if (line->is_hidden || line->end - line->begin > SIGNED_MAX) {
        return 0;
    }
    piece_take(&findings->other, &findings->view, index, index);
    return findings->other.len > 0 && is_signer(findings->other.text, findings->other.len);
}

static void take_signer(struct findings *findings, const struct piece *piece, size_t end,
                        const char *rule, double score)
{
    end = without_seal(piece->text, end);
    findings_part(findings, PART_SIGNATURE, piece_range(piece, 0, end), rule, score);
}

/* Signers in the lines above `index`, down to the body's first line. Returns the topmost. */
static size_t take_above(struct findings *findings, size_t index)
{
    size_t first = index;

    while (first > findings->body_first && index - first < SIGNERS &&
           is_signer_line(findings, first - 1)) {
        first--;
    }
    for (size_t i = first; i < index; i++) {
        (void)is_signer_line(findings, i);
        take_signer(findings, &findings->other, findings->other.len, "line above the date", 0.9);
    }
    return first;
}

static void take_date(struct findings *findings, const struct piece *piece, size_t begin,
                      const struct dates_date *date, const char *rule, double score)
{
    char iso[11];
    size_t end = words_without_brackets(piece->text, piece->len);

    if (dates_format(date, iso) == 0) {
        findings_value(findings, PART_DATE, piece_range(piece, begin, end), iso, rule, score);
    }
}

/* Looks whether line `index` is, or ends, a signature with its date. 1: taken. */
static int take_signed(struct findings *findings, size_t index)
{
    struct piece *piece = &findings->piece;
    struct dates_date date;
    size_t begin;
    size_t first = index;

    piece_take(piece, &findings->view, index, index);
    begin = tail_date(piece->text, piece->len, &date);
    if (begin == piece->len) {
        return 0;
    }
    if (begin > 0) {
        if (!is_signer(piece->text, begin)) {
            return 0;
        }
        take_signer(findings, piece, begin, "in front of the date", 0.9);
    } else {
        first = take_above(findings, index);
        if (first == index) {
            return 0;
        }
    }
    take_date(findings, piece, begin, &date, "date under the signature", 0.95);
    findings_signal(findings, piece_range(piece, begin, piece->len), 0.7, "signature and date");
    findings->body_end = first;
    return 1;
}

/* Where no line is a signature: the last line that is a date alone. */
static void take_last_date(struct findings *findings)
{
    struct dates_date date;

    for (size_t i = findings->view.count;
         i > findings->body_first + 1 && i + 12 > findings->view.count; i--) {
        const struct line *line = &findings->view.lines[i - 1];

        if (line->is_hidden || line->end - line->begin > SIGNED_MAX) {
            continue;
        }
        piece_take(&findings->piece, &findings->view, i - 1, i - 1);
        if (tail_date(findings->piece.text, findings->piece.len, &date) == 0) {
            take_date(findings, &findings->piece, 0, &date, "last line that is a date", 0.7);
            findings_signal(findings, piece_range(&findings->piece, 0, findings->piece.len), 0.3,
                            "date at the end");
            findings->body_end = i - 1;
            return;
        }
    }
}

void tail_find(struct findings *findings)
{
    const struct view *view = &findings->view;

    findings->body_end = view->count;
    for (size_t i = findings->body_first + 1; i < view->count; i++) {
        const struct line *line = &view->lines[i];

        if (i % STOP_EVERY == 0 && view->task->host->should_stop(view->task)) {
            return;
        }
        if (!line->is_hidden && line->end - line->begin <= SIGNED_MAX && take_signed(findings, i)) {
            end_find(findings, i);
            return;
        }
    }
    take_last_date(findings);
    end_find(findings, findings->body_end);
}
