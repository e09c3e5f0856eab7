/* blank_forms: finds what looks like a blank of a model text.
 *
 * Called by blanks.c, which decides from all of them whether the text is one. One pass over the
 * folded text; only at x, ×, *, _, { and [ is anything looked at closer, and no farther than a line
 * or FAR bytes.
 */
#include <string.h>

#include "blanks.h"

#define RUN_MAX      12 /* marks of one blank; a longer row of stars or crosses is an ornament */
#define FAR          60 /* bytes of a bracketed blank, at most and */
#define BRACKETS_MIN 5  /* at least */

struct search {
    const struct page *page;
    const char *text;
    size_t len;
    struct blank *blanks;
    size_t count;
    size_t room;
    uint32_t stars[3]; /* rows of one, two, three stars in this line */
    struct blank_doubts *doubts;
};

static int is_alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

/* Chinese, or a quotation mark of it. */
static int is_han_before(const struct search *search, size_t at)
{
    const unsigned char *p = (const unsigned char *)search->text + at;

    return at >= 3 && (p[-3] >= 0xE3 || (p[-3] == 0xE2 && p[-2] == 0x80)) && p[-1] >= 0x80;
}

static int is_han_at(const struct search *search, size_t at)
{
    const unsigned char *p = (const unsigned char *)search->text + at;

    return search->len - at >= 3 && (p[0] >= 0xE3 || (p[0] == 0xE2 && p[1] == 0x80));
}

static int starts(const struct search *search, size_t at, const char *with, size_t size)
{
    return size <= search->len - at && memcmp(search->text + at, with, size) == 0;
}

static int ends(const struct search *search, size_t at, const char *with)
{
    size_t size = strlen(with);

    return size <= at && memcmp(search->text + at - size, with, size) == 0;
}

/* The weight of the unit that stands at `at` (公里, 亿元); 0 when none does. */
static double unit_at(const struct search *search, size_t at)
{
    const struct boilerplate *boilerplate = search->page->boilerplate;

    for (uint32_t i = 0; i < boilerplate->lists[USE_UNIT].count; i++) {
        const struct cue_item *item = &boilerplate->items[boilerplate->lists[USE_UNIT].ids[i]];

        if (starts(search, at, item->folded, item->folded_len)) {
            return item->weight;
        }
    }
    return 0;
}

static void add(struct search *search, size_t begin, size_t end, enum blank_form form,
                double weight)
{
    if (search->count < search->room) {
        search->blanks[search->count++] = (struct blank){begin, end, form, weight};
    }
}

/* A row of crosses that touches no letter or digit. */
static void look_at_crosses(struct search *search, size_t begin, size_t end, size_t marks)
{
    const char *text = search->text;
    double unit = unit_at(search, end);
    int is_counted = unit > 0 && begin > 0;

    if ((begin > 0 && is_alphanumeric(text[begin - 1])) || is_alphanumeric(text[end])) {
        return;
    }
    if (is_counted || (ends(search, begin, "第") && is_han_at(search, end))) {
        search->doubts->single_cross += marks == 1;
        add(search, begin, end, BLANK_COUNTED_CROSSES, is_counted ? unit : 0);
    } else if (marks >= 2 && marks != 3 &&
               (is_han_before(search, begin) || is_han_at(search, end)) && text[end] != '.') {
        add(search, begin, end, BLANK_CROSSES, 0);
    }
}

static int is_algebra(const struct search *search, size_t begin, size_t end)
{
    char before = begin > 0 ? search->text[begin - 1] : ' ';
    char after = search->text[end];

    return (after != '\0' && strchr("=+-^<>*/)", after) != NULL) ||
           (before != ' ' && strchr("=+-^<>*/(0123456789", before) != NULL);
}

static size_t take_crosses(struct search *search, size_t at, const char *mark)
{
    size_t size = strlen(mark);
    size_t end = at;
    size_t marks = 0;

    while (starts(search, end, mark, size)) {
        end += size;
        marks++;
    }
    if (marks == 1 && is_algebra(search, at, end)) {
        search->doubts->algebra++;
    } else if (marks <= RUN_MAX && (size == 1 || marks >= 2)) { /* one × is a sign, not a blank */
        look_at_crosses(search, at, end, marks);
    }
    return end;
}

static size_t take_stars(struct search *search, size_t at)
{
    size_t end = at;
    double unit;
    int is_ordinal;

    while (end < search->len && search->text[end] == '*') {
        end++;
    }
    if (end - at > RUN_MAX) {
        return end;
    }
    search->stars[end - at > 3 ? 2 : end - at - 1]++;
    unit = unit_at(search, end);
    is_ordinal = ends(search, at, "第");
    if (!is_han_before(search, at) && unit == 0) {
        return end;
    }
    if (unit > 0 || is_ordinal) {
        add(search, at, end, BLANK_COUNTED_STARS, unit);
    } else if (is_han_before(search, at) && is_han_at(search, end)) {
        add(search, at, end, BLANK_STARS, 0);
    }
    return end;
}

