/* head: what stands above the body: the issuer's red head and the number, the note under the title,
 * the recipients.
 *
 * Called when the title stands. Leaves in `body_first` the line in which the body begins.
 */
#include <string.h>

#include "kit/dates.h"
#include "number.h"
#include "official.h"
#include "words.h"

#define ABOVE_MAX      15 /* lines above the title */
#define BELOW_MAX      12 /* and below, down to the recipients */
#define RECIPIENTS_MAX 6  /* lines of the recipients */
#define SHORT_MAX      150
#define NOTE_MAX       300
#define STRAY_MAX      60 /* bytes of a line that belongs to nothing */

/* Is the number all of its line, or of its cell, but for brackets? */
static int stands_alone(const struct piece *piece, const struct number *number)
{
    size_t begin = number->begin;
    size_t end = number->end;

    if (begin > 0 && !piece->gap[begin] && piece->text[begin - 1] != '(' &&
        !words_ends(piece->text, begin, "文件")) {
        return 0;
    }
    return end == piece->len || piece->gap[end] || piece->text[end] == ')' ||
           words_begins(piece->text + end, piece->len - end, "签发人");
}

/* 签发人:周某, behind the number of what goes to a higher body. */
static void take_signer(struct findings *findings, size_t from)
{
    const struct piece *piece = &findings->piece;
    size_t begin = from;

    if (words_begins(piece->text + from, piece->len - from, "签发人")) {
        begin += strlen("签发人");
        begin += begin < piece->len && piece->text[begin] == ':';
    }
    if (begin > from && begin < piece->len) {
        findings_part(findings, PART_SIGNER, piece_range(piece, begin, piece->len),
                      "behind the number", 0.9);
    }
}

/* 1 when line `index` is a number. */
static int take_number(struct findings *findings, size_t index)
{
    struct piece *piece = &findings->piece;
    struct number number;

    piece_take(piece, &findings->view, index, index);
    if (piece->len > SHORT_MAX || header_is_label(piece) ||
        !number_find(piece->text, piece->len, 0, 0, &number) || !stands_alone(piece, &number)) {
        return 0;
    }
    if (findings_get(findings, PART_NUMBER) == NULL) {
        findings_number(findings, piece, &number, "a line of its own", 0.95);
        findings_signal(findings, piece_range(piece, number.begin, number.end),
                        number.code_end > number.begin ? 0.9 : 0.5, "number of the document");
    }
    take_signer(findings, number.end);
    return 1;
}

/* 松洲市人民政府文件 */
static void take_red_head(struct findings *findings, size_t index)
{
    struct piece *piece = &findings->piece;
    size_t end;

    piece_take(piece, &findings->view, index, index);
    end = words_find(piece->text, piece->len, "文件");
    if (piece->len <= SHORT_MAX && end < piece->len && words_is_organ(piece->text, end)) {
        findings_part(findings, PART_ORGAN, piece_range(piece, 0, end), "head of the paper", 0.95);
        findings_signal(findings, piece_range(piece, 0, end), 0.6, "head of the paper");
    }
}

/* A number in the brackets behind a title: 公告(2024年第3号). */
static void take_number_of_title(struct findings *findings)
{
    struct piece *piece = &findings->piece;
    struct number number;

    piece_take(piece, &findings->view, findings->title_first, findings->title_last);
    if (findings_get(findings, PART_NUMBER) == NULL && piece->len > 0 &&
        piece->text[piece->len - 1] == ')' &&
        number_find(piece->text, piece->len, words_without_brackets(piece->text, piece->len), 0,
                    &number)) {
        findings_number(findings, piece, &number, "behind the title", 0.9);
        findings_signal(findings, piece_range(piece, number.begin, number.end), 0.5,
                        "number of the document");
    }
}

