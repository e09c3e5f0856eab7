/* header: the table of a page of open government information: labels with their values, in rows of
 * a table, in one line, or each in a line of its own.
 *
 *     索引号: 011-22/2024-00031    主题分类: 水利
 *     发文机关: 松洲市水务局        成文日期: 2024年5月17日
 *
 * Called for the first lines of a document. Values end where the next label begins. What stands
 * here is of the page; the document's own parts, further down, come first where both are there.
 */
#include "kit/dates.h"
#include "number.h"
#include "official.h"
#include "words.h"

#include <string.h>

#define VALUE_MAX 400 /* bytes */

struct label {
    const char *word;
    int part; /* enum part_id, or -1: only ends the value before it */
};

/* A longer word before one that it begins with. */
static const struct label labels[] = {
    {"索引号", PART_INDEX},
    {"索取号", PART_INDEX},
    {"信息索引", PART_INDEX},
    {"发文机关", PART_ORGAN},
    {"发布机关", PART_ORGAN},
    {"发布机构", PART_ORGAN},
    {"发文单位", PART_ORGAN},
    {"制发机关", PART_ORGAN},
    {"公开机构", PART_ORGAN},
    {"成文日期", PART_DATE},
    {"生成日期", PART_DATE},
    {"发文日期", PART_DATE},
    {"印发日期", PART_PRINTED},
    {"信息名称", PART_TITLE},
    {"文件名称", PART_TITLE},
    {"标题", PART_TITLE},
    {"名称", PART_TITLE},
    {"发文字号", PART_NUMBER},
    {"文件编号", PART_NUMBER},
    {"文号", PART_NUMBER},
    {"发布日期", PART_RELEASED},
    {"公开日期", PART_RELEASED},
    {"发布时间", PART_RELEASED},
    {"主题词", PART_KEYWORDS},
    {"主题分类", PART_KEYWORDS},
    {"关键词", PART_KEYWORDS},
    {"签发人", PART_SIGNER},
    {"有效性", -1},
    {"公开类别", -1},
    {"公开方式", -1},
    {"组配分类", -1},
    {"体裁分类", -1},
    {"有效期", -1},
    {"废止日期", -1},
    {"施行日期", -1},
    {"公开范围", -1},
    {"来源", -1},
    {"浏览", -1},
    {"字体", -1},
    {"字号", -1},
    {"阅读", -1},
    {"打印", -1},
    {"作者", -1},
    {"责任编辑", -1},
    {"内容概述", -1},
};

#define LABEL_COUNT (sizeof(labels) / sizeof(labels[0]))

/* The label that begins at `at` of the piece, or NULL. In front of it is the line's begin, a blank
 * or a bracket; behind it a colon, a blank, a bracket or the end. */
static const struct label *label_at(const struct piece *piece, size_t at, size_t *out_value)
{
    for (size_t i = 0; i < LABEL_COUNT; i++) {
        size_t size = strlen(labels[i].word);
        size_t end = at + size;

        if (!words_begins(piece->text + at, piece->len - at, labels[i].word)) {
            continue;
        }
        if (at > 0 && !piece->gap[at] && piece->text[at - 1] != '[') {
            continue;
        }
        if (words_begins(piece->text + end, piece->len - end, "】")) {
            end += strlen("】");
        } else if (end < piece->len && piece->text[end] == ']') {
            end++;
        }
        if (end < piece->len && piece->text[end] == ':') {
            *out_value = end + 1;
            return &labels[i];
        }
        if (end == piece->len || piece->gap[end]) {
            *out_value = end;
            return &labels[i];
        }
    }
    return NULL;
}

/* Where the next label begins, from `at` on; the piece's length when there is none. */
static size_t next_label(const struct piece *piece, size_t at)
{
    size_t value;

    while (at < piece->len &&
           ((!piece->gap[at] && piece->text[at] != '[') || label_at(piece, at, &value) == NULL)) {
        at++;
    }
    return at;
}

static size_t skip_mark(const struct piece *piece)
{
    return words_begins(piece->text, piece->len, "【") ? strlen("【")
                                                       : piece->len > 0 && piece->text[0] == '[';
}

int header_is_label(const struct piece *piece)
{
    size_t at = skip_mark(piece);
    size_t value;
    const struct label *label;

    if (at >= piece->len) {
        return 0;
    }
    label = label_at(piece, at, &value);
    return label != NULL && (value < piece->len || label->part != PART_TITLE);
}

static void take_value(struct findings *findings, const struct piece *piece, enum part_id part,
                       size_t begin, size_t end)
{
    static const char *const rule = "header table";
    const char *text = piece->text + begin;
    struct range range = piece_range(piece, begin, end);
    struct number number;
    struct dates_date date;
    char iso[11];

    if (part == PART_NUMBER) {
        if (number_find(piece->text, end, begin, 1, &number)) {
            findings_number(findings, piece, &number, rule, 0.85);
        }
    } else if (part == PART_DATE || part == PART_RELEASED || part == PART_PRINTED) {
        if (dates_parse(text, end - begin, &date) > 0 && dates_format(&date, iso) == 0) {
            findings_value(findings, part, range, iso, rule, 0.85);
        }
    } else if (part != PART_TITLE) {
        findings_part(findings, part, range, rule, 0.85);
    }
}

/* The values of one line, and for its last label, when that has none, the next line's. */
static void take_line(struct findings *findings, size_t index)
{
    struct piece *piece = &findings->piece;
    size_t at;

    piece_take(piece, &findings->view, index, index);
    at = skip_mark(piece);
    while (at < piece->len) {
        size_t value;
        const struct label *label = label_at(piece, at, &value);
        size_t end;

        if (label == NULL) {
            return;
        }
        end = next_label(piece, value);
        if (value < end && label->part >= 0 && end - value <= VALUE_MAX) {
            take_value(findings, piece, (enum part_id)label->part, value, end);
        } else if (value == piece->len && label->part >= 0) {
            piece_take(piece, &findings->view, index + 1, index + 1);
            if (piece->len > 0 && piece->len <= VALUE_MAX && !header_is_label(piece)) {
                take_value(findings, piece, (enum part_id)label->part, 0, piece->len);
            }
            return;
        }
        at = end;
    }
}

void header_find(struct findings *findings)
{
    size_t count = findings->title_last < findings->view.count ? findings->title_last : 0;

    if (count + 12 < findings->view.count) {
        count += 12; /* some pages have it under the title */
    } else {
        count = findings->view.count;
    }
    for (size_t i = 0; i < count; i++) {
        const struct line *line = &findings->view.lines[i];

        if (line->end - line->begin > PIECE_MAX) {
            continue;
        }
        piece_take(&findings->piece, &findings->view, i, i);
        if (header_is_label(&findings->piece)) {
            take_line(findings, i);
        }
    }
    if (findings_get(findings, PART_INDEX) != NULL) {
        findings_signal(findings, findings_get(findings, PART_INDEX)->range, 0.6,
                        "header table with an index number");
    }
}
