/* structure_lines: counters of what a line is like as a whole: a field, short, verse, a bullet.
 *
 * Called through the table of structure.c.
 */
#include "structure_private.h"

#include <string.h>

#include "kit/pattern.h"
#include "line_text.h"

uint32_t structure_fields(const char *line, size_t len)
{
    size_t label = line_label_len(line, len);

    return label >= 2 && label <= 45 && len > label + 1 && len - label <= 90 &&
           structure_question_turns(line, len) == 0 && structure_answer_turns(line, len) == 0;
}

static int ends_sentence(const char *line, size_t len)
{
    static const char *const stops[] = {"。", ".", "!", "?", ";", "”", "\"", "…", NULL};

    return line_ends_one(line, len, stops);
}

uint32_t structure_short_lines(const char *line, size_t len)
{
    return len <= 75 && !ends_sentence(line, len);
}

uint32_t structure_verse_lines(const char *line, size_t len)
{
    return len >= 6 && len <= 60 && pattern_number(line, len) == 0 &&
           line_label_len(line, len) == 0;
}

uint32_t structure_list_lines(const char *line, size_t len)
{
    static const char *const marks[] = {"- ", "* ", "•", "●", "·", "◆", "■", NULL};

    return line_starts_one(line, len, marks) ? 1 : 0;
}

/* "document." and a name behind it, without the space that follows a sentence. */
static int holds_member(const char *line, size_t len, const char *object)
{
    const char *found = line_find(line, len, object);
    size_t behind = found == NULL ? len : (size_t)(found - line) + strlen(object);

    return behind < len && ((line[behind] >= 'a' && line[behind] <= 'z') || line[behind] == '_');
}

/* A line of a script or of markup: what a page's reader should never see. A sentence that names a
 * function has none of the endings. */
uint32_t structure_script_lines(const char *line, size_t len)
{
    static const char *const begins[] = {"function ", "function(", "(function", "!function",
                                         "var ",      "let ",      "const ",    "if (",
                                         "if(",       "return",    "});",       "})",
                                         "$(",        "jquery(",   "<script",   "</script",
                                         "<div",      "</div",     "<link ",    "<meta ",
                                         "<style",    "@media",    "@import",   "/*",
                                         "<!doctype", NULL};
    static const char *const ends[] = {";", "{", "}", ")", "(", ">", ",", NULL};
    static const char *const inside[] = {"function(", "){", "\":{", "=\"", "!important", NULL};

    if (!line_ends_one(line, len, ends)) {
        return 0;
    }
    if (line_starts_one(line, len, begins) || (len <= 3 && line_starts(line, len, "}")) ||
        (len == 1 && line[0] == '{') || holds_member(line, len, "window.") ||
        holds_member(line, len, "document.")) {
        return 1;
    }
    for (const char *const *mark = inside; *mark != NULL; mark++) {
        if (line_holds(line, len, *mark)) {
            return 1;
        }
    }
    return 0;
}

/* A row of data: cells between bars, or more figures than words. */
uint32_t structure_data_lines(const char *line, size_t len)
{
    size_t bars = 0;
    size_t digits = 0;
    size_t numbers = 0;

    for (size_t i = 0; i < len; i++) {
        int is_digit = line_is_digit(line[i]);

        bars += line[i] == '|';
        digits += (size_t)is_digit;
        numbers += (size_t)(is_digit && (i == 0 || !line_is_digit(line[i - 1])));
    }
    return bars >= 3 || (numbers >= 2 && digits * 3 >= len);
}
