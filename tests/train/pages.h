/* pages: the labelled pages that weights are trained on, read as the daemon reads them. */
#ifndef TESTS_TRAIN_PAGES_H
#define TESTS_TRAIN_PAGES_H

#include "gold.h"
#include "line_features.h"

struct page_line {
    size_t begin; /* of the page's letters */
    size_t end;
    uint16_t slots[PHRASES_MAX]; /* of its words */
    size_t slot_count;
    float target; /* share of it that is main text, 0..1 */
    float weight; /* share of the page that it is */
};

struct sample {
    char id[32];
    char host[128];
    char group[64]; /* language and type */
    struct letters gold;
    struct grams grams; /* of the gold */
    struct letters letters;
    struct page_line *lines;
    size_t line_count;
    size_t first; /* its first row among all */
};

struct pages {
    struct sample *items;
    size_t count;
    float *rows; /* FEATURES_COUNT a line, of all pages */
    struct surroundings *around;
    size_t row_count;
};

/* Reads FOLDER/index.tsv, FOLDER/html/ID.html and FOLDER/gold/ID.txt. `reader` is the html plugin
 * as built, `definitions` the folder of role files. Ends the program on errors. */
void pages_read(const char *reader, const char *definitions, const char *folder,
                struct pages *out_pages);

/* F1 of the page when the lines with kept[i] != 0 are kept. */
double page_f1(struct sample *page, const unsigned char *kept);

#endif
