/* title: finds the title: the lines that end with the name of a kind, and what belongs to them.
 *
 *     松洲市人民政府                        a body, in the lines above or in front
 *     关于印发松洲市节水行动                 the subject, maybe over several lines
 *     实施方案的通知                        the kind
 *
 * Called for documents that passed the glance, on their first lines. Of several candidates the
 * first with the best form is taken. A list of titles is a list, and speaks against.
 */
#include <string.h>

#include "number.h"
#include "official.h"
#include "words.h"

#define TITLE_MAX 420 /* bytes, joined */
#define ABOVE_MAX 6   /* lines above the last that may belong to it */
#define LIST_MIN  3   /* titles in the head that make a list */

enum form {
    FORM_NONE,
    FORM_BARE,  /* 公告 */
    FORM_OTHER, /* 停水通知 */
    FORM_ORGAN, /* 松洲市人民政府公告 */
    FORM_ABOUT, /* 关于…的通知 */
    FORM_FULL,  /* 松洲市人民政府关于…的通知 */
};

struct candidate {
    enum form form;
    size_t first;
    size_t last;
    size_t about;  /* in the piece: where 关于 stands, its length for none */
    size_t ending; /* where the kind's name begins */
    uint32_t kind;
    size_t len; /* of the text, which is without the brackets behind it */
    char text[TITLE_MAX];
};

static const double weights[] = {0, 0.4, 0.4, 0.7, 0.8, 1.0};
static const char *const reasons[] = {"",
                                      "title: the name of a kind alone",
                                      "title: ends with the name of a kind",
                                      "title: a body and a kind",
                                      "title: 关于 ... and a kind",
                                      "title: a body, 关于 ... and a kind"};

static int is_alone(const char *text, size_t len)
{
    return words_begins(text, len, "印发") || words_begins(text, len, "附件") ||
           words_begins(text, len, "抄送") || words_begins(text, len, "《");
}

/* The bodies in front of 关于 or of the kind: one or, without a mark between them, several. */
static int is_issuer(const char *text, size_t len)
{
    static const char *const forwards[] = {"转发", "批转", NULL};

    for (size_t i = 0; forwards[i] != NULL; i++) {
        size_t at = words_find(text, len, forwards[i]);

        if (at < len) {
            return words_is_organ(text, at);
        }
    }
    return words_is_organ(text, len) || words_ends(text, len, "大会") ||
           words_ends(text, len, "会议");
}

/* May line `index` be a part of a title whose end is below it? Leaves the line in `other`. */
static int may_belong(struct findings *findings, size_t index)
{
    struct piece *piece = &findings->other;
    const struct line *line = &findings->view.lines[index];
    struct number number;
    size_t at;

    if (line->is_hidden || line->end - line->begin > TITLE_MAX) {
        return 0;
    }
    piece_take(piece, &findings->view, index, index);
    return !words_has_sentence(piece->text, piece->len) && !header_is_label(piece) &&
           !is_alone(piece->text, piece->len) &&
           !number_find(piece->text, piece->len, 0, 0, &number) &&
           !words_ends(piece->text, piece->len, "文件") &&
           kinds_of_title(findings->kinds, piece->text, piece->len, &at) == NULL;
}

static int has_about(const struct piece *piece)
{
    return words_find(piece->text, piece->len, "关于") < piece->len;
}

/* The first line of the title that ends at `last`. */
static size_t reach_up(struct findings *findings, size_t last)
{
    size_t first = last;
    size_t above;
    int about = has_about(&findings->piece);

    for (size_t i = last; !about && i > 0 && last - i < 3; i--) {
        if (!may_belong(findings, i - 1)) {
            break;
        }
        about = has_about(&findings->other);
        first = about ? i - 1 : first;
    }
    if (about) {
        piece_take(&findings->piece, &findings->view, first, last);
    }
    if (about && words_find(findings->piece.text, findings->piece.len, "关于") > 0) {
        return first;
    }
    above = first;
    for (size_t i = first; i > 0 && first - i < ABOVE_MAX && last - i < ABOVE_MAX; i--) {
        if (!may_belong(findings, i - 1) || !is_issuer(findings->other.text, findings->other.len)) {
            break;
        }
        above = i - 1;
    }
    return above;
}

static enum form form_of(const struct piece *piece, const struct candidate *found,
                         const struct ending *ending)
{
    const char *text = piece->text;

    if (found->about < found->ending) {
        return is_issuer(text, found->about) ? FORM_FULL : FORM_ABOUT;
    }
    if (found->ending == 0) {
        return FORM_BARE;
    }
    if (is_issuer(text, found->ending) || (words_ends(text, found->ending, "主席") &&
                                           words_begins(ending->text, ending->len, "令"))) {
        return FORM_ORGAN;
    }
    if (ending->len <= 3 && !words_ends(text, found->ending, "的")) {
        return FORM_NONE; /* 夏令, 密函 */
    }
    return FORM_OTHER;
}

