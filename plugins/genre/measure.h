/* measure: what is counted of a document as a whole: how much it says, how much of it is broken.
 * Label files name measures under `structure`, as they do what is counted line by line.
 */
#ifndef MEASURE_H
#define MEASURE_H

#include <stddef.h>
#include <stdint.h>

#include <taxon/plugin.h>

#include "kit/mask.h"
#include "lines.h"

/* All are named in label files; the second also tells how long a document is. */
enum measure {
    MEASURE_TEXT,
    MEASURE_CONTENT,
    MEASURE_PROSE,
    MEASURE_BROKEN,
    MEASURE_ENCODED,
    MEASURE_COUNT
};

struct measures {
    double values[MEASURE_COUNT];
};

/* The name and one line of help of a measure (index < MEASURE_COUNT). */
const char *measure_name(size_t index);
const char *measure_help(size_t index);

/* Its index, or MEASURE_COUNT for a name there is not. */
size_t measure_find(const char *name);

/* `lines` are those of the document, `mask` its page furniture. */
void measures_take(struct measures *measures, const struct taxon_document *document,
                   const struct lines *lines, const struct mask *mask);

#endif
