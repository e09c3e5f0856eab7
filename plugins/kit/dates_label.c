/* dates_label: stamps that say what they are: 发布日期:, Published on.
 *
 * Called by dates_role.c first of all rules, since a label is the surest sign. The words are those
 * of the content systems that Chinese and English sites run; both spellings of Chinese are one here
 * (see dates_context.c).
 */
#include "kit/dates_private.h"

#include <string.h>

#define STAMP_OFFSET_MAX    1200 /* bytes into its line, of a stamp that is this document's */
#define SCORE_BELOW_CONTENT 0.5  /* of a stamp behind the text: it may be another document's */

struct label {
    const char *word;
    enum dates_role role;
    double score;
    int weak; /* only with a colon, and as a word of its own: 会议时间: is no stamp */
};

/* What stands in front of the date of a stamp, without blank, colon and bracket. */
static const struct label labels[] = {
    {"来源时间", DATES_ROLE_SOURCE, 0.95, 0},
    {"来源日期", DATES_ROLE_SOURCE, 0.95, 0},
    {"原文时间", DATES_ROLE_SOURCE, 0.95, 0},
    {"原文日期", DATES_ROLE_SOURCE, 0.95, 0},
    {"原文发布时间", DATES_ROLE_SOURCE, 0.95, 0},
    {"原文发布日期", DATES_ROLE_SOURCE, 0.95, 0},
    {"原文发表于", DATES_ROLE_SOURCE, 0.95, 0},
    {"原文发布于", DATES_ROLE_SOURCE, 0.95, 0},
    {"原文刊于", DATES_ROLE_SOURCE, 0.95, 0},
    {"原文刊登于", DATES_ROLE_SOURCE, 0.95, 0},
    {"原载于", DATES_ROLE_SOURCE, 0.9, 0},
    {"原载", DATES_ROLE_SOURCE, 0.9, 0},
    {"首发于", DATES_ROLE_SOURCE, 0.9, 0},
    {"首次发表于", DATES_ROLE_SOURCE, 0.9, 0},
    {"originally published", DATES_ROLE_SOURCE, 0.95, 0},
    {"originally posted", DATES_ROLE_SOURCE, 0.95, 0},
    {"originally appeared", DATES_ROLE_SOURCE, 0.9, 0},
    {"first published", DATES_ROLE_SOURCE, 0.95, 0},
    {"first appeared", DATES_ROLE_SOURCE, 0.9, 0},
    {"转载时间", DATES_ROLE_COPIED, 0.9, 0},
    {"转载日期", DATES_ROLE_COPIED, 0.9, 0},
    {"转载于", DATES_ROLE_COPIED, 0.9, 0},
    {"转发时间", DATES_ROLE_COPIED, 0.9, 0},
    {"采集时间", DATES_ROLE_COPIED, 0.9, 0},
    {"收录时间", DATES_ROLE_COPIED, 0.9, 0},
    {"抓取时间", DATES_ROLE_COPIED, 0.9, 0},
    {"reposted", DATES_ROLE_COPIED, 0.9, 0},
    {"republished", DATES_ROLE_COPIED, 0.9, 0},
    {"retrieved", DATES_ROLE_COPIED, 0.8, 1},
    {"发布日期", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"发布时间", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"发布于", DATES_ROLE_PUBLISHED, 0.9, 0},
    {"发表日期", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"发表时间", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"发表于", DATES_ROLE_PUBLISHED, 0.9, 0},
    {"刊发日期", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"刊发时间", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"发稿时间", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"发文日期", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"发文时间", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"公布日期", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"公开日期", DATES_ROLE_PUBLISHED, 0.9, 0},
    {"印发日期", DATES_ROLE_PUBLISHED, 0.9, 0},
    {"成文日期", DATES_ROLE_PUBLISHED, 0.9, 0},
    {"成文时间", DATES_ROLE_PUBLISHED, 0.9, 0},
    {"生成日期", DATES_ROLE_PUBLISHED, 0.85, 0},
    {"上传时间", DATES_ROLE_PUBLISHED, 0.85, 0},
    {"录入时间", DATES_ROLE_PUBLISHED, 0.85, 0},
    {"添加时间", DATES_ROLE_PUBLISHED, 0.85, 0},
    {"更新时间", DATES_ROLE_PUBLISHED, 0.75, 0},
    {"更新日期", DATES_ROLE_PUBLISHED, 0.75, 0},
    {"更新于", DATES_ROLE_PUBLISHED, 0.75, 0},
    {"修改时间", DATES_ROLE_PUBLISHED, 0.7, 0},
    {"日期", DATES_ROLE_PUBLISHED, 0.85, 1},
    {"时间", DATES_ROLE_PUBLISHED, 0.8, 1},
    {"publication date", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"date published", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"published", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"posted", DATES_ROLE_PUBLISHED, 0.9, 0},
    {"date posted", DATES_ROLE_PUBLISHED, 0.9, 0},
    {"last updated", DATES_ROLE_PUBLISHED, 0.75, 0},
    {"updated", DATES_ROLE_PUBLISHED, 0.75, 0},
    {"last modified", DATES_ROLE_PUBLISHED, 0.7, 0},
    {"date", DATES_ROLE_PUBLISHED, 0.85, 1},
};

