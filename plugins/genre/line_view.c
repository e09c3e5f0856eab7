/* line_view: spares a line the counters that cannot find anything in it.
 *
 * Called by count.c for every line. Nearly all lines hold nothing of nearly all structures, and
 * most of these need a character that the line does not have: a colon, a bar, a figure. So all
 * bytes of the line are looked up in one table, once, and each counter is asked only where what it
 * needs (structure.c) was there. Chinese figures are no bytes of their own: they are looked for
 * when the first counter needs a number of either kind and there is no Arabic one.
 */
#include "line_view.h"

#include "kit/pattern.h"
#include "structure.h"

static const uint8_t classes[256] = {
    ['0' ... '9'] = HOLDS_DIGIT,
    [':'] = HOLDS_COLON,
    ['|'] = HOLDS_BAR,
    ['-'] = HOLDS_DASH,
    ['?'] = HOLDS_QUESTION,
    [0xE2] = HOLDS_DASH | HOLDS_QUOTE, /* dashes and curved quotation marks are U+2013 to U+201D */
    [0xE3] = HOLDS_QUOTE,              /* 「 is U+300C */
};

static uint32_t look(const char *text, size_t len)
{
    uint32_t holds = 0;

    for (size_t i = 0; i < len; i++) {
        holds |= classes[(unsigned char)text[i]];
    }
    return holds;
}

static int has_number(struct line_view *view)
{
    if (view->numbers == 0) {
        view->numbers = (view->holds & HOLDS_DIGIT) != 0 ||
                                pattern_next_number(view->text, view->len, 0) < view->len
                            ? 2
                            : 1;
    }
    return view->numbers == 2;
}

static uint32_t count(struct line_view *view, uint32_t index)
{
    const struct structure *structure = structure_at(index);

    if (structure->needs != 0) {
        if (!view->looked) {
            view->holds = look(view->text, view->len);
            view->looked = 1;
        }
        if ((structure->needs & HOLDS_NUMBER) != 0 ? !has_number(view)
                                                   : (structure->needs & view->holds) == 0) {
            return 0;
        }
    }
    return structure->count(view->text, view->len);
}

/* Of several sets each may ask for the same. */
uint32_t line_view_count(struct line_view *view, uint32_t index)
{
    if (view->counted != index + 1) {
        view->counted = index + 1;
        view->count = count(view, index);
    }
    return view->count;
}
