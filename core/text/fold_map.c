/* text/fold_map: from offsets of the folded text back to the text, and forth.
 *
 * Called for each piece of evidence, so that what was found in the folded text is shown in the text
 * as it stands; and for page furniture, which is told in offsets of the text. The map itself is
 * made by fold.c.
 */
#include "text/fold.h"

#include <errno.h>
#include <stdbool.h>

/* The last run that begins at or before `offset`. */
static size_t run_of(const struct folded *folded, size_t offset)
{
    size_t low = 0;
    size_t high = folded->run_count;

    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (folded->runs[middle].folded <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static bool is_byte_for_byte(const struct folded *folded, size_t run)
{
    size_t end = run + 1 < folded->run_count ? folded->runs[run + 1].folded : folded->len;

    return end - folded->runs[run].folded == folded->runs[run].text_len;
}

int fold_unfold(const struct folded *folded, size_t begin, size_t end, size_t *out_begin,
                size_t *out_end)
{
    if (begin >= end || end > folded->len)
        return -EINVAL;

    size_t first = run_of(folded, begin);
    size_t last = run_of(folded, end - 1);
    const struct fold_run *run = &folded->runs[first];
    *out_begin = run->text;
    if (is_byte_for_byte(folded, first))
        *out_begin += begin - run->folded;
    run = &folded->runs[last];
    *out_end = (size_t)run->text + run->text_len;
    if (is_byte_for_byte(folded, last))
        *out_end = run->text + (end - run->folded);
    return 0;
}

size_t fold_position(const struct folded *folded, size_t text)
{
    size_t low = 0;
    size_t high = folded->run_count;

    while (low < high) { /* the first run that ends behind `text` */
        size_t middle = (low + high) / 2;
        const struct fold_run *run = &folded->runs[middle];
        if ((size_t)run->text + run->text_len <= text)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == folded->run_count)
        return folded->len;
    const struct fold_run *run = &folded->runs[low];
    if (text <= run->text)
        return run->folded;
    if (is_byte_for_byte(folded, low))
        return run->folded + (text - run->text);
    return low + 1 < folded->run_count ? folded->runs[low + 1].folded : folded->len;
}
