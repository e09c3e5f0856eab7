/* kit/mask: which parts of a document are page furniture.
 *
 * Called by classifiers at the start of a document. Spans come ordered by their begin within a
 * scheme (taxon/document.h); overlapping ones are joined.
 */
#include "kit/mask.h"

#include <errno.h>
#include <string.h>

static int is_furniture(const struct taxon_span *span)
{
    return strcmp(span->scheme, "boilerplate") == 0 && span->score >= MASK_SCORE &&
           span->begin < span->end;
}

int mask_init(struct mask *mask, struct taxon_task *task, const struct taxon_document *document)
{
    struct mask_range *ranges;
    size_t count = 0;

    memset(mask, 0, sizeof(*mask));
    for (size_t i = 0; i < document->span_count; i++) {
        count += (size_t)is_furniture(
            TAXON_AT(struct taxon_span, document->spans, document->span_stride, i));
    }
    if (count == 0) {
        return 0;
    }
    ranges = task->host->alloc(task, count * sizeof(*ranges));
    if (ranges == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < document->span_count; i++) {
        const struct taxon_span *span =
            TAXON_AT(struct taxon_span, document->spans, document->span_stride, i);

        if (!is_furniture(span)) {
            continue;
        }
        if (mask->count > 0 && span->begin <= ranges[mask->count - 1].end) {
            struct mask_range *last = &ranges[mask->count - 1];

            last->end = span->end > last->end ? span->end : last->end;
        } else {
            ranges[mask->count++] = (struct mask_range){span->begin, span->end};
        }
    }
    for (size_t i = 0; i < mask->count; i++) {
        mask->bytes += ranges[i].end - ranges[i].begin;
    }
    mask->ranges = ranges;
    return 0;
}

int mask_touches(const struct mask *mask, size_t begin, size_t end)
{
    size_t low = 0;
    size_t high = mask->count;

    while (low < high) { /* the first range that ends behind `begin` */
        size_t middle = low + (high - low) / 2;

        if (mask->ranges[middle].end <= begin) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < mask->count && mask->ranges[low].begin < end;
}

int mask_touches_folded(const struct mask *mask, struct taxon_task *task, size_t begin, size_t end)
{
    size_t text_begin;
    size_t text_end;

    if (mask->count == 0 || task->host->unfold(task, begin, end, &text_begin, &text_end) < 0) {
        return 0;
    }
    return mask_touches(mask, text_begin, text_end);
}
