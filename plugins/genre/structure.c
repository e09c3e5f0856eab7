/* structure: the table of what can be counted in a line.
 *
 * Called by count.c for every line, and when label files are read. The counters stand in
 * structure_talk.c, structure_numbering.c, structure_figures.c and structure_lines.c: small
 * functions over one folded line (lower case, half width, so a full-width colon is ':'). They look
 * at forms, not at subjects: subject words belong in label files.
 */
#include "structure.h"

#include <string.h>

#include "structure_private.h"

static const struct structure structures[STRUCTURE_COUNT] = {
    {"question-turns", "lines that open a question (问:, 记者:, Q:)", structure_question_turns, 0,
     HOLDS_COLON},
    {"answer-turns", "lines that open an answer (答:, A:)", structure_answer_turns, 0, HOLDS_COLON},
    {"speaker-lines", "short lines that end in a colon", structure_speaker_lines, 0, HOLDS_COLON},
    {"speaker-turns", "lines of a name, a colon and what is said", structure_speaker_turns, 0,
     HOLDS_COLON},
    {"question-lines", "lines that end in a question mark", structure_question_lines, 0,
     HOLDS_QUESTION},
    {"fields", "lines of a key, a colon and a short value", structure_fields, 0, HOLDS_COLON},
    {"floors", "numbered or dated replies (3楼, #3, 发表于)", structure_floors, 0, 0},
    {"steps", "numbered steps (1., 第一步, step 1)", structure_steps, 0, 0},
    {"sections", "numbered sections (一、, (一))", structure_sections, 0, 0},
    {"articles", "numbered articles (第五条)", structure_articles, 0, 0},
    {"chapters", "numbered chapters (第二章, chapter 2)", structure_chapters, 0, 0},
    {"salutations", "a line that addresses people (同志们:)", structure_salutations, 0, 0},
    {"amounts", "kitchen amounts (50克, 2 tbsp)", structure_amounts, 0, HOLDS_NUMBER},
    {"prices", "prices (¥19, 39元, $5)", structure_prices, 0, HOLDS_NUMBER},
    {"scores", "scores of a game (3比1, 21-15)", structure_scores, 0, HOLDS_DIGIT},
    {"quotations", "opening quotation marks", structure_quotations, 0, HOLDS_QUOTE},
    {"dialogue-lines", "lines that begin with a quotation mark or a dash", structure_dialogue_lines,
     0, 0},
    {"document-numbers", "reference numbers (〔2024〕12号)", structure_document_numbers, 0,
     HOLDS_DIGIT},
    {"dated-lines", "short lines with a date", structure_dated_lines, 0, HOLDS_DIGIT},
    {"written-dates", "dates in words (october 26, 5月17日)", structure_written_dates, 0,
     HOLDS_NUMBER},
    {"datelines", "lines that open with a place and a dash", structure_datelines, 0, HOLDS_DASH},
    {"list-lines", "lines that begin with a bullet", structure_list_lines, 0, 0},
    {"short-share", "per cent of lines that are short and end no sentence", structure_short_lines,
     1, 0},
    {"script-share", "per cent of lines that are script or markup", structure_script_lines, 1, 0},
    {"data-share", "per cent of lines that are rows of data", structure_data_lines, 1,
     HOLDS_BAR | HOLDS_DIGIT},
    {"verse-share", "per cent of lines as short as verse", structure_verse_lines, 1, 0},
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
