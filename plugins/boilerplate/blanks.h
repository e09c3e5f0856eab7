/* blanks: the places of a model text that its user is to fill in. */
#ifndef BLANKS_H
#define BLANKS_H

#include "lines.h"

enum blank_form {
    BLANK_CROSSES,         /* XX区 */
    BLANK_COUNTED_CROSSES, /* x公里, 第x名 */
    BLANK_STARS,           /* **科学院 */
    BLANK_COUNTED_STARS,   /* **项, 第*名 */
    BLANK_UNDERSCORES,     /* 姓名:____ */
    BLANK_BRACES,          /* {name} */
    BLANK_BRACKETS,        /* [your name]: patterns of the role's file */
    BLANK_FORMS
};

struct blank {
    size_t begin; /* folded */
    size_t end;
    enum blank_form form;
    double weight;
};

/* What was seen on the way that makes some forms doubtful. */
struct blank_doubts {
    uint32_t algebra;      /* x in a formula */
    uint32_t unpaired;     /* lines whose stars do not come in pairs, as those of emphasis do */
    uint32_t single_cross; /* blanks of one x */
};

/* Finds the blanks of the whole text, at most `room` of them. Returns how many. */
size_t blanks_find(const struct page *page, struct blank *out_blanks, size_t room,
                   struct blank_doubts *out_doubts);

#endif