/* Looks at line `last` as the end of a title; leaves the joined title in `piece`. */
static int candidate_at(struct findings *findings, size_t last, struct candidate *out)
{
    const struct line *line = &findings->view.lines[last];
    struct piece *piece = &findings->piece;
    const struct ending *ending;
    struct candidate found = {.last = last};

    if (line->is_hidden || line->end - line->begin > TITLE_MAX) {
        return 0;
    }
    piece_take(piece, &findings->view, last, last);
    if (kinds_of_title(findings->kinds, piece->text, piece->len, &found.ending) == NULL ||
        is_alone(piece->text, piece->len) || words_has_sentence(piece->text, found.ending) ||
        header_is_label(piece)) {
        return 0;
    }
    found.first = reach_up(findings, last);
    piece_take(piece, &findings->view, found.first, last);
    ending = kinds_of_title(findings->kinds, piece->text, piece->len, &found.ending);
    if (ending == NULL || piece->len > TITLE_MAX) {
        return 0;
    }
    found.about = words_find(piece->text, piece->len, "关于");
    found.kind = ending->kind;
    found.form = form_of(piece, &found, ending);
    *out = found;
    out->len = words_without_brackets(piece->text, piece->len);
    memcpy(out->text, piece->text, out->len);
    return found.form != FORM_NONE;
}

/* Many pages have a title twice: over the page, and over the document, which is the one. */
static int is_again(const struct candidate *found, const struct candidate *best)
{
    return found->form == best->form && found->len == best->len &&
           memcmp(found->text, best->text, found->len) == 0;
}

/* What newspapers put between a body and what it has done. */
static void doubt_verbs(struct findings *findings, const struct candidate *title)
{
    static const char *const verbs[] = {"印发", "出台", "发布", "召开", "学习", "解读",
                                        "传达", "公布", "下发", "拟",   NULL};
    const struct piece *piece = &findings->piece;
    size_t len = title->about < title->ending ? title->about : title->ending;

    for (size_t i = 0; verbs[i] != NULL; i++) {
        if (words_find(piece->text, len, verbs[i]) < len) {
            findings_signal(findings, piece_range(piece, 0, len), -0.8,
                            "title: tells what a body has done");
            return;
        }
    }
}

/* The bytes of a subject before 的 and what is said of the kind: 的实施(意见), 的专题会议(纪要). */
static size_t without_kind(const char *text, size_t len)
{
    const size_t step = strlen("的");

    for (size_t end = len; end > step && len - end <= 12; end -= step) {
        if (words_ends(text, end, "的")) {
            return end - step;
        }
    }
    return len;
}

static void take_title(struct findings *findings, const struct candidate *title)
{
    const struct piece *piece = &findings->piece;
    struct range whole;
    size_t organ = title->about < title->ending ? title->about : title->ending;
    size_t subject_end = title->ending;

    piece_take(&findings->piece, &findings->view, title->first, title->last);
    whole = piece_range(piece, 0, piece->len);
    findings_part(findings, PART_TITLE, whole, reasons[title->form], 0.9);
    findings_signal(findings, whole, weights[title->form], reasons[title->form]);
    if (title->form == FORM_FULL || title->form == FORM_ORGAN) {
        findings_part(findings, PART_TITLE_ORGAN, piece_range(piece, 0, organ),
                      "in front of the subject", 0.9);
    }
    subject_end = without_kind(piece->text, subject_end);
    if (title->about < subject_end && title->about + strlen("关于") < subject_end) {
        findings_part(findings, PART_SUBJECT,
                      piece_range(piece, title->about + strlen("关于"), subject_end),
                      "between 关于 and the kind", 0.9);
    }
    doubt_verbs(findings, title);
}

int title_find(struct findings *findings)
{
    struct candidate best = {.form = FORM_NONE};
    size_t count = findings->view.count < HEAD_LINES ? findings->view.count : HEAD_LINES;
    unsigned titles = 0;

    for (size_t i = 0; i < count; i++) {
        struct candidate found;

        if (candidate_at(findings, i, &found)) {
            int again = is_again(&found, &best);

            titles += found.form >= FORM_ABOUT && !again;
            if (found.form > best.form || again) {
                best = found;
            }
        }
    }
    if (best.form == FORM_NONE) {
        return 0;
    }
    findings->kind = best.kind;
    findings->title_first = best.first;
    findings->title_last = best.last;
    take_title(findings, &best);
    if (titles >= LIST_MIN) {
        findings_signal(findings, findings->signals[0].range, -1.0, "a list of titles");
    }
    return 1;
}
