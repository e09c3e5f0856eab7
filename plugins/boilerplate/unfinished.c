/* unfinished: whether the text goes on elsewhere.
 *
 * Called once a document, when the lines have their roles. Two signs: a line that says so (the
 * patterns under `continues` of the role files: 未完待续, continue reading), or page numbers behind
 * a text that is cut off in mid-sentence. The cut alone says little: many texts end without a stop.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "marking.h"
#include "structure.h"

#define CUT_COLUMNS    60  /* a line must be that long for its end to say something */
#define CONTINUES_MAX  160 /* columns of a line that says that the text goes on */
#define TURNS_LINES    200 /* the last lines that are looked at */
#define BODIES_MIN     3
#define SCORE_CUT      0.3
#define ADDED_BY_A_CUT 0.5 /* of what is missing to 1 */

struct sign {
    size_t line;
    double score;
    const char *reason;
};

/* Ends in a letter or a comma, where the text has stops elsewhere? */
static int is_cut(const struct line *line)
{
    return line->shape.columns >= CUT_COLUMNS && line->shape.stops + line->shape.commas >= 1 &&
           (line->shape.bits & (SHAPE_STOP | SHAPE_DATED | SHAPE_ELLIPSIS)) == 0 &&
           (line->shape.bits & (SHAPE_SENTENCE | SHAPE_LONG)) != 0;
}

/* Do nearly all other lines of the text end in a stop, so that an end without one says something?
 */
static int has_stops(const struct page *page, const struct line *last)
{
    size_t bodies = 0;
    size_t stops = 0;

    for (size_t i = 0; i < page->count; i++) {
        const struct line *line = &page->lines[i];

        if (line != last && line->role == NO_ROLE && line_is_body(line)) {
            bodies++;
            stops += (line->shape.bits & SHAPE_STOP) != 0;
        }
    }
    return bodies >= BODIES_MIN && stops * 10 >= bodies * 9;
}

/* The last line that is not furniture, if it is before `before`. */
static const struct line *last_content(const struct page *page, size_t before)
{
    for (size_t i = before; i-- > 0;) {
        if (page->lines[i].role == NO_ROLE) {
            return &page->lines[i];
        }
    }
    return NULL;
}

static void look_at_line(const struct page *page, size_t index, struct sign *sign)
{
    const struct boilerplate *boilerplate = page->boilerplate;
    const struct line *line = &page->lines[index];
    uint32_t i;

    if (line->shape.columns > CONTINUES_MAX || (line->shape.bits & SHAPE_LONG) != 0) {
        return;
    }
    candidates_find(&page->candidates, boilerplate->continues, line_text(page, index),
                    line_len(page, index));
    while ((i = candidates_take(&page->candidates)) != CANDIDATES_NONE) {
        const struct cue_item *item = &boilerplate->items[boilerplate->lists[USE_CONTINUES].ids[i]];

        if (item->weight > sign->score &&
            pattern_matches(item->folded, item->folded_len, line_text(page, index),
                            line_len(page, index))) {
            *sign = (struct sign){index, item->weight > 1 ? 1 : item->weight, item->reason};
        }
    }
}

static int32_t publish(const struct page *page, const struct sign *sign, int is_after_a_cut)
{
    const struct line *line = &page->lines[sign->line];
    struct taxon_fact fact = {.struct_size = sizeof(fact),
                              .name = "incomplete",
                              .value = "true",
                              .value_len = 4,
                              .begin = line->text_begin,
                              .end = line->text_end};
    char reason[200];
    int32_t r;

    snprintf(reason, sizeof(reason), "%s%s", sign->reason,
             is_after_a_cut ? ", behind a text that ends in mid-sentence" : "");
    fact.score = sign->score + (is_after_a_cut ? ADDED_BY_A_CUT * (1 - sign->score) : 0);
    fact.reason = reason;
    r = page->task->host->fact(page->task, &fact);
    return r == -E2BIG ? 0 : r;
}

int32_t unfinished_publish(const struct page *page)
{
    size_t from = page->count > TURNS_LINES ? page->count - TURNS_LINES : 0;
    struct sign sign = {.score = 0};
    const struct line *last;

    for (size_t i = from; i < page->count; i++) {
        look_at_line(page, i, &sign);
    }
    if (sign.score > 0) {
        last = last_content(page, sign.line);
        return publish(page, &sign, last != NULL && is_cut(last));
    }
    last = last_content(page, page->count);
    if (last == NULL || !is_cut(last) || !has_stops(page, last)) {
        return 0;
    }
    sign = (struct sign){(size_t)(last - page->lines), SCORE_CUT, "ends in mid-sentence"};
    return publish(page, &sign, 0);
}
