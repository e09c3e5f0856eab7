/* score: sums the cues of one line.
 *
 * Called for every line, once for what it is and once for where it stands, and once more for each
 * line that is published, to say why.
 *
 * How a line is scored. Patterns and structures add their weight. So do terms, but only as far as
 * the line is made of its role's words: a word of furniture in a sentence says nothing. What is
 * counted is the letters of the line that lie in terms of the role or in the value behind such a
 * term and a colon (来源: …). Below a quarter of the line the terms add nothing, from GATE_FULL on
 * all. What reads like a sentence has something taken off from the sum of every role.
 */
#include "score.h"

#include <math.h>
#include <string.h>

#include "structure.h"

#define GATE_NONE     0.25
#define GATE_FULL     0.6
#define VALUE_COLUMNS 36
#define PATTERN_MAX   400 /* bytes of a line that patterns see */
#define EDGE_BYTES    24  /* looked at before or behind a term for other letters */

#define OFF_LONG     2.0
#define OFF_SENTENCE 0.8
#define OFF_TITLE    2.0

double score_floor(double score)
{
    return score >= 1 ? 10 : -log(1 - score);
}

double score_of(double sum)
{
    return sum <= 0 ? 0 : 1 - exp(-sum);
}

/* One line's terms. */
struct terms {
    const struct page *page;
    size_t index;
    float sums[ROLES_MAX];
    size_t covered[ROLES_MAX];   /* up to where */
    uint32_t letters[ROLES_MAX]; /* of the line, covered */
    struct score_reasons *reasons;
};

static void take_reason(struct score_reasons *reasons, uint32_t item, double weight)
{
    uint32_t place = reasons->count;

    for (uint32_t i = 0; i < reasons->count; i++) {
        if (reasons->items[i] == item) {
            return;
        }
    }
    while (place > 0 && reasons->weights[place - 1] < weight) {
        place--;
    }
    if (place == SCORE_REASONS) {
        return;
    }
    if (reasons->count < SCORE_REASONS) {
        reasons->count++;
    }
    for (uint32_t i = reasons->count - 1; i > place; i--) {
        reasons->items[i] = reasons->items[i - 1];
        reasons->weights[i] = reasons->weights[i - 1];
    }
    reasons->items[place] = item;
    reasons->weights[place] = weight;
}

static int may_stand(const struct page *page, size_t index, uint32_t role)
{
    uint32_t at = page->boilerplate->roles[role].at;

    return at == 0 || (at & page->lines[index].at) != 0;
}

/* Words and forms say nothing of a line that is too long for the role; its element and its part of
 * the page do. */
static int may_match(const struct page *page, size_t index, const struct cue_item *item)
{
    return page->lines[index].shape.columns <= page->boilerplate->roles[item->role].max ||
           (item->structure != NO_STRUCTURE && structure_at(item->structure)->any_length);
}

/* Does the hit stand where its cue wants it? */
static int is_in_place(const struct page *page, size_t index, uint32_t at, size_t begin, size_t end)
{
    const struct line *line = &page->lines[index];
    const char *folded = page->document->folded;

    if ((at & (AT_HEAD | AT_TAIL)) != 0 && (at & line->at & (AT_HEAD | AT_TAIL)) == 0) {
        return 0;
    }
    if ((at & AT_LINE_BEGIN) != 0 &&
        (begin - line->begin > EDGE_BYTES ||
         shape_letters(folded + line->begin, begin - line->begin) > 0)) {
        return 0;
    }
    return (at & AT_LINE_END) == 0 ||
           (line->end - end <= EDGE_BYTES && shape_letters(folded + end, line->end - end) == 0);
}

/* Where the value behind a key and its colon ends; `end` when there is no colon. */
static size_t value_end(const char *folded, size_t end, size_t line_end)
{
    uint32_t columns = 0;
    size_t at = end;

    at += at < line_end && folded[at] == ' ';
    if (at == line_end || folded[at] != ':') {
        return end;
    }
    while (at < line_end && columns < VALUE_COLUMNS) {
        unsigned char lead = (unsigned char)folded[at];

        if (lead == '|' || lead == ',' || lead == ';' ||
            (line_end - at >= 3 && memcmp(folded + at, "。", 3) == 0)) {
            break;
        }
        columns += lead >= 0xE3 ? 2 : 1;
        at += pattern_character(folded + at, line_end - at);
    }
    return at;
}

static void take_hit(void *data, uint32_t id, size_t begin, size_t end)
{
    struct terms *terms = data;
    const struct page *page = terms->page;
    const struct cue_item *item = &page->boilerplate->items[id];
    const char *folded = page->document->folded;
    size_t from;
    size_t to;

    if (page->lines[terms->index].shape.columns > page->boilerplate->roles[item->role].max ||
        !is_in_place(page, terms->index, item->at, begin, end)) {
        return;
    }
    terms->sums[item->role] += (float)item->weight;
    if (terms->reasons != NULL && terms->reasons->role == item->role && item->weight > 0) {
        take_reason(terms->reasons, id, item->weight);
    }
    from = terms->covered[item->role] > begin ? terms->covered[item->role] : begin;
    to = value_end(folded, end, page->lines[terms->index].end);
    if (to > from) {
        terms->letters[item->role] += shape_letters(folded + from, to - from);
        terms->covered[item->role] = to;
    }
}

