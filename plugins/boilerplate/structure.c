/* structure: the table of what can be measured of a line.
 *
 * Called by score.c for every line that some role could have. Each is a small function that takes
 * bounded time; the table at the end names them. Words of a language belong in role files.
 */
#include "structure.h"

#include <string.h>

#define MENU_COLUMNS   20 /* of a piece of a menu, on average */
#define TRAIL_COLUMNS  28 /* of a step of a breadcrumb, on average */
#define RUN_LINES      6
#define REPEATED_LINES 3
#define LINKED_SHARE   0.6
#define SHORT_COLUMNS  24
#define CODE_LINES     6 /* with more, the document is about code */

static double has(const struct page *page, size_t index, uint32_t bit)
{
    return (page->lines[index].shape.bits & bit) != 0;
}

#define BIT_STRUCTURE(name, bit)                                                                   \
    static double name(const struct page *page, size_t index, uint32_t role)                       \
    {                                                                                              \
        (void)role;                                                                                \
        return has(page, index, bit);                                                              \
    }

BIT_STRUCTURE(date, SHAPE_DATE)
BIT_STRUCTURE(clock_time, SHAPE_CLOCK)
BIT_STRUCTURE(phone, SHAPE_PHONE)
BIT_STRUCTURE(email, SHAPE_EMAIL)
BIT_STRUCTURE(url, SHAPE_URL)
BIT_STRUCTURE(bullet, SHAPE_BULLET)
BIT_STRUCTURE(ellipsis, SHAPE_ELLIPSIS)
BIT_STRUCTURE(dated, SHAPE_DATED)
BIT_STRUCTURE(sentence, SHAPE_SENTENCE)
BIT_STRUCTURE(stop, SHAPE_STOP)

static double marks(const struct page *page, size_t index, uint32_t role)
{
    const struct shape *shape = &page->lines[index].shape;

    (void)role;
    return shape->letters == 0 && shape->digits == 0;
}

static double numbers(const struct page *page, size_t index, uint32_t role)
{
    const struct shape *shape = &page->lines[index].shape;

    (void)role;
    return shape->letters == 0 && shape->digits > 0;
}

static double trail(const struct page *page, size_t index, uint32_t role)
{
    const struct shape *shape = &page->lines[index].shape;

    (void)role;
    return shape->trails >= 2 && shape->letters > 0 &&
           shape->columns <= TRAIL_COLUMNS * (shape->trails + 1) && shape->stops == 0 &&
           shape->code < shape->trails * 2;
}

static double menu(const struct page *page, size_t index, uint32_t role)
{
    const struct shape *shape = &page->lines[index].shape;

    (void)role;
    if (shape->stops > 0 || shape->letters == 0 || shape->code > 2 ||
        (shape->bits & (SHAPE_DATE | SHAPE_CLOCK)) != 0) {
        return 0;
    }
    return (shape->bars >= 3 && shape->columns <= MENU_COLUMNS * (shape->bars + 1)) ||
           ((shape->bits & SHAPE_HAN) != 0 && shape->spaces >= 4 && shape->commas == 0 &&
            shape->digits == 0 && shape->columns <= 11 * (shape->spaces + 1));
}

/* Numbers that rise by one, with no word between: [1] [2] [3]. */
static double pages(const struct page *page, size_t index, uint32_t role)
{
    const char *text = line_text(page, index);
    size_t len = line_len(page, index);
    unsigned last = 0;
    unsigned count = 0;

    (void)role;
    if (page->lines[index].shape.digits < 2 || len > 200) {
        return 0;
    }
    for (size_t at = 0; at < len; at++) {
        unsigned number = 0;

        if (text[at] < '0' || text[at] > '9') {
            if (strchr(" []()|<>", text[at]) == NULL && count < 2) {
                count = 0;
                last = 0;
            }
            continue;
        }
        while (at < len && text[at] >= '0' && text[at] <= '9') {
            number = number < 10000 ? number * 10 + (unsigned)(text[at] - '0') : number;
            at++;
        }
        at--;
        if (count < 2) {
            count = last != 0 && number == last + 1 ? count + 1 : 1;
        }
        last = number;
    }
    return count >= 2;
}

