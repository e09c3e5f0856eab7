/* text/fold: the folded text, which all matching uses, and its map back to the text.
 *
 * Folding: pinyin glosses in parentheses after a Han character dropped (發(fā)布會(huì)),
 * Traditional to Simplified (one to one by OpenCC's character table, with phrase exceptions), full
 * width to half width, lower case (ASCII, Latin, Greek, Cyrillic), white space collapsed (a run
 * that holds a line end is one '\n', else one ' '; none at either end), character references that
 * were encoded twice (three or more: &nbsp;) read as what they stand for, format characters (zero
 * width, soft hyphen, U+FEFF, variation selectors) dropped. Pure: same input, same output.
 */
#ifndef TEXT_FOLD_H
#define TEXT_FOLD_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* A run of the map: folded bytes from `folded` up to the next run's `folded` come from text bytes
 * [text, text + text_len). Equal lengths: byte for byte; else the run is one unit. */
struct fold_run {
    uint32_t folded;
    uint32_t text;
    uint32_t text_len;
};

struct folded {
    const char *text; /* NUL-terminated, in the arena */
    size_t len;
    const struct fold_run *runs; /* ascending */
    size_t run_count;
    uint32_t glosses;     /* pinyin glosses dropped */
    uint32_t traditional; /* characters changed by Traditional to Simplified */
    uint32_t full_width;  /* characters changed by width */
};

/* Folds valid UTF-8; of other bytes it makes nonsense, within its bounds. Result in `arena`. 0,
 * -ENOMEM, or -EFBIG beyond 3 GiB. */
int fold_text(struct arena *arena, const char *text, size_t len, struct folded *out_folded);

/* Text offsets of folded [begin, end), begin < end <= len; -EINVAL otherwise. O(log runs). */
int fold_unfold(const struct folded *folded, size_t begin, size_t end, size_t *out_begin,
                size_t *out_end);

/* The first folded offset that comes from text at or behind `text`; `len` when there is none.
 * O(log runs). */
size_t fold_position(const struct folded *folded, size_t text);

#endif
