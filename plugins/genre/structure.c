/* structure: counters of a document's shape, line by line.
 *
 * Called by score.c for every line. Each is a small function over one folded line (lower case, half
 * width, so a full-width colon is ':'); the table at the end names them. They look at forms, not at
 * subjects: subject words belong in label files.
 */
#include "structure.h"

#include <string.h>

#include "kit/pattern.h"

#define SPEAKER_MAX 150 /* bytes of a line that only names a speaker */
#define LABEL_MAX   90  /* bytes before the colon of a turn */

static int starts(const char *line, size_t len, const char *with)
{
    size_t size;

    if (len == 0 || line[0] != with[0]) {
        return 0; /* nearly always */
    }
    size = strlen(with);
    return size <= len && memcmp(line, with, size) == 0;
}

static int ends(const char *line, size_t len, const char *with)
{
    size_t size = strlen(with);

    return size <= len && memcmp(line + len - size, with, size) == 0;
}

static int holds(const char *line, size_t len, const char *what)
{
    return line != NULL && memmem(line, len, what, strlen(what)) != NULL;
}

static int starts_one(const char *line, size_t len, const char *const *list)
{
    for (; *list != NULL; list++) {
        if (starts(line, len, *list)) {
            return 1;
        }
    }
    return 0;
}

static int ends_one(const char *line, size_t len, const char *const *list)
{
    for (; *list != NULL; list++) {
        if (ends(line, len, *list)) {
            return 1;
        }
    }
    return 0;
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Skips numbering and marks in front: "1.", "(二)", "【". */
static void skip_numbering(const char **line, size_t *len)
{
    static const char *const marks[] = {".", "、", ")", "(", "[", "【", "*", " ", "q", NULL};

    for (int i = 0; i < 6 && *len > 0; i++) {
        size_t skip = pattern_number(*line, *len);

        for (const char *const *mark = marks; skip == 0 && *mark != NULL; mark++) {
            if (starts(*line, *len, *mark) &&
                (**mark != 'q' || (*len > 1 && is_digit((*line)[1])))) {
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

/* Bytes before the first ':', if it comes soon and nothing before it ends a clause; else 0. */
static size_t label_len(const char *line, size_t len)
{
    static const char *const stops[] = {"。", ",", ";", "!", "?", NULL};
    size_t reach = len < LABEL_MAX + 1 ? len : LABEL_MAX + 1;
    const char *colon = memchr(line, ':', reach);
    size_t size = colon == NULL ? 0 : (size_t)(colon - line);

    for (const char *const *stop = stops; *stop != NULL; stop++) {
        if (holds(line, size, *stop)) {
            return 0;
        }
    }
    return starts(line + size, len - size, "://") ? 0 : size;
}

static int is_question_label(const char *label, size_t len)
{
    static const char *const endings[] = {"记者",     "问",          "提问",     "记者问", "网友",
                                          "reporter", "interviewer", "question", NULL};

    return ends_one(label, len, endings) || (len == 1 && label[0] == 'q') ||
           (len > 1 && label[0] == 'q' && is_digit(label[1]));
}

static int is_answer_label(const char *label, size_t len)
{
    static const char *const endings[] = {"答", "回答", "answer", NULL};

    return ends_one(label, len, endings) || (len == 1 && label[0] == 'a') ||
           (len > 1 && label[0] == 'a' && is_digit(label[1]));
}

static uint32_t question_turns(const char *line, size_t len)
{
    size_t label = label_len(line, len);

    if (label > 0 && is_question_label(line, label)) {
        return 1;
    }
    skip_numbering(&line, &len);
    label = label_len(line, len);
    return label > 0 && is_question_label(line, label);
}

static uint32_t answer_turns(const char *line, size_t len)
{
    size_t label = label_len(line, len);

    return label > 0 && is_answer_label(line, label);
}

static uint32_t speaker_lines(const char *line, size_t len)
{
    return len >= 7 && len <= SPEAKER_MAX && line[len - 1] == ':' && !holds(line, len, "。") &&
           !holds(line, len, "://") && memchr(line, ';', len) == NULL &&
           memchr(line, '?', len) == NULL && pattern_number(line, len) == 0;
}

static uint32_t speaker_turns(const char *line, size_t len)
{
    size_t label = label_len(line, len);

    return label >= 2 && label <= 60 && len - label > 60 && pattern_number(line, len) == 0 &&
           !is_digit(line[label - 1]);
}

static uint32_t fields(const char *line, size_t len)
{
    size_t label = label_len(line, len);

    return label >= 2 && label <= 45 && len > label + 1 && len - label <= 90 &&
           !is_question_label(line, label) && !is_answer_label(line, label);
}

static uint32_t question_lines(const char *line, size_t len)
{
    return len > 6 && len < 240 && line[len - 1] == '?';
}

static uint32_t floors(const char *line, size_t len)
{
    static const char *const marks[] = {"楼主", "沙发",    "板凳",  "地板", "posted by",
                                        "re: ", "reply #", "回复:", NULL};
    size_t number;

    if (len == 0) {
        return 0;
    }
    if (line[0] == '#' || starts(line, len, "第")) {
        size_t skip = line[0] == '#' ? 1 : 3;

        number = pattern_number(line + skip, len - skip);
        return number > 0 && (skip == 1 || starts(line + skip + number, len - skip - number, "楼"));
    }
    number = pattern_number(line, len);
    if (number > 0) {
        return (uint32_t)starts(line + number, len - number, "楼") |
               (uint32_t)starts(line + number, len - number, "#");
    }
    return len <= SPEAKER_MAX && (starts_one(line, len, marks) || holds(line, len, "发表于") ||
                                  holds(line, len, "回复于") || holds(line, len, " wrote:"));
}

static uint32_t steps(const char *line, size_t len)
{
    static const char *const marks[] = {".", "、", ")", NULL};
    size_t number;

    if (starts(line, len, "第")) {
        number = pattern_number(line + 3, len - 3);
        return number > 0 && starts(line + 3 + number, len - 3 - number, "步");
    }
    if (starts(line, len, "步骤") || starts(line, len, "step ")) {
        size_t skip = line[0] == 's' ? 5 : 6;

        return pattern_number(line + skip, len - skip) > 0;
    }
    number = pattern_number(line, len);
    if (number == 0 || number > 2 || !is_digit(line[0]) || number == len) {
        return 0;
    }
    return starts_one(line + number, len - number, marks) &&
           (number + 1 >= len || !is_digit(line[number + 1]));
}

static uint32_t sections(const char *line, size_t len)
{
    size_t skip = len > 0 && line[0] == '(' ? 1 : 0;
    size_t number = pattern_number(line + skip, len - skip);

    return number > 0 && !is_digit(line[skip]) &&
           starts(line + skip + number, len - skip - number, skip == 1 ? ")" : "、");
}

static uint32_t numbered(const char *line, size_t len, const char *const *units)
{
    size_t number;

    if (!starts(line, len, "第")) {
        return 0;
    }
    number = pattern_number(line + 3, len - 3);
    return number > 0 && starts_one(line + 3 + number, len - 3 - number, units);
}

static uint32_t articles(const char *line, size_t len)
{
    static const char *const units[] = {"条", NULL};

    return numbered(line, len, units) ||
           (starts(line, len, "article ") && len > 8 && pattern_number(line + 8, len - 8) > 0);
}

static uint32_t chapters(const char *line, size_t len)
{
    static const char *const units[] = {"章", "节", "回", "卷", NULL};

    return len < 120 && (numbered(line, len, units) || starts(line, len, "chapter "));
}

static uint32_t salutations(const char *line, size_t len)
{
    static const char *const openings[] = {
        "各位",   "同志们",         "尊敬的",  "女士们",     "先生们", "朋友们",
        "亲爱的", "老师们",         "同学们",  "乡亲们",     "大家好", "ladies and gentlemen",
        "dear ",  "distinguished ", "fellow ", "my fellow ", NULL};

    return len <= 160 && starts_one(line, len, openings) &&
           (ends(line, len, ":") || ends(line, len, ",") || ends(line, len, "!") ||
            ends(line, len, "。"));
}

/* Numbers of the line that one of `units` follows, a space between or not. */
static uint32_t count_units(const char *line, size_t len, const char *const *units)
{
    uint32_t count = 0;
    size_t at = 0;

    while ((at = pattern_next_number(line, len, at)) < len) {
        at += pattern_number(line + at, len - at);
        at += at < len && line[at] == ' ';
        count += (uint32_t)starts_one(line + at, len - at, units);
    }
    return count;
}

static uint32_t amounts(const char *line, size_t len)
{
    static const char *const units[] = {"克",    "毫升",  "勺",  "汤匙",       "茶匙",     "小匙",
                                        "大匙",  "瓣",    "g ",  "g,",         "g)",       "ml",
                                        "cup",   "tbsp",  "tsp", "tablespoon", "teaspoon", "oz",
                                        "clove", "pinch", NULL};

    return count_units(line, len, units);
}

static uint32_t prices(const char *line, size_t len)
{
    static const char *const units[] = {"元", "块钱", "usd", "rmb", "yuan", NULL};
    static const char *const signs[] = {"¥", "$", "€", "£", "rmb ", "usd ", NULL};
    uint32_t count = count_units(line, len, units);

    for (size_t at = 0; at < len; at++) {
        unsigned char first = (unsigned char)line[at];

        if (first != 0xC2 && first != 0xE2 && first != '$' && first != 'r' && first != 'u') {
            continue; /* none of them begins so */
        }
        for (const char *const *sign = signs; *sign != NULL; sign++) {
            size_t size = strlen(*sign);

            if (starts(line + at, len - at, *sign) && at + size < len &&
                is_digit(line[at + size])) {
                count++;
            }
        }
    }
    return count;
}

/* 3比1, 21-15; not a date, a phone number or a range of years. */
static uint32_t scores(const char *line, size_t len)
{
    uint32_t count = 0;
    size_t at = 0;

    while ((at = pattern_next_number(line, len, at)) < len) {
        size_t left = pattern_number(line + at, len - at);
        size_t mark = at + left;
        size_t right;

        if (!is_digit(line[at])) {
            at += left;
            continue;
        }
        right = starts(line + mark, len - mark, "比")  ? 3
                : starts(line + mark, len - mark, "-") ? 1
                                                       : 0;
        at = mark + right;
        if (right != 0 && left <= 3 && (mark == left || line[mark - left - 1] != '-')) {
            size_t number = pattern_number(line + at, len - at);

            if (number > 0 && number <= 3 && is_digit(line[at]) &&
                (at + number == len || line[at + number] != '-')) {
                count++;
            }
        }
    }
    return count;
}

static uint32_t quotations(const char *line, size_t len)
{
    uint32_t count = 0;

    for (size_t at = 0; at + 3 <= len; at++) {
        if (line[at] == "“"[0] || line[at] == "「"[0]) {
            count += memcmp(line + at, "“", 3) == 0 || memcmp(line + at, "「", 3) == 0;
        }
    }
    return count;
}

static uint32_t dialogue_lines(const char *line, size_t len)
{
    static const char *const marks[] = {"“", "「", "\"", "——", NULL};

    return len > 9 && starts_one(line, len, marks);
}

/* 〔2024〕12号 */
static uint32_t document_numbers(const char *line, size_t len)
{
    static const char *const closings[] = {"〕", "]", ")", "】", NULL};
    uint32_t count = 0;

    for (size_t at = 0; at + 4 < len; at++) {
        size_t year = is_digit(line[at]) ? pattern_number(line + at, len - at) : 0;
        size_t behind = at + year;
        size_t number;

        if (year != 4 || at == 0 || !starts_one(line + behind, len - behind, closings)) {
            at += year == 0 ? 0 : year - 1;
            continue;
        }
        behind += pattern_character(line + behind, len - behind);
        behind += starts(line + behind, len - behind, "第") ? 3 : 0;
        number = pattern_number(line + behind, len - behind);
        behind += number;
        count += number > 0 && starts(line + behind, len - behind, "号");
        at = behind > at ? behind - 1 : at;
    }
    return count;
}

/* A short line with a date, as in an index of articles. */
static uint32_t dated_lines(const char *line, size_t len)
{
    if (len > 240 || len < 8) {
        return 0;
    }
    for (size_t at = 0; at + 5 <= len; at++) {
        if (is_digit(line[at]) && is_digit(line[at + 1]) &&
            (line[at + 2] == '-' || line[at + 2] == '/') && is_digit(line[at + 3]) &&
            is_digit(line[at + 4])) {
            return 1;
        }
    }
    return 0;
}

static int ends_sentence(const char *line, size_t len)
{
    static const char *const stops[] = {"。", ".", "!", "?", ";", "”", "\"", "…", NULL};

    return ends_one(line, len, stops);
}

static uint32_t short_lines(const char *line, size_t len)
{
    return len <= 75 && !ends_sentence(line, len);
}

static uint32_t verse_lines(const char *line, size_t len)
{
    return len >= 6 && len <= 60 && label_len(line, len) == 0 && pattern_number(line, len) == 0;
}

static uint32_t list_lines(const char *line, size_t len)
{
    static const char *const marks[] = {"- ", "* ", "•", "●", "·", "◆", "■", NULL};

    return starts_one(line, len, marks) ? 1 : 0;
}

static const struct structure structures[STRUCTURE_COUNT] = {
    {"question-turns", "lines that open a question (问:, 记者:, Q:)", question_turns, 0, 0},
    {"answer-turns", "lines that open an answer (答:, A:)", answer_turns, 0, 0},
    {"speaker-lines", "short lines that end in a colon", speaker_lines, 0, 0},
    {"speaker-turns", "lines of a name, a colon and what is said", speaker_turns, 0, 0},
    {"question-lines", "lines that end in a question mark", question_lines, 0, 0},
    {"fields", "lines of a key, a colon and a short value", fields, 0, 0},
    {"floors", "numbered or dated replies (3楼, #3, 发表于)", floors, 0, 0},
    {"steps", "numbered steps (1., 第一步, step 1)", steps, 0, 0},
    {"sections", "numbered sections (一、, (一))", sections, 0, 0},
    {"articles", "numbered articles (第五条)", articles, 0, 0},
    {"chapters", "numbered chapters (第二章, chapter 2)", chapters, 0, 0},
    {"salutations", "a line that addresses people (同志们:)", salutations, 0, 0},
    {"amounts", "kitchen amounts (50克, 2 tbsp)", amounts, 0, 1},
    {"prices", "prices (¥19, 39元, $5)", prices, 0, 1},
    {"scores", "scores of a game (3比1, 21-15)", scores, 0, 1},
    {"quotations", "opening quotation marks", quotations, 0, 0},
    {"dialogue-lines", "lines that begin with a quotation mark or a dash", dialogue_lines, 0, 0},
    {"document-numbers", "reference numbers (〔2024〕12号)", document_numbers, 0, 1},
    {"dated-lines", "short lines with a date", dated_lines, 0, 1},
    {"list-lines", "lines that begin with a bullet", list_lines, 0, 0},
    {"short-share", "per cent of lines that are short and end no sentence", short_lines, 1, 0},
    {"verse-share", "per cent of lines as short as verse", verse_lines, 1, 0},
};

const struct structure *structure_at(size_t index)
{
    return &structures[index];
}

size_t structure_find(const char *name)
{
    size_t i = 0;

    while (i < STRUCTURE_COUNT && strcmp(structures[i].name, name) != 0) {
        i++;
    }
    return i;
}
