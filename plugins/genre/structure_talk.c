/* structure_talk: counters of what people say to each other and to us: turns, speakers, replies,
 * salutations, quotations.
 *
 * Called through the table of structure.c.
 */
#include "structure_private.h"

#include <string.h>

#include "kit/pattern.h"
#include "line_text.h"

#define DATELINE_MAX   48  /* bytes of a line in which a dateline ends */
#define SALUTATION_MAX 240 /* bytes before the end of a salutation */
#define SPEAKER_MAX    150 /* bytes of a line that only names a speaker */

/* Skips numbering and marks in front: "1.", "(二)", "【". */
static void skip_numbering(const char **line, size_t *len)
{
    static const char *const marks[] = {".", "、", ")", "(", "[", "【", "*", " ", "q", NULL};

    for (int i = 0; i < 6 && *len > 0; i++) {
        size_t skip = pattern_number(*line, *len);

        for (const char *const *mark = marks; skip == 0 && *mark != NULL; mark++) {
            if (line_starts(*line, *len, *mark) &&
                (**mark != 'q' || (*len > 1 && line_is_digit((*line)[1])))) {
                skip = strlen(*mark);
            }
        }
        if (skip == 0) {
            return;
        }
        *line += skip;
        *len -= skip;
    }
}

static int is_question_label(const char *label, size_t len)
{
    static const char *const endings[] = {"记者",     "问",          "提问",     "记者问", "网友",
                                          "reporter", "interviewer", "question", NULL};

    return line_ends_one(label, len, endings) || (len == 1 && label[0] == 'q') ||
           (len > 1 && label[0] == 'q' && line_is_digit(label[1]));
}

static int is_answer_label(const char *label, size_t len)
{
    static const char *const endings[] = {"答", "回答", "answer", NULL};

    return line_ends_one(label, len, endings) || (len == 1 && label[0] == 'a') ||
           (len > 1 && label[0] == 'a' && line_is_digit(label[1]));
}

uint32_t structure_question_turns(const char *line, size_t len)
{
    size_t label = line_label_len(line, len);

    if (label > 0 && is_question_label(line, label)) {
        return 1;
    }
    skip_numbering(&line, &len);
    label = line_label_len(line, len);
    return label > 0 && is_question_label(line, label);
}

uint32_t structure_answer_turns(const char *line, size_t len)
{
    size_t label = line_label_len(line, len);

    return label > 0 && is_answer_label(line, label);
}

uint32_t structure_speaker_lines(const char *line, size_t len)
{
    return len >= 7 && len <= SPEAKER_MAX && line[len - 1] == ':' && !line_holds(line, len, "。") &&
           !line_holds(line, len, "://") && memchr(line, ';', len) == NULL &&
           memchr(line, '?', len) == NULL && pattern_number(line, len) == 0;
}

uint32_t structure_speaker_turns(const char *line, size_t len)
{
    size_t label = line_label_len(line, len);

    return label >= 2 && label <= 60 && len - label > 60 && pattern_number(line, len) == 0 &&
           !line_is_digit(line[label - 1]);
}

uint32_t structure_question_lines(const char *line, size_t len)
{
    return len > 6 && len < 240 && line[len - 1] == '?';
}

uint32_t structure_floors(const char *line, size_t len)
{
    static const char *const marks[] = {"楼主", "沙发",    "板凳",  "地板", "posted by",
                                        "re: ", "reply #", "回复:", NULL};
    size_t number;

    if (len == 0) {
        return 0;
    }
    if (line[0] == '#' || line_starts(line, len, "第")) {
        size_t skip = line[0] == '#' ? 1 : 3;

        number = pattern_number(line + skip, len - skip);
        return number > 0 &&
               (skip == 1 || line_starts(line + skip + number, len - skip - number, "楼"));
    }
    number = pattern_number(line, len);
    if (number > 0) {
        return (uint32_t)line_starts(line + number, len - number, "楼") |
               (uint32_t)line_starts(line + number, len - number, "#");
    }
    return len <= SPEAKER_MAX &&
           (line_starts_one(line, len, marks) || line_holds(line, len, "发表于") ||
            line_holds(line, len, "回复于") ||
            (memchr(line, ':', len) != NULL && line_holds(line, len, " wrote:")));
}

/* The line addresses people, and then says so by a colon or the like: at its end, or soon where the
 * speech goes on in the same line. */
uint32_t structure_salutations(const char *line, size_t len)
{
    static const char *const openings[] = {"各位",
                                           "同志们",
                                           "尊敬的",
                                           "女士们",
                                           "先生们",
                                           "朋友们",
                                           "亲爱的",
                                           "老师们",
                                           "同学们",
                                           "乡亲们",
                                           "大家好",
                                           "同胞们",
                                           "主席先生",
                                           "主席女士",
                                           "主席同志",
                                           "总统先生",
                                           "ladies and gentlemen",
                                           "dear ",
                                           "distinguished ",
                                           "my fellow ",
                                           "fellow ",
                                           "mr. president",
                                           "mr. chairman",
                                           NULL};
    static const char *const ends[] = {":", ",", "!", "。", NULL};
    size_t reach = len < SALUTATION_MAX ? len : SALUTATION_MAX;
    const char *colon;

    if (!line_starts_one(line, len, openings)) {
        return 0;
    }
    colon = memchr(line, ':', reach);
    return (len <= SALUTATION_MAX && line_ends_one(line, len, ends)) ||
           (colon != NULL && !line_holds(line, (size_t)(colon - line), "。"));
}

uint32_t structure_quotations(const char *line, size_t len)
{
    uint32_t count = 0;

    for (size_t at = 0; at + 3 <= len; at++) {
        if (line[at + 1] == "“"[1]) { /* "「"[1], too; few other characters have it there */
            count += memcmp(line + at, "“", 3) == 0 || memcmp(line + at, "「", 3) == 0;
        }
    }
    return count;
}

uint32_t structure_dialogue_lines(const char *line, size_t len)
{
    static const char *const marks[] = {"“", "「", "\"", "——", NULL};

    return len > 9 && line_starts_one(line, len, marks);
}

/* The place from which a report was sent, and a dash: "madison, wis. (ap) - the chief …". Of a list
 * item or a field there is a mark before it, and what follows a title's dash is short. */
uint32_t structure_datelines(const char *line, size_t len)
{
    static const char *const dashes[] = {" - ", " -- ", " – ", " — ", "— ", "– ", NULL};

    if (len < DATELINE_MAX + 60 || line[0] < 'a' || line[0] > 'z' ||
        (memchr(line, '-', DATELINE_MAX) == NULL && memchr(line, "–"[0], DATELINE_MAX) == NULL)) {
        return 0;
    }
    for (const char *const *dash = dashes; *dash != NULL; dash++) {
        const char *found = line_find(line, DATELINE_MAX, *dash);

        if (found != NULL && found - line >= 4) {
            size_t place = (size_t)(found - line);

            return memchr(line, '.', place) == NULL || memchr(line, ',', place) != NULL;
        }
    }
    return 0;
}