static void score_terms(const struct page *page, size_t index, float *out_sums,
                        struct score_reasons *reasons)
{
    const struct line *line = &page->lines[index];
    struct terms terms = {.page = page, .index = index, .reasons = reasons};

    if (line->shape.columns > page->boilerplate->max || (line->shape.bits & SHAPE_LONG) != 0) {
        return; /* no words of furniture make up such a line */
    }
    lexicon_scan(page->boilerplate->lexicon, page->document->folded, line->end, line->begin,
                 line->end, take_hit, &terms);
    for (uint32_t i = 0; i < page->boilerplate->labels.count; i++) {
        double share =
            line->shape.letters == 0 ? 0 : (double)terms.letters[i] / line->shape.letters;
        double gate = (share - GATE_NONE) / (GATE_FULL - GATE_NONE);

        if (gate > 0) {
            out_sums[i] += terms.sums[i] * (float)(gate < 1 ? gate : 1);
        }
    }
}

/* A pattern that wants to see the end of a line does not match one that was cut. */
static int matches(const struct cue_item *item, const char *text, size_t len, size_t cut)
{
    if (cut < len && item->folded[item->folded_len - 1] != '*') {
        return 0;
    }
    return pattern_matches(item->folded, item->folded_len, text, cut);
}

static size_t cut_line(const char *text, size_t len)
{
    size_t cut = len < PATTERN_MAX ? len : PATTERN_MAX;

    while (cut < len && cut > 0 && ((unsigned char)text[cut] & 0xC0) == 0x80) {
        cut--;
    }
    return cut;
}

/* Adds an item's weight to the sum of its role. */
static void take_item(const struct page *page, uint32_t id, double weight, float *out_sums,
                      struct score_reasons *reasons)
{
    uint32_t role = page->boilerplate->items[id].role;

    out_sums[role] += (float)weight;
    if (weight > 0 && reasons != NULL && reasons->role == role) {
        take_reason(reasons, id, weight);
    }
}

static int is_eligible(const struct page *page, size_t index, const struct cue_item *item)
{
    return may_stand(page, index, item->role) && may_match(page, index, item) &&
           (item->at == 0 || (item->at & page->lines[index].at) != 0);
}

static void score_patterns(const struct page *page, size_t index, float *out_sums,
                           struct score_reasons *reasons)
{
    const struct boilerplate *boilerplate = page->boilerplate;
    const struct item_list *list = &boilerplate->lists[USE_PATTERN];
    const char *text = line_text(page, index);
    size_t len = line_len(page, index);
    size_t cut = cut_line(text, len);
    uint32_t i;

    if (page->lines[index].shape.columns > boilerplate->max) {
        return;
    }
    candidates_find(&page->candidates, boilerplate->patterns, text, cut);
    while ((i = candidates_take(&page->candidates)) != CANDIDATES_NONE) {
        const struct cue_item *item = &boilerplate->items[list->ids[i]];

        if (is_eligible(page, index, item) && matches(item, text, len, cut)) {
            take_item(page, list->ids[i], item->weight, out_sums, reasons);
        }
    }
}

static void score_structures(const struct page *page, size_t index, enum item_use use,
                             float *out_sums, struct score_reasons *reasons)
{
    const struct boilerplate *boilerplate = page->boilerplate;
    const struct item_list *list = &boilerplate->lists[use];

    for (uint32_t i = 0; i < list->count; i++) {
        const struct cue_item *item = &boilerplate->items[list->ids[i]];

        if (is_eligible(page, index, item)) {
            double much = structure_at(item->structure)->measure(page, index, item->role);

            if (much != 0) {
                take_item(page, list->ids[i], much * item->weight, out_sums, reasons);
            }
        }
    }
}

/* What is taken off from every role, since the line looks like a part of the text. */
static double taken_off(const struct line *line)
{
    double off = (line->shape.bits & SHAPE_LONG) != 0       ? OFF_LONG
                 : (line->shape.bits & SHAPE_SENTENCE) != 0 ? OFF_SENTENCE
                                                            : 0;

    return off + (line->is_title ? OFF_TITLE : 0);
}

void score_line(const struct page *page, size_t index, int late, float *out_sums,
                struct score_reasons *reasons)
{
    const struct line *line = &page->lines[index];
    double off = taken_off(line);

    if (line->shape.columns > page->boilerplate->max && !page->is_html && line->listed == 0) {
        return; /* the bulk of a plain text */
    }
    score_structures(page, index, late ? USE_LATE : USE_STRUCTURE, out_sums, reasons);
    if (!late) {
        score_patterns(page, index, out_sums, reasons);
        score_terms(page, index, out_sums, reasons);
    } else if (line->region == REGION_BEFORE || line->region == REGION_AFTER) {
        off = line->is_title ? 0 : -off; /* outside the main part it was taken off for nothing */
    } else {
        return;
    }
    for (uint32_t i = 0; i < page->boilerplate->labels.count; i++) {
        out_sums[i] -= (float)off;
    }
}

void score_decide(struct page *page, size_t index)
{
    size_t count = page->boilerplate->labels.count;
    const float *sums = page->sums + index * count;
    struct line *line = &page->lines[index];

    line->role = NO_ROLE;
    line->sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (sums[i] > line->sum && sums[i] >= page->boilerplate->roles[i].floor &&
            i != page->boilerplate->known.placeholder && may_stand(page, index, i)) {
            line->role = i;
            line->sum = sums[i];
        }
    }
}
