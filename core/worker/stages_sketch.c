/* worker/stages_sketch: the last step at a document: the sketch of its text, by which near-
 * duplicates are found.
 *
 * Called by worker/stages behind the classifiers. What they called page furniture is left out, so
 * that a copy on another site is still one. Whom the document is like is the supervisor's to find
 * out: nothing is compared here.
 */
#include "worker/stages_sketch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text/shingles.h"

#define FURNITURE_SCHEME "boilerplate"
#define FURNITURE_SCORE  0.5 /* as for streams of clean text: as likely as not */

static int compare_ranges(const void *a, const void *b)
{
    const struct shingle_range *left = a;
    const struct shingle_range *right = b;

    return (left->begin > right->begin) - (left->begin < right->begin);
}

/* In offsets of the folded text. NULL without memory. */
static struct shingle_range *find_furniture(struct stages *stages, size_t *out_count)
{
    const struct reply_span *spans = ROWS(&stages->results.spans, struct reply_span);
    size_t span_count = ROW_COUNT(&stages->results.spans, struct reply_span);
    struct shingle_range *ranges = arena_alloc(&stages->arena, (span_count + 1) * sizeof ranges[0]);
    size_t count = 0;

    for (size_t i = 0; ranges != NULL && i < span_count; i++) {
        const struct reply_span *span = &spans[i];
        if (span->score < FURNITURE_SCORE || strcmp(span->scheme, FURNITURE_SCHEME) != 0)
            continue;
        ranges[count].begin = fold_position(&stages->folded, (size_t)span->begin);
        ranges[count++].end = fold_position(&stages->folded, (size_t)span->end);
    }
    if (count > 0)
        qsort(ranges, count, sizeof ranges[0], compare_ranges);
    *out_count = count;
    return ranges;
}

int stages_sketch(struct stages *stages)
{
    struct shingle_range *furniture;
    struct minhash sketch;
    uint8_t data[MINHASH_SIZE];
    size_t count = 0;

    furniture = find_furniture(stages, &count);
    if (furniture == NULL)
        return -ENOMEM;
    if (!shingles_sketch(&stages->folded, furniture, count, &sketch))
        return 0;
    minhash_pack(&sketch, data);
    struct reply_signature row = {
        .name = REPLY_MINHASH,
        .data = arena_memdup(&stages->arena, data, sizeof data),
        .data_len = sizeof data,
        .plugin = REPLY_CORE,
    };
    return row.data == NULL ? -ENOMEM
                            : results_add_row(&stages->results.signatures, &row, sizeof row);
}
