/* line_features: what is counted of each line of an HTML page, for the weights to weigh. */
#ifndef FEATURES_H
#define FEATURES_H

#include <stddef.h>
#include <stdint.h>

#include "phrases.h"

struct page;

#define SHAPE_BITS    13 /* SHAPE_… of shape.h */
#define ELEMENT_BITS  22 /* TAXON_IN_… */
#define NAME_BITS     32 /* TAXON_NAME_… */
#define KNOWN_ROLES   15 /* roles that are counted one by one, by their ids */
#define NEIGHBOUR     6  /* features of a line beside */
#define AROUND        6  /* features of a container around */
#define OF_PAGE_NAMES 6
#define CONTEXT_COUNT 20 /* what a first look said of the lines around; 0 before it */

/* X(name, how many, what a reason calls it). Weights name features by their index: to change
 * anything here is to change FEATURES_VERSION and to train anew. */
#define FEATURES_LIST(X)                                                                           \
    X(KIND, 1, "kind of block")                                                                    \
    X(LEVEL, 1, "level")                                                                           \
    X(DEPTH, 1, "depth")                                                                           \
    X(COLUMNS, 1, "length")                                                                        \
    X(LINKED, 1, "links")                                                                          \
    X(LETTERS, 1, "share of letters")                                                              \
    X(DIGITS, 1, "share of digits")                                                                \
    X(SPACES, 1, "spaces")                                                                         \
    X(STOPS, 1, "stops")                                                                           \
    X(STOP_DENSITY, 1, "density of stops")                                                         \
    X(COMMAS, 1, "commas")                                                                         \
    X(BARS, 1, "bars")                                                                             \
    X(TRAILS, 1, "steps of a trail")                                                               \
    X(CODE, 1, "marks of code")                                                                    \
    X(SHAPE, SHAPE_BITS, "form")                                                                   \
    X(RUN, 1, "run of short lines")                                                                \
    X(SAME, 1, "repeated")                                                                         \
    X(IS_TITLE, 1, "title")                                                                        \
    X(IN_TITLE, 1, "words of the title")                                                           \
    X(OF_TITLE, 1, "likeness to the title")                                                        \
    X(LISTED, 1, "listed under furniture")                                                         \
    X(REGION, 1, "part of the page")                                                               \
    X(ROLE_SUM, 1, "words of furniture")                                                           \
    X(ROLE, KNOWN_ROLES, "words of a role")                                                        \
    X(PLACE, 1, "place on the page")                                                               \
    X(INDEX, 1, "lines above")                                                                     \
    X(TEXT_ABOVE, 1, "text above")                                                                 \
    X(TEXT_BELOW, 1, "text below")                                                                 \
    X(BODY_ABOVE, 1, "distance to the text above")                                                 \
    X(BODY_BELOW, 1, "distance to the text below")                                                 \
    X(TITLE_ABOVE, 1, "place beside the title")                                                    \
    X(HEADING_ABOVE, 1, "distance to a heading")                                                   \
    X(HEADING_LEVEL, 1, "level of the heading above")                                              \
    X(HEADING_ROLE, 1, "words of the heading above")                                               \
    X(JOINT_ABOVE, 1, "tie to the line above")                                                     \
    X(JOINT_BELOW, 1, "tie to the line below")                                                     \
    X(ELEMENTS, ELEMENT_BITS, "elements around")                                                   \
    X(NAMES, NAME_BITS, "names of elements around")                                                \
    X(NEAR, NAME_BITS, "name of the nearest element")                                              \
    X(ABOVE_1, NEIGHBOUR, "line above")                                                            \
    X(ABOVE_2, NEIGHBOUR, "lines above")                                                           \
    X(BELOW_1, NEIGHBOUR, "line below")                                                            \
    X(BELOW_2, NEIGHBOUR, "lines below")                                                           \
    X(AROUND_1, AROUND, "container")                                                               \
    X(AROUND_2, AROUND, "container of the container")                                              \
    X(AROUND_3, AROUND, "containers around")                                                       \
    X(AROUND_5, AROUND, "wide containers around")                                                  \
    X(ALIKE, 4, "lines in like places")                                                            \
    X(WIDEST, 3, "distance to the largest text")                                                   \
    X(MAIN_50, 3, "distance to the main text")                                                     \
    X(MAIN_85, 3, "place outside the main text")                                                   \
    X(PAGE_LINES, 1, "lines of the page")                                                          \
    X(PAGE_COLUMNS, 1, "text of the page")                                                         \
    X(PAGE_LINKED, 1, "links of the page")                                                         \
    X(PAGE_BODY, 1, "sentences of the page")                                                       \
    X(PAGE_HEADINGS, 1, "headings of the page")                                                    \
    X(PAGE_ITEMS, 1, "list items of the page")                                                     \
    X(PAGE_CODE, 1, "code of the page")                                                            \
    X(PAGE_HAN, 1, "Chinese text")                                                                 \
    X(PAGE_NAMES, OF_PAGE_NAMES, "kind of page")                                                   \
    X(PHRASES, PHRASE_FEATURES, "words")                                                           \
    X(CONTEXT, CONTEXT_COUNT, "lines around")

#define FEATURE_PLACE(name, count, words)                                                          \
    FEATURE_##name, FEATURE_##name##_LAST = FEATURE_##name + (count)-1,

enum feature { FEATURES_LIST(FEATURE_PLACE) FEATURES_COUNT };

#define FEATURES_VERSION 1u

/* What is around a line: two containers, as runs of lines. */
struct surroundings {
    float weight; /* of the line, by its length */
    uint32_t near_begin;
    uint32_t near_end;
    uint32_t wide_begin;
    uint32_t wide_end;
    uint32_t like; /* the first line in a like place: of the same path of elements */
};

struct line_features {
    float *rows; /* FEATURES_COUNT numbers a line, all finite */
    struct surroundings *around;
};

/* Counts; the page has been looked at as a whole (mark.c), so that lines have regions and sums.
 * Lives as long as the task. 0 or -ENOMEM. */
int line_features_of(const struct page *page, struct line_features *out_features);

/* 1: the role of this id is one that is counted; *out_by_words: words alone make it, and no place
 * on the page. */
int line_feature_role(const char *id, int *out_by_words);

/* What a reason calls feature `index`. */
const char *line_feature_words(uint32_t index);

#endif
