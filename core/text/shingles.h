/* text/shingles: the sketch of a document's text, by which near-duplicates are found.
 *
 * A shingle (Broder 1997) is a 5-gram of the folded text: so many of its tokens in a row that their
 * weights come to SHINGLE_WEIGHT. A token is a character of a script that is written without
 * spaces (Han, kana, Hangul, Thai …), of weight 1, or a word of letters and digits, of weight 2:
 * five Chinese characters, three English words. White space and punctuation count for nothing, so
 * that wrapping and quotation marks do not either.
 */
#ifndef TEXT_SHINGLES_H
#define TEXT_SHINGLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/minhash.h"
#include "text/fold.h"

#define SHINGLE_WEIGHT 5u
#define SHINGLES_LEAST 32u /* a text of fewer says too little to be like another */

/* A part of the folded text, in bytes. */
struct shingle_range {
    size_t begin;
    size_t end;
};

/* Gives the hash of each shingle of `folded` without the `skipped` ranges, which ascend by their
 * begin and may overlap. What stands on both sides of one is taken as standing together. */
void shingles_each(const struct folded *folded, const struct shingle_range *skipped,
                   size_t skipped_count, void (*found)(void *context, uint64_t hash),
                   void *context);

/* A sketch of them. False when there are fewer than
 * SHINGLES_LEAST shingles. */
bool shingles_sketch(const struct folded *folded, const struct shingle_range *skipped,
                     size_t skipped_count, struct minhash *out_sketch);

#endif
