/* structure_numbering: counters of numbered things: steps, sections, articles, chapters, the
 * numbers of documents.
 *
 * Called through the table of structure.c.
 */
#include "structure_private.h"

#include <string.h>

#include "kit/pattern.h"
#include "line_text.h"

uint32_t structure_steps(const char *line, size_t len)
{
    static const char *const marks[] = {".", "、", ")", NULL};
    size_t number;

    if (line_starts(line, len, "第")) {
        number = pattern_number(line + 3, len - 3);
        return number > 0 && line_starts(line + 3 + number, len - 3 - number, "步");
    }
    if (line_starts(line, len, "步骤") || line_starts(line, len, "step ")) {
        size_t skip = line[0] == 's' ? 5 : 6;

        return pattern_number(line + skip, len - skip) > 0;
    }
    number = pattern_number(line, len);
    if (number == 0 || number > 2 || !line_is_digit(line[0]) || number == len) {
        return 0;
    }
    return line_starts_one(line + number, len - number, marks) &&
           (number + 1 >= len || !line_is_digit(line[number + 1]));
}

uint32_t structure_sections(const char *line, size_t len)
{
    size_t skip = len > 0 && line[0] == '(' ? 1 : 0;
    size_t number = pattern_number(line + skip, len - skip);

    return number > 0 && !line_is_digit(line[skip]) &&
           line_starts(line + skip + number, len - skip - number, skip == 1 ? ")" : "、");
}

static uint32_t numbered(const char *line, size_t len, const char *const *units)
{
    size_t number;

    if (!line_starts(line, len, "第")) {
        return 0;
    }
    number = pattern_number(line + 3, len - 3);
    return number > 0 && line_starts_one(line + 3 + number, len - 3 - number, units);
}

uint32_t structure_articles(const char *line, size_t len)
{
    static const char *const units[] = {"条", NULL};

    return numbered(line, len, units) ||
           (line_starts(line, len, "article ") && len > 8 && pattern_number(line + 8, len - 8) > 0);
}

uint32_t structure_chapters(const char *line, size_t len)
{
    static const char *const units[] = {"章", "节", "回", "卷", NULL};

    return len < 120 && (numbered(line, len, units) || line_starts(line, len, "chapter "));
}

/* 〔2024〕12号 */
uint32_t structure_document_numbers(const char *line, size_t len)
{
    static const char *const closings[] = {"〕", "]", ")", "】", NULL};
    uint32_t count = 0;

    for (size_t at = 0; at + 4 < len; at++) {
        size_t year = line_is_digit(line[at]) ? pattern_number(line + at, len - at) : 0;
        size_t behind = at + year;
        size_t number;

        if (year != 4 || at == 0 || !line_starts_one(line + behind, len - behind, closings)) {
            at += year == 0 ? 0 : year - 1;
            continue;
        }
        behind += pattern_character(line + behind, len - behind);
        behind += line_starts(line + behind, len - behind, "第") ? 3 : 0;
        number = pattern_number(line + behind, len - behind);
        behind += number;
        count += number > 0 && line_starts(line + behind, len - behind, "号");
        at = behind > at ? behind - 1 : at;
    }
    return count;
}