/* Is there a border of words in the plain text in front of `at`? */
static int is_border(const struct dates_context *context, size_t at)
{
    unsigned char c = at == 0 ? ' ' : (unsigned char)context->text[at - 1];

    return c < 0x80 && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9');
}

/* Does nothing but punctuation stand right in front of the word at `at`? */
static int is_first_word(const struct dates_context *context, size_t at)
{
    while (at > 0 && context->text[at - 1] == ' ') {
        at--;
    }
    return is_border(context, at);
}

/* The length of `before` without the blanks, colon and brackets at its end. */
static size_t without_colon(const struct dates_context *before, int *out_colon)
{
    size_t len = before->len;

    *out_colon = 0;
    while (len > 0) {
        char c = before->text[len - 1];

        if (c == ':') {
            *out_colon = 1;
        } else if (c != ' ' && c != '[' && c != '(' && c != '|' && c != '\t') {
            break;
        }
        len--;
    }
    if (dates_context_ends(before, len, "为") || dates_context_ends(before, len, "是")) {
        *out_colon = 1;
        return len - 3;
    }
    return dates_context_ends(before, len, " on") ? len - 3 : len;
}

static int is_latin(const char *word)
{
    return word[0] >= 'a' && word[0] <= 'z';
}

/* Does the plain text of `len` bytes end with the label, blanks between its characters aside
 * (日 期)? *out_begin: where the label begins. */
static int ends_with_label(const struct dates_context *before, size_t len, const char *word,
                           size_t *out_begin)
{
    size_t left = strlen(word);

    while (left > 0) {
        while (!is_latin(word) && len > 0 && before->text[len - 1] == ' ') {
            len--;
        }
        if (len == 0 || before->text[len - 1] != word[left - 1]) {
            return 0;
        }
        len--;
        left--;
    }
    *out_begin = len;
    return 1;
}

/* A stamp behind the text is less sure, since it may be that of another document in a list. */
static double stamp_score(const struct dates_place *place, double score)
{
    return place->line < DATES_HEAD_LINES && place->sentences <= DATES_SENTENCES_BEFORE &&
                   place->begin - place->line_begin <= STAMP_OFFSET_MAX
               ? score
               : SCORE_BELOW_CONTENT;
}

static const char *label_reason(enum dates_role role)
{
    switch (role) {
    case DATES_ROLE_SOURCE:
        return "stamp of the source's date";
    case DATES_ROLE_COPIED:
        return "stamp of the copy's date";
    default:
        return "stamp with a label";
    }
}

struct dates_finding dates_label_role(const struct dates_place *place)
{
    const struct dates_context *before = &place->before;
    int colon;
    size_t len = without_colon(before, &colon);

    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        const struct label *label = &labels[i];
        size_t begin;

        if (!ends_with_label(before, len, label->word, &begin)) {
            continue;
        }
        if ((label->weak && !colon) ||
            ((label->weak || is_latin(label->word)) && !is_border(before, begin))) {
            continue;
        }
        if (label->weak && is_latin(label->word) && !is_first_word(before, begin)) {
            continue; /* Join Date: */
        }
        if (place->is_sentence && !colon && begin > 0 && !is_latin(label->word)) {
            continue; /* "论文发表于2019年3月1日": told of something else */
        }
        return dates_found(place, label->role, stamp_score(place, label->score),
                           label_reason(label->role));
    }
    if (place->line < DATES_HEAD_LINES && !before->cut && !dates_context_holds(before, ". ") &&
        (dates_context_begins(before, "published ") || dates_context_begins(before, "posted "))) {
        return dates_found(place, DATES_ROLE_PUBLISHED, 0.85, "stamp with a label");
    }
    return DATES_NOTHING;
}
