/* phrases: which words stand in furniture and which in main text, as learnt. */
#ifndef PHRASES_H
#define PHRASES_H

#include <stddef.h>
#include <stdint.h>

#define PHRASE_SLOTS    32768u /* words share a slot by chance, and what it says then */
#define PHRASES_MAX     48u    /* words of a line that are looked at */
#define PHRASE_UNIT     16.0f  /* a log odds of 1 in the table */
#define PHRASE_FEATURES 4

/* The slots of a folded line's words: pairs of Chinese characters; words of other scripts, and
 * pairs of them. Returns how many; at most PHRASES_MAX. */
size_t phrases_slots(const char *line, size_t len, uint16_t *out_slots);

/* Writes PHRASE_FEATURES numbers: the mean log odds, the least, that of the first words, and the
 * share of words that the table knows. Positive speaks for main text. */
void phrases_count(const int8_t *table, const uint16_t *slots, size_t count, float *out_features);

#endif
