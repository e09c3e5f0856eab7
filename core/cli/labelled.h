/* cli/labelled: documents whose labels are known, to train on or to measure with.
 *
 *     LABEL/file, LABEL/SUBLABEL/file      a folder, which may hold folders: labels are paths in it
 *     FILE.jsonl                           an object a line: text, and label or labels; and if they
 *                                          are known title, source or host, url, weight
 *
 * Documents of one source (source, else host, else the url's host) are never parted between folds;
 * without one, documents of the same bytes are.
 */
#ifndef CLI_LABELLED_H
#define CLI_LABELLED_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define LABELLED_LABELS_MAX 64
#define LABELLED_LINE_MAX   (64u << 20) /* bytes of a line of JSONL */
#define LABELLED_DEPTH_MAX  8           /* folders in folders */

struct labelled {
    int fd; /* the document's bytes, from its beginning; the reader's own, closed by it */
    const char *name;
    const char *url; /* "" when unknown */
    const char *const *labels;
    uint32_t label_count;
    uint64_t group;
    double weight;
};

/* Takes one document; negative ends the reading with that. */
typedef int (*labelled_take)(void *data, const struct labelled *document, struct err *err);

/* Reads a folder or a JSONL file, in an order that depends on names alone. Negative, with err. */
int labelled_read(const char *path, labelled_take take, void *data, struct err *err) MUST_CHECK;

#endif
