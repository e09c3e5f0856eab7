/* gold: the main text that a page is meant to have, as a multiset of character 5-grams, and how
 * much of a text is in it.
 */
#ifndef TESTS_TRAIN_GOLD_H
#define TESTS_TRAIN_GOLD_H

#include <stddef.h>
#include <stdint.h>

/* A multiset of 5-grams, by hash: open addressing. */
struct grams {
    uint64_t *keys;
    uint32_t *counts;
    size_t size;  /* a power of two */
    size_t total; /* grams, each as often as it comes */
};

/* The characters of a text without white space. */
struct letters {
    uint32_t *items;
    size_t count;
};

/* All of these end the program where there is no memory. */
struct letters letters_of(const char *text, size_t len);
struct grams grams_of(const struct letters *letters);
void grams_free(struct grams *grams);

/* How many grams of `letters` are in `grams`, each as often as it is there. `take` 1: those are
 * taken out. */
size_t grams_shared(struct grams *grams, const struct letters *letters, int take);

/* Puts back what the last calls with `take` took out. */
void grams_reset(struct grams *grams, const struct letters *letters);

double f1_of(double shared, double found, double wanted);

#endif
