/* end: what stands around the signature: the list of attachments above it (or, on many pages,
 * below), and below it who gets copies, who printed it and when, and the attachments themselves.
 *
 * Called by tail.c with the line of the date. Sets the ranges of body and annex.
 */
#include <stdio.h>
#include <string.h>

#include "kit/dates.h"
#include "official.h"
#include "words.h"

#define LINE_BYTES_MAX 1200
#define COPIES_MAX     4  /* lines of those who get copies */
#define LIST_ABOVE     50 /* lines above the signature in which the list of attachments may begin */
#define STOP_EVERY     512

/* 附件: or 附: with an optional number; where what follows begins, 0 for none. */
static size_t attachment_mark(const struct piece *piece)
{
    size_t at;

    if (words_begins(piece->text, piece->len, "附件")) {
        at = strlen("附件");
    } else if (words_begins(piece->text, piece->len, "附:")) {
        at = strlen("附");
    } else {
        return 0;
    }
    while (at < piece->len && piece->text[at] >= '0' && piece->text[at] <= '9') {
        at++;
    }
    return at < piece->len && piece->text[at] == ':' ? at + 1 : 0;
}

/* 附件, 附件1: a line that heads the text of one. */
static int heads_annex(const struct piece *piece)
{
    size_t at = strlen("附件");

    if (!words_begins(piece->text, piece->len, "附件") || piece->len > 12) {
        return 0;
    }
    while (at < piece->len && ((piece->text[at] >= '0' && piece->text[at] <= '9') ||
                               (at + 1 == piece->len && piece->text[at] == ':'))) {
        at++;
    }
    return at == piece->len || piece->len == strlen("附件一");
}

/* Bytes of the number that an item of a list begins with: 1. 2、 (3). */
static size_t item_number(const char *text, size_t len)
{
    size_t at = len > 0 && text[0] == '(' ? 1 : 0;
    size_t first = at;

    while (at < len && at < first + 2 && text[at] >= '0' && text[at] <= '9') {
        at++;
    }
    if (at == first || at == len) {
        return 0;
    }
    if (text[at] == '.' || text[at] == ')') {
        return at + 1;
    }
    return words_begins(text + at, len - at, "、") ? at + strlen("、") : 0;
}

static size_t count_parts(const struct findings *findings, enum part_id id)
{
    size_t count = 0;

    for (size_t i = 0; i < findings->part_count; i++) {
        count += findings->parts[i].id == id;
    }
    return count;
}

/* Takes the items in [begin, end of the piece): one, or several that are numbered on. */
static void take_items(struct findings *findings, const struct piece *piece, size_t begin)
{
    unsigned next = 2;

    begin += item_number(piece->text + begin, piece->len - begin);
    while (begin < piece->len && count_parts(findings, PART_ATTACHMENT) < ATTACHMENTS_MAX) {
        char mark[16];
        size_t end = piece->len;
        size_t after;

        snprintf(mark, sizeof(mark), "%u.", next++);
        after = words_find(piece->text + begin, piece->len - begin, mark);
        if (begin + after < piece->len && piece->gap[begin + after]) {
            end = begin + after;
        }
        findings_part(findings, PART_ATTACHMENT, piece_range(piece, begin, end),
                      "list of attachments", 0.9);
        begin = end == piece->len ? end : end + strlen(mark);
    }
}

/* Takes the list that begins in line `index`. Returns the line behind it, or `index` for none. */
static size_t take_attachments(struct findings *findings, size_t index, size_t stop)
{
    struct piece *piece = &findings->piece;
    size_t begin;

    piece_take(piece, &findings->view, index, index);
    begin = attachment_mark(piece);
    if (begin == 0 || words_find(piece->text, piece->len, "。") < piece->len) {
        return index;
    }
    if (begin < piece->len) {
        take_items(findings, piece, begin);
    }
    for (index++; index < stop; index++) {
        piece_take(piece, &findings->view, index, index);
        if ((item_number(piece->text, piece->len) == 0 && attachment_mark(piece) == 0) ||
            words_find(piece->text, piece->len, "。") < piece->len) {
            break;
        }
        take_items(findings, piece, attachment_mark(piece));
    }
    return index;
}

