/* trainer: what the files of the training program share. */
#ifndef TESTS_TRAIN_TRAINER_H
#define TESTS_TRAIN_TRAINER_H

#include "boost.h"
#include "main_text.h"
#include "pages.h"

#define BOUND_LOW  0.25
#define BOUND_HIGH 0.5

struct plan {
    uint32_t folds;
    const char *fold_weights; /* folder; NULL: not kept */
    int is_checked;
    struct boost_options boost;
};

struct trainer {
    const struct plan *plan;
    struct pages pages;
    float *base_weights; /* of each row */
    float *targets;
    float *weights; /* those of a fit: 0 for rows left out */
    float *scores;
    uint8_t *bins;
    float *cuts;
    double *work;
    double *kept; /* by slot: lines of main text with that word; and of furniture */
    double *dropped;
    int8_t *table;
};

struct group {
    char name[64];
    double sum;
    unsigned count;
};

struct groups {
    struct group items[64];
    size_t count;
};

/* Ends the program with errno's message. */
void trainer_die(const char *what) __attribute__((noreturn));

/* Zeroed memory; ends the program where there is none. */
void *trainer_need(size_t count, size_t size);

/* The part of `folds` that the page's site is in; another one for another salt. */
uint32_t trainer_fold_of(const struct sample *page, uint32_t folds, uint64_t salt);

/* train_words.c: the site that a host belongs to: the last two names, three where the last but one
 * is none of its own. */
const char *trainer_site_of(const char *host);

/* Counts words on the pages with in[page] != 0 and writes the rows' FEATURE_PHRASES. */
void trainer_learn_phrases(struct trainer *trainer, const uint8_t *in);

/* train_write.c */
void groups_add(struct groups *groups, const char *name, double value);
void trainer_write_forests(const char *path, const struct forest *forests, const int8_t *phrases,
                           const char *card);
void trainer_write_card(const struct trainer *trainer, const struct groups *groups, char *card,
                        size_t size);
void trainer_write_parts(const struct trainer *trainer);

#endif