static double linked(const struct page *page, size_t index, uint32_t role)
{
    (void)role;
    return page->lines[index].linked >= LINKED_SHARE;
}

static double short_run(const struct page *page, size_t index, uint32_t role)
{
    (void)role;
    return page->lines[index].run >= RUN_LINES;
}

static double repeated(const struct page *page, size_t index, uint32_t role)
{
    (void)role;
    return page->lines[index].same >= REPEATED_LINES;
}

static double few_code(const struct page *page, size_t index, uint32_t role)
{
    (void)role;
    return page->code_lines <= CODE_LINES && line_is_code(&page->lines[index]);
}

static double short_line(const struct page *page, size_t index, uint32_t role)
{
    const struct shape *shape = &page->lines[index].shape;

    (void)role;
    return shape->columns <= SHORT_COLUMNS && shape->stops + shape->commas == 0;
}

static double nothing(const struct page *page, size_t index, uint32_t role)
{
    (void)page, (void)index, (void)role;
    return 0;
}

static double much_code(const struct page *page, size_t index, uint32_t role)
{
    (void)index, (void)role;
    return page->much_code;
}

static double repeated_marks(const struct page *page, size_t index, uint32_t role)
{
    if (page->lines[index].shape.code > 0) {
        return 0; /* a brace of a program */
    }
    return marks(page, index, role) > 0 ? repeated(page, index, role) : 0;
}

static double first_line(const struct page *page, size_t index, uint32_t role)
{
    (void)page, (void)role;
    return index == 0;
}

static double last_line(const struct page *page, size_t index, uint32_t role)
{
    (void)role;
    return index + 1 == page->count;
}

static int looks_listed(const struct line *line)
{
    return (line->shape.bits & (SHAPE_BULLET | SHAPE_DATED | SHAPE_ELLIPSIS)) != 0 ||
           line->linked >= LINKED_SHARE;
}

static double heads_list(const struct page *page, size_t index, uint32_t role)
{
    const struct line *line = &page->lines[index];
    int listed = 0;

    (void)role;
    if ((line->shape.bits & SHAPE_STOP) != 0 || looks_listed(line)) {
        return 0;
    }
    for (size_t i = index + 1; i <= index + 3 && i < page->count; i++) {
        listed += looks_listed(&page->lines[i]);
    }
    return listed >= 2;
}

#define KIND_STRUCTURE(name, wanted)                                                               \
    static double name(const struct page *page, size_t index, uint32_t role)                       \
    {                                                                                              \
        (void)role;                                                                                \
        return page->lines[index].kind == (wanted);                                                \
    }

KIND_STRUCTURE(block_nav, TAXON_BLOCK_NAV)
KIND_STRUCTURE(block_footer, TAXON_BLOCK_FOOTER)
KIND_STRUCTURE(block_header, TAXON_BLOCK_HEADER)
KIND_STRUCTURE(block_aside, TAXON_BLOCK_ASIDE)
KIND_STRUCTURE(block_form, TAXON_BLOCK_FORM)
KIND_STRUCTURE(block_caption, TAXON_BLOCK_CAPTION)

/* --- late: neighbours have roles now */

static int has_role(const struct page *page, size_t index, uint32_t role)
{
    return index < page->count && page->lines[index].role == role;
}

static double beside(const struct page *page, size_t index, uint32_t role)
{
    return has_role(page, index + 1, role) + (index > 0 && has_role(page, index - 1, role));
}

static double wordless_above(const struct page *page, size_t index, uint32_t role)
{
    return page->lines[index].shape.letters == 0 && has_role(page, index + 1, role);
}

static int is_furniture(const struct page *page, size_t index)
{
    return index >= page->count || page->lines[index].role != NO_ROLE;
}

static double amid(const struct page *page, size_t index, uint32_t role)
{
    (void)role;
    return is_furniture(page, index + 1) && (index == 0 || is_furniture(page, index - 1));
}

static double in_list(const struct page *page, size_t index, uint32_t role)
{
    const struct line *line = &page->lines[index];

    return line->listed != 0 && has_role(page, line->listed - 1, role);
}

static double crowded(const struct page *page, size_t index, uint32_t role)
{
    (void)role;
    return page->lines[index].crowded;
}