/* (2024年5月17日松洲市第八届人民代表大会第三次会议通过), with or without the brackets. */
static int take_note(struct findings *findings, size_t index)
{
    struct piece *piece = &findings->piece;
    struct dates_date date;
    char iso[11];
    size_t begin;
    size_t used;

    piece_take(piece, &findings->view, index, index);
    begin = piece->len > 0 && piece->text[0] == '(' ? 1 : 0;
    if (piece->len < 8 || piece->len > NOTE_MAX ||
        (begin == 1 ? piece->text[piece->len - 1] != ')'
                    : !words_ends(piece->text, piece->len, "通过"))) {
        return 0;
    }
    used = dates_parse(piece->text + begin, piece->len - begin, &date);
    if (used > 0 && dates_format(&date, iso) == 0) {
        findings_value(findings, PART_DATE, piece_range(piece, begin, begin + used), iso,
                       "note under the title", 0.9);
        findings_signal(findings, piece_range(piece, 0, piece->len), 0.7, "note under the title");
    }
    return begin == 1 || used > 0;
}

/* Takes the recipients that begin in line `index`. Returns the line in which the body begins, or
 * `index` when there are none. */
static size_t take_recipients(struct findings *findings, size_t index)
{
    struct piece *piece = &findings->piece;

    piece->len = 0;
    for (size_t i = index; i < findings->view.count && i < index + RECIPIENTS_MAX; i++) {
        size_t colon;

        if (findings->view.lines[i].is_hidden) {
            return index;
        }
        piece_add(piece, &findings->view, i);
        colon = words_find(piece->text, piece->len, ":");
        if (colon < piece->len) {
            if (!words_is_recipients(piece->text, colon)) {
                return index;
            }
            findings_part(findings, PART_RECIPIENTS, piece_range(piece, 0, colon),
                          "bodies before a colon, under the title", 0.9);
            findings_signal(findings, piece_range(piece, 0, colon), 0.8, "recipients");
            findings->body.begin = piece->at[colon] + 1;
            return colon + 1 < piece->len ? i : i + 1;
        }
        if (piece_is_full(piece) || words_has_sentence(piece->text, piece->len)) {
            return index;
        }
    }
    return index;
}

/* A line between title and recipients: the number, a note, or what the page says of itself. */
static int is_before(struct findings *findings, size_t index)
{
    return findings->view.lines[index].is_hidden || take_number(findings, index) ||
           take_note(findings, index) || header_is_label(&findings->piece);
}

/* A body or a date alone, which is neither recipient nor body. */
static int is_between(struct findings *findings, size_t index)
{
    struct piece *piece = &findings->piece;
    struct dates_date date;

    piece_take(piece, &findings->view, index, index);
    return words_is_organ(piece->text, piece->len) ||
           (piece->len <= SHORT_MAX && dates_parse(piece->text, piece->len, &date) == piece->len);
}

/* A short line that is no sentence: recipients may still come. */
static int is_stray(struct findings *findings, size_t index)
{
    piece_take(&findings->piece, &findings->view, index, index);
    return findings->piece.len <= STRAY_MAX &&
           !words_has_sentence(findings->piece.text, findings->piece.len);
}

static void find_above(struct findings *findings)
{
    size_t first = findings->title_first;

    for (size_t i = first > ABOVE_MAX ? first - ABOVE_MAX : 0; i < first; i++) {
        if (!findings->view.lines[i].is_hidden) {
            take_red_head(findings, i);
            (void)take_number(findings, i);
        }
    }
}

/* Where no red head names the issuer, the title may. */
static void take_organ_of_title(struct findings *findings)
{
    const struct part *organ = findings_get(findings, PART_TITLE_ORGAN);

    if (organ != NULL && findings_get(findings, PART_ORGAN) == NULL) {
        findings_part(findings, PART_ORGAN, organ->range, "in the title", 0.85);
    }
}

void head_find(struct findings *findings)
{
    size_t stop = findings->title_last + 1 + BELOW_MAX;
    size_t at = findings->title_last + 1;
    size_t body = findings->view.count;

    find_above(findings);
    take_number_of_title(findings);
    take_organ_of_title(findings);
    for (; at < stop && at < findings->view.count; at++) {
        if (is_before(findings, at)) {
            continue;
        }
        size_t next = take_recipients(findings, at);
        if (next > at || findings->body.begin > 0) {
            findings->body_first = next;
            return;
        }
        if (!is_between(findings, at)) {
            body = body < at ? body : at;
            if (!is_stray(findings, at)) {
                break;
            }
        }
    }
    findings->body_first = body < at ? body : at;
    if (findings->body_first < findings->view.count) {
        findings->body.begin = findings->view.lines[findings->body_first].begin;
    }
}