/* A row of low lines beside words; alone on its line it is a rule. */
static size_t take_underscores(struct search *search, size_t at)
{
    const char *text = search->text;
    size_t end = at;
    size_t before = at;

    while (end < search->len && text[end] == '_') {
        end++;
    }
    while (before > 0 && text[before - 1] == ' ') {
        before--;
    }
    if (end - at >= 3 && end - at <= 200 && before > 0 && text[before - 1] != '\n' &&
        text[before - 1] != '|' && !(is_alphanumeric(text[at - 1]) && is_alphanumeric(text[end]))) {
        add(search, at, end, BLANK_UNDERSCORES, 0);
    }
    return end;
}

static size_t take_braces(struct search *search, size_t at)
{
    const char *text = search->text;
    size_t end = at + 1;

    while (end < search->len && end - at < 26 &&
           ((text[end] >= 'a' && text[end] <= 'z') || text[end] == '_' ||
            (unsigned char)text[end] >= 0x80)) {
        end++;
    }
    if (end < search->len && text[end] == '}' && end - at > 2 && text[end + 1] != '}' &&
        text[end + 1] != ';' &&
        (at == 0 || strchr(" \n(\",:", text[at - 1]) != NULL ||
         (unsigned char)text[at - 1] >= 0x80)) {
        add(search, at, end + 1, BLANK_BRACES, 0);
        return end + 1;
    }
    return at + 1;
}

/* What stands in brackets, against the patterns of the role's file. */
static size_t take_brackets(struct search *search, size_t at, const char *closing)
{
    const struct boilerplate *boilerplate = search->page->boilerplate;
    size_t reach = search->len - at < FAR ? search->len - at : FAR;
    const char *close = memmem(search->text + at, reach, closing, strlen(closing));
    size_t size;

    if (close == NULL || memchr(search->text + at, '\n', (size_t)(close - search->text) - at)) {
        return at + 1;
    }
    size = (size_t)(close - search->text) + strlen(closing) - at;
    if (size < BRACKETS_MIN) {
        return at + 1;
    }
    for (uint32_t i = 0; i < boilerplate->lists[USE_BLANK].count; i++) {
        const struct cue_item *item = &boilerplate->items[boilerplate->lists[USE_BLANK].ids[i]];

        if (item->kind == CUE_LINES &&
            pattern_matches(item->folded, item->folded_len, search->text + at, size)) {
            add(search, at, at + size, BLANK_BRACKETS, item->weight);
            return at + size;
        }
    }
    return at + 1;
}

static size_t end_line(struct search *search, size_t at)
{
    for (int i = 0; i < 3; i++) {
        search->doubts->unpaired += search->stars[i] % 2;
        search->stars[i] = 0;
    }
    return at + 1;
}

/* Bytes to the next one to look at; 0: look_at has a case for this one. Ideographs, which are most
 * of a Chinese text, are gone over whole. */
static const uint8_t steps[256] = {[0 ... '\n' - 1] = 1,
                                   ['\n' + 1 ... '(' - 1] = 1,
                                   ['('] = 0,
                                   [')'] = 1,
                                   ['*'] = 0,
                                   ['+' ... '<' - 1] = 1,
                                   ['<' + 1 ... '[' - 1] = 1,
                                   ['\\' ... '_' - 1] = 1,
                                   ['_' + 1 ... 'x' - 1] = 1,
                                   ['y' ... 'z'] = 1,
                                   ['{' + 1 ... 0xC2] = 1,
                                   [0xC4 ... 0xE2] = 1,
                                   [0xE4 ... 0xE9] = 3,
                                   [0xEA ... 0xFF] = 1};

static size_t look_at(struct search *search, size_t at)
{
    switch ((unsigned char)search->text[at]) {
    case 'x':
        return take_crosses(search, at, "x");
    case 0xC3:
        return starts(search, at, "×", 2) ? take_crosses(search, at, "×") : at + 2;
    case '*':
        return take_stars(search, at);
    case '_':
        return take_underscores(search, at);
    case '{':
        return take_braces(search, at);
    case '[':
        return take_brackets(search, at, "]");
    case '<':
        return take_brackets(search, at, ">");
    case '(':
        return take_brackets(search, at, ")");
    case 0xE3:
        return starts(search, at, "【", 3) ? take_brackets(search, at, "】") : at + 3;
    case '\n':
        return end_line(search, at);
    default:
        return at + 1;
    }
}

size_t blanks_find(const struct page *page, struct blank *out_blanks, size_t room,
                   struct blank_doubts *out_doubts)
{
    struct search search = {.page = page,
                            .text = page->document->folded,
                            .len = page->document->folded_len,
                            .blanks = out_blanks,
                            .room = room,
                            .doubts = out_doubts};
    size_t at = 0;
    size_t asked = 0;

    *out_doubts = (struct blank_doubts){0};
    while (at < search.len && search.count < room) {
        size_t step = steps[(unsigned char)search.text[at]];

        at = step > 0 ? at + step : look_at(&search, at);
        if (at - asked > 65536) {
            asked = at;
            if (page->task->host->should_stop(page->task)) {
                return search.count;
            }
        }
    }
    end_line(&search, at);
    return search.count;
}