static double before_main(const struct page *page, size_t index, uint32_t role)
{
    (void)role;
    return page->lines[index].region == REGION_BEFORE;
}

static double after_main(const struct page *page, size_t index, uint32_t role)
{
    (void)role;
    return page->lines[index].region == REGION_AFTER;
}

static double linked_in_main(const struct page *page, size_t index, uint32_t role)
{
    (void)role;
    return page->lines[index].region == REGION_MAIN && page->lines[index].linked >= LINKED_SHARE;
}

static double linked_outside(const struct page *page, size_t index, uint32_t role)
{
    (void)role;
    return (page->lines[index].region == REGION_BEFORE ||
            page->lines[index].region == REGION_AFTER) &&
           page->lines[index].linked >= LINKED_SHARE;
}

static double page_end(const struct page *page, size_t index, uint32_t role)
{
    (void)role;
    return page->lines[index].region == REGION_AFTER && index + 12 >= page->count;
}

static const struct structure structures[STRUCTURE_COUNT] = {
    {"date", "a date", date, 0, 0},
    {"clock", "a time of day", clock_time, 0, 0},
    {"phone", "a telephone number", phone, 0, 0},
    {"email", "an e-mail address", email, 0, 0},
    {"url", "a web address", url, 0, 0},
    {"bullet", "a bullet in front", bullet, 0, 0},
    {"ellipsis", "an ellipsis at the end", ellipsis, 0, 0},
    {"dated", "a date at the end", dated, 0, 0},
    {"sentence", "reads like a sentence", sentence, 0, 0},
    {"stop", "ends as a sentence", stop, 0, 0},
    {"marks", "marks only", marks, 0, 0},
    {"numbers", "numbers and marks only", numbers, 0, 0},
    {"trail", "steps joined by > or »", trail, 0, 0},
    {"menu", "short pieces joined by bars or spaces", menu, 0, 0},
    {"pages", "page numbers in a row", pages, 0, 0},
    {"linked", "mostly links", linked, 0, 1},
    {"short-run", "in a row of short lines", short_run, 0, 0},
    {"repeated", "a line that comes again and again", repeated, 0, 0},
    {"first-line", "the first line", first_line, 0, 0},
    {"last-line", "the last line", last_line, 0, 0},
    {"heads-list", "stands over a list", heads_list, 0, 0},
    {"few-code", "a rest of code where there is little other code", few_code, 0, 0},
    {"much-code", "the document holds much code", much_code, 0, 0},
    {"repeated-marks", "marks only, again and again", repeated_marks, 0, 0},
    {"short", "short, and no sentence", short_line, 0, 0},
    {"nav-block", "in a navigation element", block_nav, 0, 1},
    {"footer-block", "in a footer element", block_footer, 0, 1},
    {"header-block", "in a header element", block_header, 0, 1},
    {"aside-block", "in an aside element", block_aside, 0, 1},
    {"form-block", "in a form", block_form, 0, 1},
    {"caption-block", "in a caption element", block_caption, 0, 1},
    {"beside", "next to its like", beside, 1, 0},
    {"wordless-above", "no word, right above its like", wordless_above, 1, 0},
    {"amid", "between other furniture", amid, 1, 0},
    {"in-list", "in the list under such a heading", in_list, 1, 1},
    {"crowded", "in a row of menus and headlines", crowded, 1, 0},
    {"before-main", "before the main part", before_main, 1, 1},
    {"after-main", "behind the main part", after_main, 1, 1},
    {"linked-in-main", "mostly links, in the main part", linked_in_main, 1, 1},
    {"linked-outside", "mostly links, outside the main part", linked_outside, 1, 1},
    {"page-end", "at the end of the page", page_end, 1, 1},
    /* The forms of blanks.c, for the role placeholder only; no line has them. */
    {"crosses", "crosses in the place of a name (XX区)", nothing, 0, 0},
    {"counted-crosses", "a cross in the place of a number (x公里)", nothing, 0, 0},
    {"stars", "stars in the place of a name (**科学院)", nothing, 0, 0},
    {"counted-stars", "stars in the place of a number (**项)", nothing, 0, 0},
    {"underscores", "a line to write on (姓名:____)", nothing, 0, 0},
    {"braces", "a name in braces ({name})", nothing, 0, 0},
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