/* 抄送:市委各部门,市人大常委会办公室。 */
static int take_copies(struct findings *findings, size_t index)
{
    static const char *const words[] = {"抄送:", "抄报:", "分送:", "抄报抄送:", NULL};
    struct piece *piece = &findings->piece;
    size_t begin = 0;
    size_t end;

    piece_take(piece, &findings->view, index, index);
    for (size_t i = 0; words[i] != NULL && begin == 0; i++) {
        begin = words_begins(piece->text, piece->len, words[i]) ? strlen(words[i]) : 0;
    }
    if (begin == 0) {
        return 0;
    }
    for (size_t i = index + 1; i < index + COPIES_MAX && i < findings->view.count &&
                               words_find(piece->text, piece->len, "。") == piece->len;
         i++) {
        piece_take(&findings->other, &findings->view, i, i);
        if (words_has_sentence(findings->other.text, findings->other.len) == 0 &&
            !words_ends(findings->other.text, findings->other.len, "。")) {
            break;
        }
        if (words_find(findings->other.text, findings->other.len, ":") < findings->other.len) {
            break;
        }
        piece_add(piece, &findings->view, i);
    }
    end = words_find(piece->text, piece->len, "。");
    if (begin < end) {
        findings_part(findings, PART_COPIES, piece_range(piece, begin, end), "behind 抄送", 0.95);
        findings_signal(findings, piece_range(piece, 0, end), 0.7, "copies to other bodies");
    }
    return 1;
}

/* 松洲市人民政府办公室  2024年5月18日印发; the body may stand in the line above. */
static int take_printing(struct findings *findings, size_t index)
{
    static const char *const rule = "line that ends with 印发";
    struct piece *piece = &findings->piece;
    struct dates_date date;
    char iso[11];
    size_t end;
    size_t begin;

    piece_take(piece, &findings->view, index, index);
    if (!words_ends(piece->text, piece->len, "印发")) {
        return 0;
    }
    end = piece->len - strlen("印发");
    begin = tail_date(piece->text, end, &date);
    if (begin == end || dates_format(&date, iso) < 0) {
        return 0;
    }
    findings_value(findings, PART_PRINTED, piece_range(piece, begin, end), iso, rule, 0.95);
    findings_signal(findings, piece_range(piece, begin, piece->len), 0.7, "line of printing");
    if (begin == 0 && index > 0) {
        piece_take(piece, &findings->view, index - 1, index - 1);
        begin = piece->len;
    }
    if (begin > 0 && words_is_organ(piece->text, begin)) {
        findings_part(findings, PART_PRINTER, piece_range(piece, 0, begin), rule, 0.95);
    }
    return 1;
}

/* The list of attachments between the body and the signature ends the body. */
static void find_list_above(struct findings *findings)
{
    size_t end = findings->body_end;
    size_t from = end > LIST_ABOVE ? end - LIST_ABOVE : 0;

    for (size_t i = from > findings->body_first ? from : findings->body_first; i < end; i++) {
        if (!findings->view.lines[i].is_hidden && take_attachments(findings, i, end) > i) {
            findings->body_end = i;
            return;
        }
    }
}

static void find_below(struct findings *findings, size_t from)
{
    const struct view *view = &findings->view;

    for (size_t i = from; i < view->count; i++) {
        const struct line *line = &view->lines[i];

        if (i % STOP_EVERY == 0 && view->task->host->should_stop(view->task)) {
            return;
        }
        if (line->is_hidden || line->end - line->begin > LINE_BYTES_MAX) {
            continue;
        }
        if (take_copies(findings, i) || take_printing(findings, i)) {
            findings->body_end = i < findings->body_end ? i : findings->body_end;
            continue;
        }
        if (heads_annex(&findings->piece) && findings->annex.end == 0 &&
            findings_get(findings, PART_SIGNATURE) != NULL) {
            findings->annex = (struct range){line->begin, view->lines[view->count - 1].end};
        }
        if (findings_get(findings, PART_ATTACHMENT) == NULL) {
            (void)take_attachments(findings, i, view->count);
        }
    }
}

void end_find(struct findings *findings, size_t signed_line)
{
    const struct view *view = &findings->view;

    find_list_above(findings);
    find_below(findings, signed_line);
    if (findings->body_end > findings->body_first) {
        findings->body.end = view->lines[findings->body_end - 1].end;
    }
}
